"""smskit-admin webhooks: the same operations as the API, from a terminal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from smskit_admin.cli import app
from tests.support import deployment, seeds
from tests.support.aws import Cloud
from tests.support.webhooks import Webhooks


@pytest.fixture(autouse=True)
def _deployed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stacks of the emulator, whose outputs name the tables and queues of this cloud."""
    deployment.deploy("emulator")
    monkeypatch.setenv("SMSKIT_ENV", "emulator")
    monkeypatch.setenv("WEBHOOK_LOCAL", "")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["webhooks", *arguments])


def run_json(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_an_endpoint_is_made_listed_and_given_a_new_secret(cloud: Cloud) -> None:
    account = seeds.tenant().account_id
    where = ("--account", account)
    assert "No webhooks yet" in run("list", *where).output
    made = run_json("create", *where, "--url", "http://127.0.0.1:9000/hooks", "--event", "sms:delivered")
    assert made["secret"].startswith("whsec_")
    (listed,) = run_json("list", *where)["webhooks"]
    assert listed["webhookId"] == made["webhookId"] and "secret" not in listed
    rotated = run_json("rotate", *where, "--webhook", made["webhookId"])
    assert rotated["secret"] != made["secret"]
    assert "shown this once" in run("rotate", *where, "--webhook", made["webhookId"]).output


def test_an_endpoint_is_shown_changed_and_removed(cloud: Cloud) -> None:
    where = ("--account", seeds.tenant().account_id)
    made = run_json("create", *where, "--url", "http://127.0.0.1:9000/hooks", "--event", "sms:delivered")
    where = (*where, "--webhook", made["webhookId"])
    changed = run_json("change", *where, "--event", "sms:sent", "--event", "sms:failed")
    assert (changed["url"], changed["events"]) == ("http://127.0.0.1:9000/hooks", ["sms:sent", "sms:failed"])
    run_json("change", *where, "--url", "http://127.0.0.1:9001/hooks")
    assert run_json("show", *where)["url"] == "http://127.0.0.1:9001/hooks"
    run_json("remove", *where)
    assert run("show", *where).exit_code == 1


def test_pings_and_replays_are_queued_and_their_outcome_is_listed(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    where = ("--account", hooks.account_id, "--webhook", webhook_id)
    run_json("ping", *where)
    hooks.send()
    assert "HTTP 500" in run("deliveries", *where).output
    hooks.clock.shift(1)
    hooks.happen()
    hook.rule = 200
    hooks.recover()
    hooks.clock.shift(1)
    page = run_json("deliveries", *where, "--limit", "1")
    assert page["hasMore"] is True
    (entry,) = page["deliveries"]
    run_json("replay", *where, "--delivery", entry["deliveryId"])
    hooks.send()
    assert len(hook.events("sms:delivered")) == 2
    assert run_json("replay", *where, "--since", "2026-06-23T10:00:00Z")["since"] == "2026-06-23T10:00:00Z"
    run_json("enable", *where)
    hooks.send()
    assert len(hook.events("ping")) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("create", "--url", "https://example.com", "--event", "sms:exploded"), 2, "must be one of"),
        (("create", "--url", "ftp://example.com", "--event", "sms:sent"), 1, "must begin with https://"),
        (("change", "--webhook", "whk_nope"), 2, "--url or --event"),
        (("ping", "--webhook", "whk_nope"), 1, "no webhook with this id"),
        (("replay", "--webhook", "whk_nope"), 2, "either --delivery or --since"),
        (("replay", "--webhook", "whk_nope", "--since", "yesterday"), 2, "RFC 3339"),
    ],
)
def test_what_cannot_be_done_is_said(cloud: Cloud, arguments: tuple[str, ...], code: int, words: str) -> None:
    result = run(arguments[0], "--account", seeds.tenant().account_id, *arguments[1:])
    assert result.exit_code == code
    assert words in " ".join(result.output.replace("│", " ").split())
    assert "Traceback" not in result.output

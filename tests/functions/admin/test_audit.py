"""smskit-admin in the audit log: what was done on the command line is told of like what people did."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from smskit.models.webhook import Delivery, DeliveryStatus
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit.webhooks.store import deliveries
from smskit_admin.cli import app
from tests.support import deployment, keywords
from tests.support.aws import Cloud

URL = "https://93.184.215.14/hooks"


@pytest.fixture(autouse=True)
def _deployed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    deployment.deploy("dev")
    monkeypatch.setenv("SMSKIT_ENV", "dev")


@pytest.fixture
def account() -> str:
    return str(run("account", "create", "--name", "Acme")["accountId"])


def run(*arguments: str) -> Any:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def noted(cloud: Cloud) -> list[tuple[str, str]]:
    """Actions and subjects, in their order."""
    found = [item for item in cloud.items("accounts") if item["pk"].endswith("#audit")]
    assert {item["personId"] for item in found} == {"smskit-admin"}
    return [(item["action"], item["subject"]) for item in sorted(found, key=lambda item: (item["at"], item["entryId"]))]


def test_clients_that_are_made_suspended_and_resumed(cloud: Cloud, account: str) -> None:
    client = run("client", "create", "--account", account, "--name", "backend")["clientId"]
    run("client", "suspend", "--client", client)
    run("client", "resume", "--client", client)
    told = [("client.created", client), ("client.suspended", client), ("client.resumed", client)]
    assert sorted(noted(cloud)) == sorted(told)


def test_a_pairing_code(cloud: Cloud, account: str) -> None:
    run("pairing-code", "create", "--account", account)
    ((action, subject),) = noted(cloud)
    assert action == "pairing-code.created" and subject.startswith("pcd_")


def test_settings_by_the_names_of_the_api(cloud: Cloud, account: str) -> None:
    run("account", "settings", "set", "--account", account, "--no-confirm", "--stop-word", "toka", "--help-text", "")
    assert noted(cloud) == [("settings.changed", account)]
    (entry,) = (item for item in cloud.items("accounts") if item.get("action"))
    assert entry["details"] == {"changed": "confirmOptOut helpText stopWords"}


def test_opt_outs_without_their_numbers(cloud: Cloud, account: str) -> None:
    for command in ("add", "add", "remove"):
        run("opt-outs", command, "--account", account, "--number", keywords.NUMBER)
    ending = f"…{keywords.NUMBER[-3:]}"
    assert sorted(noted(cloud)) == [("opt-out.added", ending), ("opt-out.removed", ending)]


def test_webhooks(cloud: Cloud, account: str) -> None:
    where = ("--account", account)
    webhook = run("webhooks", "create", *where, "--url", URL, "--event", "sms:sent")["webhookId"]
    where = (*where, "--webhook", webhook)
    delivery = new_id("dlv", now_ms())
    failed = Delivery(webhook, delivery, "evt_0", "sms:sent", now_ms(), "{}", DeliveryStatus.FAILED)
    deliveries.create(failed, now_ms())
    run("webhooks", "ping", *where)
    run("webhooks", "change", *where, "--event", "sms:failed")
    run("webhooks", "enable", *where)
    run("webhooks", "rotate", *where)
    run("webhooks", "replay", *where, "--since", "2026-06-01T00:00:00Z")
    run("webhooks", "replay", *where, "--delivery", delivery)
    run("webhooks", "remove", *where)
    verbs = ("registered", "pinged", "changed", "enabled", "replayed", "removed")
    told = [(f"webhook.{verb}", webhook) for verb in verbs]
    told += [("webhook-secret.rotated", webhook), ("delivery.replayed", delivery)]
    assert sorted(noted(cloud)) == sorted(told)

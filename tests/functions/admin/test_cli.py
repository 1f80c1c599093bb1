"""smskit-admin: what it prints, what it changes, and what it says when it can't."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from smskit.clients.logic import api_keys
from smskit_admin import stack
from smskit_admin.cli import app
from tests.support import deployment, seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.deployment import API_URL


@pytest.fixture(autouse=True)
def _deployed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stacks of environment `dev`, whose outputs name the tables of this cloud."""
    deployment.deploy("dev")
    monkeypatch.setenv("SMSKIT_ENV", "dev")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def run_json(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_an_account_and_a_client_are_made(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in stack.TABLES:
        monkeypatch.setenv(variable, "known from the stack only")
    account = run_json("account", "create", "--name", "Acme")["accountId"]
    made = run_json("client", "create", "--account", account, "--name", "backend", "--limit", "7")
    parsed = api_keys.parse(made["apiKey"])
    assert parsed is not None and parsed.client_id == made["clientId"]
    (client,) = cloud.items("clients")
    assert (client["accountId"], client["hourly"], client["name"]) == (account, 7, "backend")
    assert made["apiKey"] not in str(client)


def test_the_key_is_shown_to_people_with_a_word_of_warning(cloud: Cloud) -> None:
    account = run_json("account", "create", "--name", "Acme")["accountId"]
    output = run("client", "create", "--account", account, "--name", "backend").output
    assert "sk_live_" in output
    assert "shown this once" in output


def test_a_client_may_have_test_keys(cloud: Cloud) -> None:
    account = run_json("account", "create", "--name", "Acme")["accountId"]
    made = run_json("client", "create", "--account", account, "--name", "staging", "--test")
    assert made["apiKey"].startswith("sk_test_")
    (client,) = cloud.items("clients")
    assert (client["accountId"], client["isTest"]) == (account, True)


def test_a_client_is_suspended_and_resumed(cloud: Cloud) -> None:
    api = ClientApi(cloud)
    client = api.tenant.client_id
    assert run_json("client", "suspend", "--client", client) == {"clientId": client, "status": "Suspended"}
    assert api.get("/api/devices").status == 401
    assert run_json("client", "resume", "--client", client) == {"clientId": client, "status": "Active"}
    assert api.get("/api/devices").status == 200


def test_a_pairing_code_carries_the_server(cloud: Cloud) -> None:
    account = seeds.tenant().account_id
    made = run_json("pairing-code", "create", "--account", account)
    assert sorted(made) == ["code", "expiresAt", "server", "uri"]
    assert made["server"] == API_URL
    assert made["uri"] == (
        f"smskit://pair?server=https%3A%2F%2Fabc123.execute-api.eu-west-1.amazonaws.com&code={made['code']}"
    )
    assert made["expiresAt"].endswith("Z")


def test_people_get_a_qr_code(cloud: Cloud) -> None:
    result = run("pairing-code", "create", "--account", seeds.tenant().account_id)
    assert result.exit_code == 0
    assert "smskit://pair?server=" in result.output
    assert any(block in result.output for block in "▀▄█")


def test_devices_are_listed(cloud: Cloud) -> None:
    account = seeds.tenant().account_id
    assert "No phones yet" in run("device", "list", "--account", account).output
    device = seeds.phone(account, sims=2)
    (listed,) = run_json("device", "list", "--account", account)["devices"]
    assert (listed["deviceId"], listed["status"], len(listed["sims"])) == (device.device_id, "Online", 2)
    assert device.device_id in run("device", "list", "--account", account).output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("client", "create", "--account", "acc_nope", "--name", "x"), "there is no account acc_nope"),
        (("pairing-code", "create", "--account", "acc_nope"), "there is no account acc_nope"),
        (("device", "list", "--account", "acc_nope"), "there is no account acc_nope"),
        (("client", "suspend", "--client", "cli_nope"), "there is no client cli_nope"),
        (("account", "create", "--name", "x", "--env", "prod"), "there is no stack SmsKit-prod-Data"),
    ],
)
def test_what_cannot_be_done_is_one_clear_line(cloud: Cloud, arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 1
    assert words in result.output
    assert len(result.output.strip().splitlines()) == 1
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("account", "create"),
        ("account", "create", "--name", "  "),
        ("account", "create", "--name", "x" * 101),
        ("client", "create", "--account", "a", "--name", "x", "--limit", "0"),
    ],
)
def test_wrong_usage_is_exit_code_two(cloud: Cloud, arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2
    assert cloud.items("accounts") == []


@pytest.mark.parametrize(
    ("given", "variable", "endpoint", "expected"),
    [
        ("dev", "prod", "http://localhost:4566", "dev"),
        (None, "prod", "http://localhost:4566", "prod"),
        (None, None, "http://localhost:4566", "emulator"),
        (None, None, None, "prod"),
    ],
)
def test_the_environment_is_named_or_guessed(
    monkeypatch: pytest.MonkeyPatch, given: str | None, variable: str | None, endpoint: str | None, expected: str
) -> None:
    for name, value in (("SMSKIT_ENV", variable), ("AWS_ENDPOINT_URL", endpoint)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    assert stack.environment_name(given) == expected

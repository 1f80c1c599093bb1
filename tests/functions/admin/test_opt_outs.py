"""smskit-admin opt-outs and account settings."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from smskit.accounts.logic import settings as account_settings
from smskit.models.account_settings import Words
from smskit_admin.cli import app
from tests.support import deployment, seeds
from tests.support.aws import Cloud


@pytest.fixture(autouse=True)
def _deployed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stacks of `dev`, whose outputs name the tables and queues of this cloud."""
    deployment.deploy("dev")
    monkeypatch.setenv("SMSKIT_ENV", "dev")


@pytest.fixture
def where(cloud: Cloud) -> tuple[str, str]:
    return "--account", seeds.tenant().account_id


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def run_json(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_opt_outs_are_added_listed_removed_and_told(where: tuple[str, str]) -> None:
    assert run("opt-outs", "list", *where).output == "Nobody has opted out\n"
    number = ("--number", "0712345678")
    made = run_json("opt-outs", "add", *where, *number, "--reason", "By letter")
    assert (made["number"], made["source"], made["reason"], made["isNew"]) == (
        "+254712345678", "admin", "By letter", True,
    )  # fmt: skip
    assert "already" in run("opt-outs", "add", *where, *number).output
    run("opt-outs", "add", *where, "--number", "+254712345679")
    page = run_json("opt-outs", "list", *where, "--limit", "1")
    assert (page["hasMore"], page["optOuts"][0]["number"]) == (True, "+254712345679")
    rest = run("opt-outs", "list", *where, "--cursor", page["cursor"]).output
    assert "+254712345678" in rest and "By letter" in rest and "more:" not in rest
    assert "more: --cursor" in run("opt-outs", "list", *where, "--limit", "1").output
    assert run_json("opt-outs", "remove", *where, *number) == {"number": "+254712345678", "removed": True}
    told = run_json("opt-outs", "history", *where, *number)["entries"]
    assert [entry["change"] for entry in told] == ["opted-in", "opted-out"]
    assert "By letter" in run("opt-outs", "history", *where, *number).output
    assert "never opted out" in run("opt-outs", "history", *where, "--number", "0712345670").output


def test_settings_are_set_and_shown(where: tuple[str, str]) -> None:
    shown = run_json("account", "settings", "show", *where)
    assert shown["confirmOptOut"] is True and shown["helpText"] is None and "START" in shown["optOutText"]
    words = ("--stop-word", "Basta", "--stop-word", "toka", "--start-word", "karibu", "--help-word", "msaada")
    made = run_json("account", "settings", "set", *where, "--help-text", "Acme Ltd", *words, "--no-confirm")
    assert made == run_json("account", "settings", "show", *where)
    assert made["customWords"] == {"stop": ["basta", "toka"], "start": ["karibu"], "help": ["msaada"]}
    assert (made["helpText"], made["confirmOptOut"]) == ("Acme Ltd", False)
    run_json("account", "settings", "set", *where, "--stop-word", "", "--confirm", "--opt-out-text", "Kwaheri")
    settings = account_settings.read(where[1])
    assert settings.words == Words((), ("karibu",), ("msaada",))
    assert (settings.confirm, settings.opt_out_text, settings.help_text) == (True, "Kwaheri", "Acme Ltd")
    assert "Kwaheri" in run("account", "settings", "show", *where).output
    assert run_json("account", "settings", "set", *where, "--wait-for-phone")["waitForPhone"] is True
    assert run_json("account", "settings", "set", *where, "--no-wait-for-phone")["waitForPhone"] is False
    assert run_json("account", "settings", "set", *where, "--quiet-hours", "22:00-07:00")["quietHours"] == "22:00-07:00"
    exempt = ("--exempt-priority", "10", "--exempt-priority", "8")
    assert run_json("account", "settings", "set", *where, *exempt)["exemptPriorities"] == [8, 10]
    made = run_json("account", "settings", "set", *where, "--quiet-hours", "21:00-06:00", "--country", "UG")
    assert (made["quietHours"], made["exemptPriorities"], made["country"]) == ("21:00-06:00", [8, 10], "UG")
    shown_text = run("account", "settings", "show", *where).output
    assert "8, 10" in shown_text and made["timeZone"] in shown_text
    assert run_json("account", "settings", "set", *where, "--quiet-hours", "")["quietHours"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("opt-outs", "add", "--number", "hello"), 1, "number may hold only the digits"),
        (("opt-outs", "add", "--number", "0712345678", "--reason", " "), 2, "1 to 200 characters"),
        (("opt-outs", "remove", "--number", "0712345678"), 1, "has not opted out"),
        (("opt-outs", "list", "--cursor", "x"), 1, "cursor must be one"),
        (("account", "settings", "set"), 2, "name at least one setting"),
        (("account", "settings", "set", "--stop-word", "yes"), 1, "built in"),
        (("account", "settings", "set", "--quiet-hours", "22-7"), 2, "two times of day"),
        (("account", "settings", "set", "--quiet-hours", "07:00-07:00"), 1, "another time"),
        (("account", "settings", "set", "--exempt-priority", "9"), 2, "no quiet hours"),
        (("account", "settings", "set", "--quiet-hours", "22:00-07:00", "--exempt-priority", "11"), 2, "equal to 10"),
        (("account", "settings", "set", "--country", "XX"), 1, "country"),
    ],
)
def test_what_cannot_be_done_is_said(where: tuple[str, str], arguments: tuple[str, ...], code: int, words: str) -> None:
    result = run(*arguments, *where)
    assert result.exit_code == code
    assert words in " ".join(result.output.replace("│", " ").split())
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "command", [("opt-outs", "list"), ("opt-outs", "add", "--number", "0712345678"), ("account", "settings", "show")]
)
def test_an_unknown_account_is_said(command: tuple[str, ...]) -> None:
    result = run(*command, "--account", "acc_nope")
    assert result.exit_code == 1 and "no account acc_nope" in result.output

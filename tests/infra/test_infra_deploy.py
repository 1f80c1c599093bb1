"""``make deploy`` shows where and with what before it does anything, and keeps what a deployment was given."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.packaging.synth import synthesize
from tests.support.deploying import CONSOLE, REGION, Account, run


def test_what_a_deployment_was_given_stays_until_it_is_given_anew(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.deployed(GivenAlarmEmail="ops@example.com", GivenConsoleUrls=CONSOLE, GivenSelfSignUp="true")

    run(monkeypatch, "deploy", "--env", "prod", "--self-sign-up", "", "--alarm-email", "night@example.com")

    assert account.context == {
        "env": "prod",
        "alarmEmail": "night@example.com",
        "consoleUrls": CONSOLE,
        "lambdaConcurrency": "1000",
    }
    said = capsys.readouterr().out
    assert f"{REGION}  (from AWS_REGION)" in said
    assert "night@example.com  (was: ops@example.com)" in said
    assert "only who is invited may sign in  (was: true)" in said
    assert "LoginUrl: https://login" in said and "ApiUrl: https://api" in said


def test_the_stack_keeps_what_it_was_given_and_nothing_else(tmp_path: Path, prod: Any) -> None:
    given = {"alarmEmail": "ops@example.com", "consoleUrls": CONSOLE, "selfSignUp": "true", "tracing": "true"}
    data, _ = synthesize("prod", tmp_path, given)

    kept = {name: output["Value"] for name, output in data["Outputs"].items() if name.startswith("Given")}
    assert kept == {
        "GivenAlarmEmail": "ops@example.com", "GivenConsoleUrls": CONSOLE, "GivenSelfSignUp": "true",
        "GivenTracing": "true",
    }  # fmt: skip
    assert not [name for name in prod.data.outputs if name.startswith("Given")]


@pytest.mark.parametrize("before", [{}, {"GivenConsoleUrls": CONSOLE}])
def test_production_without_a_console_is_refused(
    account: Account, monkeypatch: pytest.MonkeyPatch, before: dict[str, str]
) -> None:
    """Signing in and invitations would lead back to the reader's own machine."""
    account.deployed(**before)

    with pytest.raises(SystemExit, match="CONSOLE_URLS=https"):
        run(monkeypatch, "deploy", "--env", "prod", *(["--console-urls", ""] if before else []))
    with pytest.raises(SystemExit, match="CONSOLE_URLS=https"):
        run(monkeypatch, "deploy", "--env", "prod", "--console-urls", "http://localhost:5173/,https://a.example/")
    with pytest.raises(SystemExit, match="must look like"):
        run(monkeypatch, "deploy", "--env", "prod", "--console-urls", "http://console.example.com/")

    assert account.commands == []


@pytest.mark.parametrize("flag", ["--self-sign-up", "--tracing"])
def test_a_switch_is_true_or_false(account: Account, monkeypatch: pytest.MonkeyPatch, flag: str) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE, GivenSelfSignUp="true", GivenTracing="true")

    with pytest.raises(SystemExit, match="must be true or false, not 'yes'"):
        run(monkeypatch, "deploy", "--env", "prod", flag, "yes")
    assert account.commands == []

    run(monkeypatch, "deploy", "--env", "prod", flag, "false")
    switches = {"--self-sign-up": "selfSignUp", "--tracing": "tracing"}
    assert set(switches.values()) & set(account.context) == set(switches.values()) - {switches[flag]}


@pytest.mark.parametrize("command", ["deploy", "undeploy"])
def test_with_nobody_to_ask_nothing_is_changed_unless_yes_was_said(
    account: Account, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE)
    monkeypatch.setenv("YES", "")
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: SIM115, PTH123

    with pytest.raises(SystemExit, match="YES=1"):
        run(monkeypatch, command, "--env", "prod")
    assert account.commands == []

    monkeypatch.setenv("YES", "1")
    run(monkeypatch, command, "--env", "prod")
    [done] = account.commands
    assert ("never" in done) == (command == "deploy")

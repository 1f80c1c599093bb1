"""``make deploy`` shows where and with what before it does anything, and keeps what a deployment was given."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

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


@pytest.mark.parametrize(
    "wrong",
    [
        ("--console-urls", "http://console.example.com/"),
        ("--dashboard-domain", "sms.example.com"),
        ("--dashboard-certificate", "arn:aws:acm:us-east-1:123456789012:certificate/1"),
    ],
)
def test_what_cant_be_meant_so_is_refused_before_anything_is_done(
    account: Account, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, str]
) -> None:
    account.deployed()

    with pytest.raises(SystemExit, match=r"must look like|needs its certificate"):
        run(monkeypatch, "deploy", "--env", "prod", *wrong)

    assert account.commands == [] and account.files() == {}


def test_the_dashboard_is_put_where_the_deployment_serves_it(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.deployed()

    run(monkeypatch, "deploy", "--env", "prod")

    files = account.files()
    assert set(files) == {"index.html", "config.json", "assets/main-1a2b.js"}
    assert json.loads(files["config.json"]["Body"].read()) == {
        "apiUrl": "", "publicApiUrl": "https://api", "loginUrl": "https://login", "clientId": "the-client",
        "issuer": f"https://cognito-idp.{REGION}.amazonaws.com/af-south-1_pool",
    }  # fmt: skip
    assert files["index.html"]["CacheControl"] == files["config.json"]["CacheControl"] == "no-cache"
    assert files["assets/main-1a2b.js"]["CacheControl"] == "public, max-age=31536000, immutable"
    assert files["index.html"]["ContentType"] == "text/html; charset=utf-8"
    assert files["assets/main-1a2b.js"]["ContentType"] == "text/javascript; charset=utf-8"
    assert "DashboardUrl: https://d2.cloudfront.net/" in capsys.readouterr().out


def test_files_of_an_earlier_dashboard_go_after_a_week(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that was opened before may still load its parts."""
    account.deployed()
    with time_machine.travel(datetime.now(UTC) - timedelta(days=8), tick=False):
        account.has_file("assets/main-0f0f.js")
    account.has_file("assets/main-9e9e.js")

    run(monkeypatch, "deploy", "--env", "prod")

    assert set(account.files()) == {"index.html", "config.json", "assets/main-1a2b.js", "assets/main-9e9e.js"}


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

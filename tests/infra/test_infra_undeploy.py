"""``make undeploy`` takes away what can be made anew, and the rest only when that was said."""

from __future__ import annotations

import pytest

from tests.support.deploying import CONSOLE, Account, run


def test_undeploying_keeps_the_data_unless_that_was_said(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE, JobsTable="jobs-table", KeyArn="the-key", UserPoolId="the-pool")

    run(monkeypatch, "undeploy", "--env", "prod")
    assert [command[1:3] for command in account.commands] == [["destroy", "SmsKit-prod-App"]]
    assert account.unprotected == []

    account.has_file("index.html")
    account.commands.clear()
    run(monkeypatch, "undeploy", "--env", "prod", "--data")
    assert [command[1:3] for command in account.commands] == [
        ["destroy", "SmsKit-prod-App"], ["destroy", "SmsKit-prod-Data"],
    ]  # fmt: skip
    assert account.unprotected == ["SmsKit-prod-Data"] and account.files() == {}
    said = capsys.readouterr().out
    assert all(name in said for name in ("jobs-table", "the-key", "the-pool"))

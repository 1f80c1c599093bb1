"""The parts of ``make smoke`` that the emulator can't show: what it says of failures, and what it asks of AWS."""

from __future__ import annotations

import io
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from rich.console import Console

from smskit import aws
from smskit_smoke import aws_only
from smskit_smoke.endpoint import open_endpoint
from smskit_smoke.removal import Removal
from smskit_smoke.report import NotRunError, OnlyOnAwsError, Outcome, Report, SmokeError
from smskit_smoke.signing_in import Login, LoginPages
from smskit_smoke.target import Target

OUTPUTS = {"UserPoolId": "eu-west-1_a", "UserPoolClientId": "c1", "LoginUrl": "https://smskit.auth.example.com"}
ON_AWS = Target("prod", OUTPUTS, False, "account 123456789012, region eu-west-1")
URL = "https://abc.lambda-url.eu-west-1.on.aws/"


class Aws:
    """AWS as it was told to answer; every request is checked against AWS's own model of it."""

    def __init__(self) -> None:
        self._clients: dict[str, tuple[Any, Stubber]] = {}

    def client(self, service: str, **_: Any) -> Any:
        return self._stubbed(service)[0]

    def answers(
        self, service: str, operation: str, answer: dict[str, Any], asked: dict[str, Any] | None = None
    ) -> None:
        self._stubbed(service)[1].add_response(operation, answer, asked)

    def refuses(self, service: str, operation: str, code: str, message: str = "") -> None:
        self._stubbed(service)[1].add_client_error(operation, code, message)

    def is_done(self) -> None:
        for _, stubber in self._clients.values():
            stubber.assert_no_pending_responses()

    def _stubbed(self, service: str) -> tuple[Any, Stubber]:
        if service not in self._clients:
            made = boto3.client(
                service, region_name="eu-west-1", aws_access_key_id="none", aws_secret_access_key="none"
            )
            stubber = Stubber(made)
            stubber.activate()
            self._clients[service] = (made, stubber)
        return self._clients[service]


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    made = Aws()
    monkeypatch.setattr(aws, "session", lambda: made)
    monkeypatch.setattr(aws, "client", made.client)
    monkeypatch.setattr(aws_only, "settings", SimpleNamespace(table=lambda name: name))
    yield made
    made.is_done()


@pytest.fixture
def screen() -> Console:
    return Console(file=io.StringIO(), width=120)


def raising(error: Exception) -> Any:
    async def check() -> str:
        raise error

    return check


async def fine() -> str:
    return "seen"


async def test_a_check_that_fails_keeps_none_from_being_made_and_is_in_the_table(screen: Console):
    report = Report(screen)
    await report.check("one", raising(SmokeError("[nothing] came")))
    await report.check("two", raising(ValueError("unforeseen")))
    await report.check("three", fine)
    assert [row.outcome for row in report.rows] == [Outcome.FAILED, Outcome.FAILED, Outcome.HELD]
    assert not report.is_good
    report.show("SMSKit")
    said = screen.file.getvalue()  # type: ignore[attr-defined]
    assert "failed: [nothing] came" in said and "unforeseen" in said and "1 held" in said and "2 failed" in said


@pytest.mark.parametrize(("error", "is_good"), [(NotRunError("nobody"), False), (OnlyOnAwsError("here"), True)])
async def test_what_was_not_tried_is_never_said_to_hold(error: Exception, is_good: bool, screen: Console):
    report = Report(screen)
    await report.check("one", raising(error))
    assert report.rows[0].outcome is not Outcome.HELD
    assert report.is_good is is_good


async def test_what_cannot_be_removed_is_told_and_the_rest_is_removed_last_first():
    removal, gone = Removal(), list[str]()
    removal.note("first", lambda: gone.append("first"))
    removal.note("second", lambda: 1 / 0)
    removal.note("third", lambda: gone.append("third"))
    assert await removal.run() == ["second: division by zero"]
    assert gone == ["third", "first"]
    assert await removal.run() == []


async def test_on_aws_a_function_takes_the_webhook_and_goes_again(cloud: Aws):
    role = {"RoleName": ANY, "AssumeRolePolicyDocument": ANY}
    made = {
        "Path": "/",
        "RoleName": "r",
        "RoleId": "A" * 16,
        "Arn": "arn:aws:iam::1:role/role-1",
        "CreateDate": "2026-01-01",
    }
    cloud.answers("iam", "create_role", {"Role": made}, role)
    cannot = "The role defined for the function cannot be assumed by Lambda."
    cloud.refuses("lambda", "create_function", "InvalidParameterValueException", cannot)
    cloud.answers("lambda", "create_function", {})
    cloud.answers("lambda", "get_function", {"Configuration": {"State": "Active"}})
    url = {
        "FunctionUrl": URL,
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f",
        "AuthType": "NONE",
        "CreationTime": "t",
    }
    cloud.answers("lambda", "create_function_url_config", url, {"FunctionName": ANY, "AuthType": "NONE"})
    for condition in ({"FunctionUrlAuthType": "NONE"}, {"InvokedViaFunctionUrl": True}):
        permission = {"FunctionName": ANY, "StatementId": ANY, "Action": ANY, "Principal": "*"}
        cloud.answers("lambda", "add_permission", {}, permission | condition)
    removal = Removal()

    assert await open_endpoint(ON_AWS, None, removal) == (URL, "a function made for it")

    cloud.answers("lambda", "delete_function", {})
    cloud.answers("iam", "delete_role", {})
    assert await removal.run() == []


async def test_a_role_that_may_not_be_made_leaves_nothing_to_remove(cloud: Aws):
    cloud.refuses("iam", "create_role", "AccessDenied")
    removal = Removal()
    with pytest.raises(Exception, match="AccessDenied"):
        await open_endpoint(ON_AWS, None, removal)
    cloud.refuses("iam", "delete_role", "NoSuchEntity")
    assert await removal.run() == []


async def test_an_address_of_ones_own_needs_nothing_to_be_made(cloud: Aws):
    assert await open_endpoint(ON_AWS, "https://me.example.com/", Removal()) == (
        "https://me.example.com/",
        "an address of yours",
    )


async def test_without_a_person_the_sign_in_on_aws_is_not_run(cloud: Aws):
    client = {"UserPoolClient": {"CallbackURLs": ["https://console.example.com/"]}}
    cloud.answers("cognito-idp", "describe_user_pool_client", client)
    pages = LoginPages(ON_AWS)
    with pytest.raises(NotRunError, match="browser"):
        await pages.sign_in(Login.new(), lambda _: None)
    with pytest.raises(SmokeError, match="without the code"):
        await pages.sign_in(Login.new(), lambda _: "https://console.example.com/?code=1&state=of-another-attempt")


@pytest.mark.parametrize(
    ("sse", "arrived", "words"),
    [({}, True, "a key of AWS"), ({"SSEDescription": {"SSEType": "KMS"}}, False, "no event"), (None, True, None)],
)
async def test_the_encrypted_stream_holds_by_the_key_and_the_webhook(
    cloud: Aws, sse: dict[str, Any] | None, arrived: bool, words: str | None
):
    found = {"SSEDescription": {"SSEType": "KMS"}} if sse is None else sse
    cloud.answers("dynamodb", "describe_table", {"Table": found})
    if words is None:
        assert "SSE-KMS" in await aws_only.encrypted_stream(ON_AWS, arrived)
    else:
        with pytest.raises(SmokeError, match=words):
            await aws_only.encrypted_stream(ON_AWS, arrived)


async def test_the_role_for_logs_holds_by_a_line_of_this_run(cloud: Aws):
    cloud.answers("apigateway", "get_account", {"cloudwatchRoleArn": "arn:aws:iam::1:role/logs"})
    asked = {"logGroupName": "/smskit/prod/websocket-access", "startTime": 5000, "limit": 1}
    cloud.answers("logs", "filter_log_events", {"events": []}, asked)
    cloud.answers("logs", "filter_log_events", {"events": [{"message": "line"}]}, asked)
    assert "by logs" in await aws_only.log_role(ON_AWS, 5.0)


async def test_an_account_without_a_role_for_logs_is_told(cloud: Aws):
    cloud.answers("apigateway", "get_account", {})
    with pytest.raises(SmokeError, match="no role"):
        await aws_only.log_role(ON_AWS, 5.0)

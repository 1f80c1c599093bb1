"""``make deploy`` shows where and with what before it does anything, and keeps what a deployment was given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra.build import ROOT
from infra.concurrency import ON_AWS, fitting
from infra.templates import synthesize
from smskit import aws
from smskit_deploy import cli, place, stacks
from tests.support.templates import Template

REGION = "af-south-1"
CONSOLE = "https://console.example.com/"
NO_CREDENTIALS = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def deploy(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The command as make runs it, with no terminal."""
    variables = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **NO_CREDENTIALS, **environment}
    variables["PYTHONPATH"] = f"{ROOT}:{ROOT / 'scripts'}"
    command = [sys.executable, "-m", "smskit_deploy", *arguments]
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=variables, timeout=60, stdin=subprocess.DEVNULL
    )


ANSWERED = SimpleNamespace(status_code=200)


class Account:
    """An AWS account on moto. Two answers that moto doesn't know, and the CDK's own process, are played here."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.concurrency = 1000
        self.commands: list[list[str]] = []
        self.unprotected: list[str] = []
        monkeypatch.setattr(stacks, "run", lambda where, *command: self.commands.append([where.region, *command]))
        monkeypatch.setattr(boto3, "Session", self._session)

    def _session(self, *args: Any, **named: Any) -> Any:
        session = boto3.session.Session(*args, **named)

        def limits(**_: Any) -> tuple[Any, dict[str, Any]]:
            return ANSWERED, {"AccountLimit": {"UnreservedConcurrentExecutions": self.concurrency}}

        def unprotect(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
            self.unprotected.append(params["body"]["StackName"])
            return ANSWERED, {}

        session.events.register_first("before-call.lambda.GetAccountSettings", limits)
        session.events.register_first("before-call.cloudformation.UpdateTerminationProtection", unprotect)
        return session

    def deployed(self, **given: str) -> None:
        """The stacks of prod as an earlier deployment with these settings left them."""
        client = boto3.client("cloudformation", region_name=REGION)
        outputs = {"Data": given | {"LoginUrl": "https://login"}, "App": {"ApiUrl": "https://api"}, "CDKToolkit": {}}
        for name, values in outputs.items():
            template = {
                "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
                "Outputs": {key: {"Value": value} for key, value in values.items()},
            }
            stack = name if name == "CDKToolkit" else f"SmsKit-prod-{name}"
            client.create_stack(StackName=stack, TemplateBody=json.dumps(template))

    @property
    def context(self) -> dict[str, str]:
        """What the CDK was given to deploy with."""
        [command] = [command for command in self.commands if command[1] == "deploy"]
        pairs = [command[at + 1] for at, part in enumerate(command) if part == "--context"]
        return dict(pair.split("=", 1) for pair in pairs)


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    with mock_aws():
        for variable in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_DEFAULT_REGION"):
            monkeypatch.delenv(variable, raising=False)
        monkeypatch.setenv("AWS_REGION", REGION)
        monkeypatch.setenv("YES", "1")
        yield Account(monkeypatch)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    monkeypatch.setattr(sys, "argv", ["smskit_deploy", *arguments])
    cli.main()


def test_without_credentials_nothing_is_deployed() -> None:
    result = deploy("deploy", "--env", "prod", AWS_REGION="eu-west-1")

    assert result.returncode == 1
    assert "No usable AWS credentials" in result.stderr


@pytest.mark.parametrize("region", [{}, {"AWS_REGION": "eu-west-1"}])
def test_a_profile_that_isnt_there_is_said(region: dict[str, str]) -> None:
    result = deploy("deploy", "--env", "prod", AWS_PROFILE="nowhere", **region)

    assert result.returncode == 1
    assert result.stderr.startswith("No usable AWS credentials: The config profile (nowhere)")


def test_an_emulator_isnt_taken_for_aws() -> None:
    result = deploy("deploy", "--env", "prod", AWS_ENDPOINT_URL="http://127.0.0.1:4566")

    assert result.returncode == 1
    assert "AWS_ENDPOINT_URL is set" in result.stderr


@pytest.mark.parametrize("command", ["deploy", "undeploy"])
@pytest.mark.parametrize("environment", ["", "emulator", "production"])
def test_only_environments_on_aws_can_be_deployed(command: str, environment: str) -> None:
    result = deploy(command, "--env", environment)

    assert result.returncode == 2
    assert "choose from" in result.stderr


@pytest.mark.parametrize(
    ("variables", "region", "chosen_by"),
    [
        ({"AWS_REGION": "af-south-1", "AWS_DEFAULT_REGION": "eu-west-1"}, "af-south-1", "AWS_REGION"),
        ({"AWS_DEFAULT_REGION": "eu-west-1"}, "eu-west-1", "AWS_DEFAULT_REGION"),
        ({"AWS_REGION": "", "AWS_PROFILE": "work"}, "us-west-2", "the profile work"),
        ({"AWS_REGION": "af-south-1", "AWS_PROFILE": "work"}, "af-south-1", "AWS_REGION"),
    ],
)
def test_the_region_is_the_one_that_the_shell_names(
    account: Account, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    variables: dict[str, str], region: str, chosen_by: str,
) -> None:  # fmt: skip
    """Boto3 by itself would deploy to the profile's region where AWS_REGION says another."""
    (tmp_path / "config").write_text("[profile work]\nregion = us-west-2\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.delenv("AWS_REGION")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    here = place.find()

    assert (here.region, here.session.region_name, here.chosen_by) == (region, region, chosen_by)
    aws.session.cache_clear()
    assert aws.session().region_name == region
    aws.session.cache_clear()


def test_without_a_region_nothing_is_deployed() -> None:
    result = deploy("deploy", "--env", "prod")

    assert result.returncode == 1
    assert "set AWS_REGION" in result.stderr


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


def test_undeploying_keeps_the_data_unless_that_was_said(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE, JobsTable="jobs-table", KeyArn="the-key", UserPoolId="the-pool")

    run(monkeypatch, "undeploy", "--env", "prod")
    assert [command[1:3] for command in account.commands] == [["destroy", "SmsKit-prod-App"]]
    assert account.unprotected == []

    account.commands.clear()
    run(monkeypatch, "undeploy", "--env", "prod", "--data")
    assert [command[1:3] for command in account.commands] == [
        ["destroy", "SmsKit-prod-App"], ["destroy", "SmsKit-prod-Data"],
    ]  # fmt: skip
    assert account.unprotected == ["SmsKit-prod-Data"]
    said = capsys.readouterr().out
    assert all(name in said for name in ("jobs-table", "the-key", "the-pool"))


def test_what_stands_before_the_api_goes_with_it(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """CloudFront and WAF cost by the month, in a region where nobody looks for them."""
    account.deployed(GivenConsoleUrls=CONSOLE)
    body = json.dumps({"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    boto3.client("cloudformation", region_name="us-east-1").create_stack(
        StackName="SmsKit-prod-Edge", TemplateBody=body
    )

    run(monkeypatch, "undeploy", "--env", "prod")

    assert [(command[0], *command[1:3]) for command in account.commands] == [
        ("us-east-1", "destroy", "SmsKit-prod-Edge"), (REGION, "destroy", "SmsKit-prod-App"),
    ]  # fmt: skip
    assert any(part.startswith("edgeOrigin=") for part in account.commands[0])


def test_a_new_account_with_ten_runs_at_once_is_told_and_its_sources_shrink(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE)
    account.concurrency = 10

    run(monkeypatch, "deploy", "--env", "prod")

    said = capsys.readouterr().out
    assert "10 at once" in said and "18 instead of 153" in said and "L-B99A9384" in said
    _, app = synthesize("prod", tmp_path, account.context)
    assert sum(most_of(Template(app))) == 18


def most_of(app: Template) -> list[int]:
    mappings = app.of_type("AWS::Lambda::EventSourceMapping").values()
    scaling = [made["Properties"]["ScalingConfig"] for made in mappings if "ScalingConfig" in made["Properties"]]
    return [made["MaximumConcurrency"] for made in scaling]


def test_sources_take_four_fifths_of_an_account_and_never_less_than_lambda_allows() -> None:
    assert fitting(1000) == fitting(192) == ON_AWS
    for limit in range(10, 192):
        most = fitting(limit)
        assert most.total <= max(22, 0.8 * limit + 8)
        assert min(most.urgent, most.standard, most.bulk, most.timers, most.deliveries) >= 2
        assert most.urgent >= most.standard >= most.bulk


def test_two_regions_of_an_account_share_no_name(prod: Any) -> None:
    """Dashboards and roles belong to the whole account."""
    [dashboard] = prod.app.of_type("AWS::CloudWatch::Dashboard").values()
    assert {"Ref": "AWS::Region"} in dashboard["Properties"]["DashboardName"]["Fn::Join"][1]
    for template in (prod.data, prod.app):
        for role in template.of_type("AWS::IAM::Role").values():
            assert "RoleName" not in role["Properties"]

"""An AWS account to deploy to, and the commands that do it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from infra.config.environments import EDGE_REGION
from infra.packaging.build import ROOT
from smskit_deploy import cli, place, stacks

REGION = "af-south-1"
HOST = f"abc123.execute-api.{REGION}.amazonaws.com"
EDGE_URL = "https://d1.cloudfront.net"
CONSOLE = "https://console.example.com/"
BUCKET = "smskit-dashboard"
DATA = {
    "LoginUrl": "https://login", "UserPoolId": "af-south-1_pool", "UserPoolClientId": "the-client",
    "DashboardUrl": "https://d2.cloudfront.net/", "DashboardBucket": BUCKET,
}  # fmt: skip
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


def context_of(command: list[str]) -> dict[str, str]:
    """The context of a command of the CDK."""
    pairs = [command[at + 1] for at, part in enumerate(command) if part == "--context"]
    return dict(pair.split("=", 1) for pair in pairs)


ANSWERED, REFUSED = SimpleNamespace(status_code=200), SimpleNamespace(status_code=403)


class Account:
    """An AWS account on moto. Two answers that moto doesn't know, the CDK's own process and the dashboard's build are
    played here; tests on the emulator run them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
        monkeypatch.setattr(cli, "built_site", lambda: site)
        self.concurrency = 1000
        self.commands: list[list[str]] = []
        self.unprotected: list[str] = []
        self.closed: dict[str, str] = {}
        monkeypatch.setattr(stacks, "run", self._run_cdk)
        monkeypatch.setattr(boto3, "Session", self._session)

    def _run_cdk(self, where: place.Place, *command: str) -> None:
        """Note what the CDK was asked for; what stands before an API has an address once it is deployed."""
        self.commands.append([where.region, *command])
        if command[0] == "deploy" and "-Edge-" in command[1] and not self._is_there(command[1]):
            self.has_edge(command[1].rpartition("-Edge-")[2])

    def _is_there(self, edge: str) -> bool:
        found = boto3.client("cloudformation", region_name=EDGE_REGION).list_stacks()["StackSummaries"]
        return any(stack["StackName"] == edge for stack in found)

    def has_edge(self, region: str) -> None:
        """What stands before the API of prod in that region."""
        self._create(EDGE_REGION, f"SmsKit-prod-Edge-{region}", {"EdgeUrl": EDGE_URL})
        if not self._is_there("CDKToolkit"):
            self._create(EDGE_REGION, "CDKToolkit", {})

    def _session(self, *args: Any, **named: Any) -> Any:
        session = boto3.session.Session(*args, **named)

        def limits(**_: Any) -> tuple[Any, dict[str, Any]]:
            return ANSWERED, {"AccountLimit": {"UnreservedConcurrentExecutions": self.concurrency}}

        def unprotect(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
            self.unprotected.append(params["body"]["StackName"])
            return ANSWERED, {}

        def look(context: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]] | None:
            if context["client_region"] not in self.closed:
                return None
            return REFUSED, {"Error": {"Code": self.closed[context["client_region"]], "Message": "No"}}

        session.events.register_first("before-call.lambda.GetAccountSettings", limits)
        session.events.register_first("before-call.cloudformation.DescribeStacks", look)
        session.events.register_first("before-call.cloudformation.UpdateTerminationProtection", unprotect)
        return session

    def deployed(self, **given: str) -> None:
        """The stacks of prod as an earlier deployment with these settings left them."""
        app = {"ApiUrl": "https://api", "ApiHost": HOST}
        boto3.client("s3", region_name=REGION).create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )
        for name, outputs in (("Data", DATA | given), ("App", app)):
            self._create(REGION, f"SmsKit-prod-{name}", outputs)
        self._create(REGION, "CDKToolkit", {})

    def _create(self, region: str, stack: str, outputs: dict[str, str]) -> None:
        template = {
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {key: {"Value": value} for key, value in outputs.items()},
        }
        client = boto3.client("cloudformation", region_name=region)
        client.create_stack(StackName=stack, TemplateBody=json.dumps(template))

    def has_file(self, name: str) -> None:
        """A file of the dashboard as an earlier deployment put it there."""
        boto3.client("s3", region_name=REGION).put_object(Bucket=BUCKET, Key=name, Body=b"")

    def files(self) -> dict[str, dict[str, Any]]:
        """What the dashboard's bucket holds, by name."""
        s3 = boto3.client("s3", region_name=REGION)
        listed = s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return {one["Key"]: s3.get_object(Bucket=BUCKET, Key=one["Key"]) for one in listed}

    @property
    def context(self) -> dict[str, str]:
        """What the CDK was given to deploy with."""
        [command] = [command for command in self.commands if command[1:3] == ["deploy", "--all"]]
        return context_of(command)


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> None:
    """The command in this process, so that the account is the one on moto."""
    monkeypatch.setattr(sys, "argv", ["smskit_deploy", *arguments])
    cli.main()

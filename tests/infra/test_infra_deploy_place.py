"""Which account and region ``make deploy`` takes; it says so, and what is missing, before it does anything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from smskit import aws
from smskit_deploy import place
from tests.support.deploying import Account, deploy


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


def test_two_regions_of_an_account_share_no_name(prod: Any) -> None:
    """Dashboards and roles belong to the whole account."""
    [dashboard] = prod.app.of_type("AWS::CloudWatch::Dashboard").values()
    assert {"Ref": "AWS::Region"} in dashboard["Properties"]["DashboardName"]["Fn::Join"][1]
    for template in (prod.data, prod.app):
        for role in template.of_type("AWS::IAM::Role").values():
            assert "RoleName" not in role["Properties"]

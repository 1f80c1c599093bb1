"""``make deploy`` says what is missing before it does anything."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from infra.build import ROOT

NO_CREDENTIALS = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def deploy(*arguments, **environment):
    variables = {"PATH": os.environ["PATH"], "HOME": os.environ["HOME"], **NO_CREDENTIALS, **environment}
    command = [sys.executable, str(ROOT / "scripts" / "deploy.py"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True, env=variables, timeout=60)


def test_without_credentials_nothing_is_deployed():
    result = deploy("--env", "prod", AWS_REGION="eu-west-1")

    assert result.returncode == 1
    assert "No usable AWS credentials" in result.stderr


def test_an_emulator_isnt_taken_for_aws():
    result = deploy("--env", "prod", AWS_ENDPOINT_URL="http://127.0.0.1:4566")

    assert result.returncode == 1
    assert "AWS_ENDPOINT_URL is set" in result.stderr


@pytest.mark.parametrize("environment", ["", "emulator", "production"])
def test_only_environments_on_aws_can_be_deployed(environment):
    result = deploy("--env", environment)

    assert result.returncode == 2
    assert "choose from" in result.stderr

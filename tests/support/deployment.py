"""A deployment as smskit-admin finds it: stacks on moto whose outputs name what a test has."""

from __future__ import annotations

import json
import os

import boto3

from smskit_admin import stack
from tests.support.aws import REGION

API_URL = "https://abc123.execute-api.eu-west-1.amazonaws.com"


def deploy(env: str) -> None:
    """Make both stacks of an environment out of the variables that are set now."""
    data = {output: os.environ[variable] for variable, output in stack.VARIABLES.items()}
    client = boto3.client("cloudformation", region_name=REGION)
    for name, outputs in (("Data", data), ("App", {"ApiUrl": API_URL + "/"})):
        template = {
            "Resources": {"Topic": {"Type": "AWS::SNS::Topic"}},
            "Outputs": {key: {"Value": value} for key, value in outputs.items()},
        }
        client.create_stack(StackName=f"SmsKit-{env}-{name}", TemplateBody=json.dumps(template))

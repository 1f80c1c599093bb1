"""The account and the region that the present credentials and variables lead to."""

from __future__ import annotations

import os
from dataclasses import dataclass

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from smskit_deploy.terminal import stop


@dataclass(frozen=True)
class Place:
    """Where a deployment is; `chosen_by` says what named the region."""

    session: boto3.Session
    account: str
    region: str
    chosen_by: str


def find() -> Place:
    """The place of this shell; ends the program where there are no credentials or there is no region."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        stop("AWS_ENDPOINT_URL is set, so this wouldn't reach AWS. Unset it, or use make up for the emulator.")
    try:
        region, chosen_by = _region()
        session = boto3.Session(region_name=region)
        return Place(session, _account(session), region, chosen_by)
    except (BotoCoreError, ClientError) as error:  # a profile that isn't there is found out by any of the three
        stop(f"No usable AWS credentials: {error}\nSign in (aws sso login, or set AWS_PROFILE) and try again.")


def _region() -> tuple[str, str]:
    """AWS_REGION, AWS_DEFAULT_REGION, the profile's: the CDK's order. Boto3 by itself doesn't know the first."""
    for variable in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if os.environ.get(variable):
            return os.environ[variable], variable
    session = boto3.Session()
    if not session.region_name:
        stop("No AWS region: set AWS_REGION, for example AWS_REGION=eu-west-1.")
    return session.region_name, f"the profile {session.profile_name}"


def _account(session: boto3.Session) -> str:
    return str(session.client("sts").get_caller_identity()["Account"])

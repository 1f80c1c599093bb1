"""Which deployment a command speaks to, found by its CloudFormation outputs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import typer

from smskit import aws, settings
from smskit.errors import SmsKitError
from smskit_admin.local_hint import local_hint

TABLES = {
    "TABLE_CLIENTS": "ClientsTable",
    "TABLE_DEVICES": "DevicesTable",
    "TABLE_JOBS": "JobsTable",
    "TABLE_POOL": "PoolTable",
    "TABLE_CONTACTS": "ContactsTable",
    "TABLE_MESSAGES": "MessagesTable",
    "TABLE_ACCOUNTS": "AccountsTable",
    "TABLE_PAIRING": "PairingTable",
    "TABLE_WEBHOOKS": "WebhooksTable",
}
QUEUES = {"QUEUE_DELIVERIES_URL": "DeliveriesQueueUrl", "QUEUE_TIMERS_URL": "TimersQueueUrl"}
PEOPLE = {"USER_POOL_ID": "UserPoolId"}
KEYS = {"SECRETS_KEY_ARN": "KeyArn"}
# As infra/config/environments.py has it: where make up deploys to, and the keys that its emulator takes.
LOCAL = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
}
_NAMES_AN_ACCOUNT = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN")
VARIABLES = TABLES | QUEUES | PEOPLE | KEYS
_NO_CREDENTIALS = frozenset(
    {"InvalidClientTokenId", "UnrecognizedClientException", "ExpiredToken", "SignatureDoesNotMatch"}
)


class StackNotFoundError(SmsKitError):
    """There is no such deployment in this AWS account and region."""


def environment_name(given: str | None) -> str:
    """--env, else SMSKIT_ENV, else `emulator` where AWS_ENDPOINT_URL points to one, else `prod`."""
    return given or os.environ.get("SMSKIT_ENV") or ("emulator" if os.environ.get("AWS_ENDPOINT_URL") else "prod")


@contextmanager
def connected(env: str | None) -> Iterator[str]:
    """Let `smskit` work on the deployment's tables; what goes wrong becomes one clear line and exit code 1."""
    from botocore.exceptions import BotoCoreError, ClientError

    name = environment_name(env)
    try:
        _use(name)
        yield name
    except StackNotFoundError as missing:
        _fail(f"{missing}{local_hint()}")
    except SmsKitError as refused:
        _fail(str(refused))
    except ClientError as failed:
        problem = failed.response["Error"]
        said = f"AWS refused {failed.operation_name}: {problem.get('Message') or problem.get('Code')}"
        _fail(said + local_hint() if problem.get("Code") in _NO_CREDENTIALS else said)
    except BotoCoreError as failed:
        _fail(f"AWS could not be used: {failed}{local_hint()}")


def api_url(name: str) -> str:
    """The base address of the REST API."""
    return outputs(f"SmsKit-{name}-App")["ApiUrl"].rstrip("/")


def outputs(stack: str) -> dict[str, str]:
    """A stack's outputs by key. Raises StackNotFoundError."""
    from botocore.exceptions import ClientError

    client = aws.session().client("cloudformation")
    try:
        found = client.describe_stacks(StackName=stack)["Stacks"]
    except ClientError as refused:
        if refused.response["Error"]["Code"] == "ValidationError":
            raise StackNotFoundError(_missing(stack, client.meta.region_name)) from None
        raise
    if not found:
        raise StackNotFoundError(_missing(stack, client.meta.region_name))
    return {entry["OutputKey"]: entry["OutputValue"] for entry in found[0].get("Outputs", [])}


def _missing(stack: str, region: str) -> str:
    endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
    if _is_local(endpoint):
        return f"there is no stack {stack} at {endpoint}: run make up, or name another environment with --env"
    return f"there is no stack {stack} in {region}: deploy it, or name another environment with --env"


def _use(name: str) -> None:
    if _is_local(os.environ.get("AWS_ENDPOINT_URL", "")):
        _speak_as_the_local_stack()
    found = outputs(f"SmsKit-{name}-Data")
    os.environ.update({variable: found[output] for variable, output in VARIABLES.items()})
    # As infra/config/environments.py has it: only there may webhooks go to this machine.
    os.environ["WEBHOOK_LOCAL"] = "true" if name == "emulator" else ""
    settings.forget()


def _speak_as_the_local_stack() -> None:
    """It is one account in one region, whatever this shell names for AWS: a profile would be somebody else there."""
    for variable in _NAMES_AN_ACCOUNT:
        os.environ.pop(variable, None)
    os.environ.update(LOCAL)


def _is_local(endpoint: str) -> bool:
    return urlsplit(endpoint).hostname in ("localhost", "127.0.0.1", "::1")


def _fail(message: str) -> None:
    typer.secho(f"Error: {message}", err=True, fg=typer.colors.RED)
    raise typer.Exit(1)

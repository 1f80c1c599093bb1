"""The roles of the functions, tried out: a probe function with the same role is refused what isn't on its list."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.stack import Stack

pytestmark = pytest.mark.e2e

PROBE = """
import boto3
from botocore.exceptions import ClientError

def lambda_handler(event, context):
    client = boto3.client(event["service"])
    try:
        getattr(client, event["operation"])(**event["arguments"])
    except ClientError as refused:
        return refused.response["Error"]["Code"]
    return "done"
"""
Try = Callable[..., str]


@pytest.fixture
def as_function(stack: Stack) -> Iterator[Callable[[str], Try]]:
    """Calls AWS with the role of a function, from within a Lambda function that has it."""
    client, made = stack.aws("lambda"), list[str]()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("probe.py", PROBE)

    def probe(function: str) -> Try:
        real = client.get_function_configuration(FunctionName=f"smskit-emulator-{function.replace('_', '-')}")
        made.append(f"probe-{function.replace('_', '-')}")
        client.create_function(
            FunctionName=made[-1], Role=real["Role"], Runtime=real["Runtime"], Handler="probe.lambda_handler",
            Code={"ZipFile": buffer.getvalue()}, Timeout=30,
        )  # fmt: skip

        def attempt(service: str, operation: str, **arguments: Any) -> str:
            event = {"service": service, "operation": operation, "arguments": arguments}
            result = client.invoke(FunctionName=made[-1], Payload=json.dumps(event).encode())
            return str(json.loads(result["Payload"].read()))

        return attempt

    yield probe
    for name in made:
        client.delete_function(FunctionName=name)


async def test_a_role_allows_what_its_function_does_and_nothing_else(stack: Stack, as_function: Callable[[str], Try]):
    out = stack.outputs
    jobs, phones, accounts = out["JobsTable"], out["DevicesTable"], out["AccountsTable"]
    key = {"pk": {"S": "job_1"}}
    row = key | {"sk": {"S": "row"}}

    def tried() -> dict[str, str]:
        attempt = as_function("client_api")
        return {
            "read a job": attempt("dynamodb", "get_item", TableName=jobs, Key=key),
            "scan jobs": attempt("dynamodb", "scan", TableName=jobs),
            "change phones": attempt("dynamodb", "put_item", TableName=phones, Item=row),
            "change accounts": attempt("dynamodb", "put_item", TableName=accounts, Item=row),
            "drop a table": attempt("dynamodb", "delete_table", TableName=jobs),
            "take timers": attempt("sqs", "receive_message", QueueUrl=out["TimersQueueUrl"]),
            "take from a queue": attempt("sqs", "receive_message", QueueUrl=out["UrgentQueueUrl"]),
            "call a function": attempt("lambda", "invoke", FunctionName="smskit-emulator-janitor"),
        }

    results = await asyncio.to_thread(tried)

    assert results.pop("read a job") == "done"
    assert all("AccessDenied" in result for result in results.values()), results

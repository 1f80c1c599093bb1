"""What a process does while Lambda starts it, and what is left for its first call."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from smskit.platform.ids import new_id

ROOT = Path(__file__).parents[2]
CALLBACK = "https://ws.execute-api.eu-west-1.amazonaws.com/v1"
ON_THE_PATH = {"dynamodb", "sqs", "apigatewaymanagementapi"}
CLIENTS = {
    "client_api": {"dynamodb", "sqs"},
    "console_api": {"dynamodb"},
    "phone_pairing": {"dynamodb"},
    "phone_auth": {"dynamodb"},
    "phone_gateway": ON_THE_PATH,
    "dispatcher": ON_THE_PATH,
    "timekeeper": ON_THE_PATH,
    "test_player": {"dynamodb", "sqs"},
    "janitor": {"dynamodb"},
    "event_fanout": {"dynamodb", "sqs"},
    "usage_counter": {"dynamodb"},
    "webhook_sender": {"dynamodb", "sqs", "kms"},
    "webhook_recovery": {"dynamodb", "sqs", "kms"},
}
# Every request to AWS is answered as for an item that isn't there, without a network.
PROBE = """
import json, sys, time
from botocore.client import BaseClient
from botocore.exceptions import ClientError

def answer(self, operation, arguments):
    if operation == "UpdateItem":
        raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, operation)
    return {}

BaseClient._make_api_call = answer
began = time.process_time()
import handler
from smskit import aws
started = time.process_time()
made = sorted(service for service, *_ in (key[0] for key in aws.client._made))
event = json.loads(sys.argv[1])
if event:
    handler.lambda_handler(event, None)
spent = [started - began, time.process_time() - started]
print(json.dumps({"made": made, "after": len(aws.client._made), "spent": spent}))
"""


def start(function: str, event: dict[str, Any] | None = None, *, in_lambda: bool = True) -> dict[str, Any]:
    """A fresh process of the function, and its first call if there is an event."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(ROOT / "functions" / function), str(ROOT / "layers/smskit/python")]),
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "POWERTOOLS_SERVICE_NAME": function,
        "POWERTOOLS_METRICS_NAMESPACE": "SMSKit",
        "TABLE_DEVICES": "devices",
        **({"AWS_LAMBDA_FUNCTION_NAME": function} if in_lambda else {}),
        **({"WEBSOCKET_CALLBACK_URL": CALLBACK} if "apigatewaymanagementapi" in CLIENTS[function] else {}),
    }
    command = [sys.executable, "-c", PROBE, json.dumps(event)]
    result = subprocess.run(command, check=False, capture_output=True, text=True, env=environment)
    assert result.returncode == 0, result.stderr
    return dict(json.loads(result.stdout.splitlines()[-1]))


def first_calls() -> dict[str, dict[str, Any]]:
    account_id, device_id = new_id("acc", 1), new_id("dvc", 1)
    phone = {"accountId": account_id, "deviceId": device_id}
    context = {"routeKey": "$disconnect", "connectionId": "c", "connectedAt": 1, "authorizer": phone}
    return {
        "phone_gateway": {"requestContext": context},
        "dispatcher": {"Records": []},
    }


def test_every_function_is_listed() -> None:
    assert set(CLIENTS) == {path.parent.name for path in (ROOT / "functions").glob("*/handler.py")}


@pytest.mark.parametrize("function", sorted(CLIENTS))
def test_clients_are_made_while_lambda_starts_the_process(function: str) -> None:
    assert set(start(function)["made"]) == CLIENTS[function]


def test_elsewhere_nothing_is_made_before_it_is_used() -> None:
    assert start("phone_gateway", in_lambda=False)["made"] == []


@pytest.mark.parametrize("function", ["phone_gateway", "dispatcher"])
def test_the_first_call_makes_no_client_and_costs_a_fraction_of_the_start(function: str) -> None:
    """Measured: 230 ms of processor for the gateway's when it made its clients itself, 15 since."""
    seen = start(function, first_calls()[function])

    at_start, in_call = seen["spent"]
    assert seen["after"] == len(CLIENTS[function])
    assert in_call < at_start / 4

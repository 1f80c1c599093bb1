"""Functions invoked directly: the emulator keeps no log of what a WebSocket invokes, but of this it does."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from smskit.phones.logic import device_tokens
from smskit.platform.times import now_ms
from smskit_phone import Credentials
from tests.e2e.stack import Stack


@dataclass(frozen=True)
class Invocation:
    """What a function returned and logged. `failed`: it raised instead of answering."""

    answer: dict[str, Any]
    log: str
    failed: bool


def call_gateway(stack: Stack, known: Credentials, connection_id: str, body: str | None) -> Invocation:
    """The phone gateway with a frame of the phone on this connection, or with its $disconnect when there is no body."""
    parsed = device_tokens.parse(known.device_token)
    assert parsed is not None
    identity = {"principalId": known.device_id, "accountId": parsed[0], "deviceId": known.device_id}
    context = {
        "routeKey": "$disconnect" if body is None else "$default",
        "eventType": "DISCONNECT" if body is None else "MESSAGE",
        "connectionId": connection_id,
        "connectedAt": now_ms(),
        "authorizer": identity,
    }
    event = {"requestContext": context, "body": body or "", "isBase64Encoded": False}
    return invoke(stack, "phone_gateway", event)


def invoke(stack: Stack, function: str, event: dict[str, Any]) -> Invocation:
    """A function of the stack with an event."""
    name = f"smskit-emulator-{function.replace('_', '-')}"
    result = stack.aws("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode(), LogType="Tail")
    log = base64.b64decode(result.get("LogResult", "")).decode()
    return Invocation(json.loads(result["Payload"].read()), log, "FunctionError" in result)

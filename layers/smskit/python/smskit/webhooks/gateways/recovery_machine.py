"""Step Functions: one execution for an endpoint and an outage."""

from __future__ import annotations

import json
from typing import Any

from smskit import aws, settings


def start(name: str, state: dict[str, Any]) -> bool:
    """Start an execution; False when one of this name has been started before, which is as good."""
    client = aws.client("stepfunctions")
    try:
        client.start_execution(
            stateMachineArn=settings.recovery_machine(), name=name, input=json.dumps(state, separators=(",", ":"))
        )
    except client.exceptions.ExecutionAlreadyExists:
        return False
    return True

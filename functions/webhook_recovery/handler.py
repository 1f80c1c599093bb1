"""The tasks of the state machine that brings an endpoint back, or suspends it."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.platform.logs import logger
from smskit.webhooks.logic.recovery import tasks as recovery
from smskit.webhooks.logic.recovery.outage_state import outage_of

aws.prepare("dynamodb", "sqs", "kms")


def lambda_handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Do one task of an outage; the state with what comes next."""
    outage = outage_of(event["outage"])
    done = recovery.run(event["task"], outage)
    logger().info("task done", execution=outage.execution, task=event["task"], next=done.next.value, wait=done.wait)
    return done.to_state()

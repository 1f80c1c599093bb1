"""Deliveries: events, pings and replays, each to one endpoint."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.entrypoints import webhook_sender
from smskit.platform import batches

aws.prepare("dynamodb", "sqs", "kms")


def lambda_handler(event: dict[str, Any], context: object) -> batches.Failures:
    """A batch of the deliveries queue; what failed comes again."""
    return webhook_sender.handle_all(event["Records"])

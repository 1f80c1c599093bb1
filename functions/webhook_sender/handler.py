"""Deliveries: events, pings and replays, each to one endpoint."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.entrypoints import webhook_sender as deliveries
from smskit.platform import batches as records

aws.prepare("dynamodb", "sqs", "kms")


def lambda_handler(event: dict[str, Any], context: object) -> records.Failures:
    """A batch of the deliveries queue; what failed comes again."""
    return deliveries.handle_all(event["Records"])

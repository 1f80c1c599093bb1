"""Changes of jobs, from the table's stream to the deliveries queue: one message an endpoint that subscribes."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.entrypoints import event_fanout as changes

aws.prepare("dynamodb", "sqs")


def lambda_handler(event: dict[str, Any], context: object) -> changes.Failures:
    """A batch of the stream; the records that could not be queued come again."""
    return changes.fan_out(event["Records"])

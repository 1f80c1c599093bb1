"""Changes of jobs, from the table's stream to the deliveries queue: one message an endpoint that subscribes."""

from __future__ import annotations

from typing import Any

from smskit import aws
from smskit.entrypoints import event_fanout

aws.prepare("dynamodb", "sqs")


def lambda_handler(event: dict[str, Any], context: object) -> event_fanout.Failures:
    """A batch of the stream; the records that could not be queued come again."""
    return event_fanout.fan_out(event["Records"])

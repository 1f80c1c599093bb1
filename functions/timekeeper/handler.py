"""Timers that came back."""

from __future__ import annotations

import json
from typing import Any

from smskit import aws
from smskit.edge import records, timekeeper
from smskit.models.times import now_ms
from smskit.store import patience

aws.prepare("dynamodb", "sqs", "apigatewaymanagementapi")


def lambda_handler(event: dict[str, Any], context: object) -> records.Failures:
    """Act on each timer; one that fails comes back alone."""
    patience.heed(context)
    return records.each(event["Records"], _handle, records.alone, context)


def _handle(record: records.Record) -> None:
    timekeeper.handle(json.loads(record["body"]), now_ms())

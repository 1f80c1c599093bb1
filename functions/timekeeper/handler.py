"""Timers that came back."""

from __future__ import annotations

import json
from typing import Any

from smskit import aws
from smskit.entrypoints import timekeeper
from smskit.platform import batches as records
from smskit.platform import patience
from smskit.platform.times import now_ms

aws.prepare("dynamodb", "sqs", "apigatewaymanagementapi")


def lambda_handler(event: dict[str, Any], context: object) -> records.Failures:
    """Act on each timer; one that fails comes back alone."""
    patience.heed(context)
    return records.each(event["Records"], _handle, records.alone, context)


def _handle(record: records.Record) -> None:
    timekeeper.handle(json.loads(record["body"]), now_ms())

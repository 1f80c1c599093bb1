"""Timers that came back."""

from __future__ import annotations

import json
from typing import Any

from smskit import aws
from smskit.entrypoints import timekeeper
from smskit.platform import batches, patience
from smskit.platform.times import now_ms

aws.prepare("dynamodb", "sqs", "apigatewaymanagementapi")


def lambda_handler(event: dict[str, Any], context: object) -> batches.Failures:
    """Act on each timer; one that fails comes back alone. An OTP doesn't wait for the others."""
    patience.heed(context)
    return batches.each(sorted(event["Records"], key=_place), _handle, batches.alone, context)


def _place(record: batches.Record) -> int:
    try:
        return 0 if timekeeper.is_early(json.loads(record["body"])) else 1
    except ValueError:
        return 1  # its handling says what is wrong with it


def _handle(record: batches.Record) -> None:
    timekeeper.handle(json.loads(record["body"]), now_ms())

"""Messages of the test queue: jobs that test keys sent, and the steps that are played for them."""

from __future__ import annotations

import json
from typing import Any

from smskit import aws
from smskit.platform import batches, patience
from smskit.platform.times import now_ms
from smskit.test_world import logic as test_world

aws.prepare("dynamodb", "sqs")


def lambda_handler(event: dict[str, Any], context: object) -> batches.Failures:
    """Play each step; one that fails comes back alone."""
    patience.heed(context)
    return batches.each(event["Records"], _play, batches.alone, context)


def _play(record: batches.Record) -> None:
    test_world.handle(json.loads(record["body"]), now_ms())

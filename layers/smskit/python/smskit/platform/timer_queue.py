"""The timers queue: messages to ourselves that come back after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from smskit import aws, settings
from smskit.errors import QueueUnavailableError

MAX_DELAY_SECONDS = 900
BATCH = 10


def set_timer(message: Mapping[str, Any], delay_seconds: int) -> None:
    """Send a message that comes back after the delay, at most 15 minutes; a longer wait sets itself again."""
    aws.client("sqs").send_message(QueueUrl=settings.queue_url("timers"), **_entry(message, delay_seconds))


def set_timers(wanted: Sequence[tuple[Mapping[str, Any], int]]) -> None:
    """`set_timer` for several, ten a request. Raises QueueUnavailableError when one was not taken; others may have
    been."""
    for start in range(0, len(wanted), BATCH):
        entries: Any = [
            {"Id": str(position)} | _entry(message, delay)
            for position, (message, delay) in enumerate(wanted[start : start + BATCH])
        ]
        answer = aws.client("sqs").send_message_batch(QueueUrl=settings.queue_url("timers"), Entries=entries)
        if answer.get("Failed"):
            raise QueueUnavailableError(", ".join(sorted({entry["Code"] for entry in answer["Failed"]})))


def _entry(message: Mapping[str, Any], delay_seconds: int) -> dict[str, Any]:
    return {
        "MessageBody": json.dumps(message, separators=(",", ":")),
        "DelaySeconds": max(0, min(delay_seconds, MAX_DELAY_SECONDS)),
    }

"""The timers queue: messages to ourselves that come back after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from smskit import aws, settings
from smskit.platform import queue_batches

MAX_DELAY_SECONDS = 900


def set_timer(message: Mapping[str, Any], delay_seconds: int) -> None:
    """Send a message that comes back after the delay, at most 15 minutes; a longer wait sets itself again."""
    aws.client("sqs").send_message(QueueUrl=settings.queue_url("timers"), **_entry(message, delay_seconds))


def set_timers(wanted: Sequence[tuple[Mapping[str, Any], int]]) -> None:
    """`set_timer` for several, ten a request. Raises QueueUnavailableError when one wasn't taken; others may be."""
    queue_batches.send("timers", [_entry(message, delay) for message, delay in wanted])


def _entry(message: Mapping[str, Any], delay_seconds: int) -> dict[str, Any]:
    return {
        "MessageBody": json.dumps(message, separators=(",", ":")),
        "DelaySeconds": max(0, min(delay_seconds, MAX_DELAY_SECONDS)),
    }

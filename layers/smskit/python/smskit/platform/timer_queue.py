"""The timers queue, and that of long work in the background: messages to ourselves that come back after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from smskit import aws, settings
from smskit.platform import queue_batches

MAX_DELAY_SECONDS = 900


def set_timer(message: Mapping[str, Any], delay_seconds: int, queue: str = "timers") -> None:
    """Send a message that comes back after the delay, at most 15 minutes; a longer wait sets itself again."""
    aws.client("sqs").send_message(QueueUrl=settings.queue_url(queue), **_entry(message, delay_seconds))


def set_timers(wanted: Sequence[tuple[Mapping[str, Any], int]], queue: str = "timers") -> None:
    """`set_timer` for several, ten a request. Raises QueueUnavailableError when one wasn't taken; others may be."""
    queue_batches.send(queue, [_entry(message, delay) for message, delay in wanted])


def _entry(message: Mapping[str, Any], delay_seconds: int) -> dict[str, Any]:
    return {
        "MessageBody": json.dumps(message, separators=(",", ":")),
        "DelaySeconds": max(0, min(delay_seconds, MAX_DELAY_SECONDS)),
    }

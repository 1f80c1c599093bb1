"""The timers queue: messages to ourselves that come back after a while."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from smskit import aws, settings

MAX_DELAY_SECONDS = 900


def set_timer(message: Mapping[str, Any], delay_seconds: int) -> None:
    """Send a message that comes back after the delay, at most 15 minutes; a longer wait sets itself again."""
    aws.client("sqs").send_message(
        QueueUrl=settings.queue_url("timers"),
        MessageBody=json.dumps(message, separators=(",", ":")),
        DelaySeconds=max(0, min(delay_seconds, MAX_DELAY_SECONDS)),
    )

"""How long to wait between two tries at an endpoint that fails."""

from __future__ import annotations

import random

from smskit import settings

STEPS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 21_600, 36_000)
MAX_TRIES = len(STEPS) + 1


def longest_ms() -> int:
    """The longest that a wait can be."""
    return round(2 * STEPS[-1] * settings.webhook_wait_scale() * 1000)


def seconds(step: int, retry_after: int | None = None) -> int:
    """A random part of the step (full jitter), at least a second; a Retry-After counts between 1× and 2× of it."""
    length = STEPS[min(step, len(STEPS) - 1)]
    if retry_after is not None:
        chosen = float(min(max(retry_after, length), 2 * length))
    else:
        chosen = max(1.0, random.uniform(0, length))
    return round(chosen * settings.webhook_wait_scale())

"""Waiting out what DynamoDB refuses for the moment: an item in somebody's transaction, a partition at its limit."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextvars import ContextVar

from smskit.errors import ContentionError

FIRST_S, LONGEST_S = 0.02, 0.8
LIMIT_S = 4.0  # the functions on the message's path may run 5 s
RESERVE_MS = 400  # what a handler has left to say that it failed
_remaining_ms: ContextVar[Callable[[], int] | None] = ContextVar("remaining_ms", default=None)

pause = time.sleep


def heed(context: object) -> None:
    """From here on nobody waits longer than the invocation of this Lambda context may still run."""
    _remaining_ms.set(getattr(context, "get_remaining_time_in_millis", None))


def is_short(least_ms: int) -> bool:
    """Whether the invocation has less time left than this."""
    remaining = _remaining_ms.get()
    return remaining is not None and remaining() < least_ms


class Patience:
    """Random pauses, each longer than the one before on average, for as long as a handler can afford: full jitter."""

    def __init__(self) -> None:
        self._waited, self._next = 0.0, FIRST_S

    def wait(self, reason: str) -> None:
        """One pause. Raises ContentionError when there were enough."""
        nap = random.uniform(0, self._next)
        remaining = _remaining_ms.get()
        if self._waited >= LIMIT_S or (remaining is not None and remaining() < RESERVE_MS + nap * 1000):
            raise ContentionError(reason)
        self._waited, self._next = self._waited + nap, min(LONGEST_S, 2 * self._next)
        pause(nap)

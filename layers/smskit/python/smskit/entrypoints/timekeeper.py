"""Timers that came back: whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smskit.dispatch.logic import due_timers
from smskit.erasure import logic as erasure
from smskit.models.timer import BatchTimer, EraseTimer, TimerKind, timer_of
from smskit.sending.logic import batch_work

LAST = 2
_LONG = {TimerKind.BATCH, TimerKind.WITHDRAW, TimerKind.ERASE, TimerKind.DUE}


def place_of(message: Mapping[str, Any]) -> int:
    """Where the timer stands among those of one run: that of an urgent offer first, what is long and of many last.

    Raises ValueError for a kind that isn't known.
    """
    kind = TimerKind(str(message.get("kind")))
    return 0 if kind is TimerKind.EARLY else LAST if kind in _LONG else 1


def handle(message: Mapping[str, Any], now: int) -> None:
    """Act on the timer that a message is. An earlier run may have died at any step of it."""
    match timer_of(message):
        case EraseTimer() as piece:
            erasure.run(piece, now)
        case BatchTimer() as work:
            batch_work.run(work, now)
        case timer:
            due_timers.handle(timer, now)

"""Timers that came back: whose they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smskit.dispatch.logic import due_timers
from smskit.erasure import logic as erasure
from smskit.models.timer import BatchTimer, EraseTimer, TimerKind, timer_of
from smskit.sending.logic import batch_work


def is_early(message: Mapping[str, Any]) -> bool:
    """Whether somebody waits for what the timer is about, an urgent offer: it comes first of those of one run."""
    return message.get("kind") == TimerKind.EARLY


def handle(message: Mapping[str, Any], now: int) -> None:
    """Act on the timer that a message is. An earlier run may have died at any step of it."""
    match timer_of(message):
        case EraseTimer() as piece:
            erasure.run(piece, now)
        case BatchTimer() as work:
            batch_work.run(work, now)
        case timer:
            due_timers.handle(timer, now)

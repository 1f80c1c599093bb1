"""Timers that came back: whose they are."""

from __future__ import annotations

from typing import Any

from smskit.dispatch.logic import due_timers
from smskit.erasure import logic as erasure


def handle(body: dict[str, Any], now: int) -> None:
    """Act on one timer. An earlier run may have died at any step of it."""
    match body["kind"]:
        case "erase":
            erasure.run(erasure.piece_of(body), now)
        case _:
            due_timers.handle(body, now)

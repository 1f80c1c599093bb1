"""Seeds in chunks, so that all processors share them: SMSKIT_SCHEDULES sets how many, SMSKIT_SEED where to begin."""

from __future__ import annotations

import os

FIRST = int(os.environ.get("SMSKIT_SEED") or "1")


def chunks(by_default: int, variable: str = "SMSKIT_SCHEDULES") -> list[range]:
    """The seeds of a run, in some forty chunks of 50 to 500."""
    count = int(os.environ.get(variable) or by_default)
    size = max(50, min(500, count // 40))
    return [range(first, min(first + size, FIRST + count)) for first in range(FIRST, FIRST + count, size)]


def name_of(seeds: range) -> str:
    """What the report calls a chunk."""
    return f"{seeds.start}-{seeds.stop - 1}"

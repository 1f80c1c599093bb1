"""Time inside is an integer, milliseconds since the epoch; outside it is RFC 3339 UTC."""

from __future__ import annotations

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """The server's clock."""
    return time.time_ns() // 1_000_000


def rfc3339(ms: int) -> str:
    """RFC 3339 with `Z`; milliseconds are written only when there are any."""
    return f"{_second(ms)}.{ms % 1000:03d}Z" if ms % 1000 else f"{_second(ms)}Z"


def rfc3339_ms(ms: int) -> str:
    """RFC 3339 with `Z` and always three digits of a second, as frames have it."""
    return f"{_second(ms)}.{ms % 1000:03d}Z"


def _second(ms: int) -> str:
    # Not strftime: on Linux it writes years before 1000 with fewer than four digits.
    return datetime.fromtimestamp(ms // 1000, UTC).replace(tzinfo=None).isoformat(timespec="seconds")


def hour_of(ms: int) -> int:
    """Hours since the epoch: the window that pacing and rate limits count in."""
    return ms // 3_600_000


def end_of_hour(ms: int) -> int:
    """When the hour of this time ends."""
    return (hour_of(ms) + 1) * 3_600_000


def time_text(ms: int | None) -> str | None:
    """The time as the API shows it; None stays."""
    return None if ms is None else rfc3339(ms)


def clock_text(minute: int) -> str:
    """A minute of the day as `22:00`."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minute_of(text: str) -> int:
    """The minute of the day that `22:00` is."""
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)

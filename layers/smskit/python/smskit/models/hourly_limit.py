"""What a SIM may send in an hour, in segments, of which the last tenth is kept for priority 9–10."""

from __future__ import annotations

DEFAULT_HOURLY_SEGMENTS = 200


def reserve_of(limit: int) -> int:
    """What of an hour's segments is kept: the last tenth."""
    return limit // 10


def ever_fits(segments: int, limit: int, urgent: bool) -> bool:
    """Whether a job of this size and urgency fits into a whole hour of a SIM with this limit."""
    return segments <= (limit if urgent else limit - reserve_of(limit))

"""Retry-After (RFC 9110 section 10.2.3)."""

from __future__ import annotations

import re
from datetime import UTC
from email.utils import parsedate_to_datetime

MAX_SECONDS = 86_400
_DIGITS = re.compile(r"[0-9]+", re.ASCII)


def retry_after_seconds(value: str | None, now_s: float) -> int | None:
    """Seconds to wait, 0 to a day, from either form of the header; None without one that can be read."""
    text = (value or "").strip()
    if _DIGITS.fullmatch(text):
        return min(int(text.lstrip("0")[:9] or "0"), MAX_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
        wait = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() - now_s
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0, min(round(wait), MAX_SECONDS))

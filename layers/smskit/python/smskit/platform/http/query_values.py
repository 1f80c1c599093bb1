"""Values of query parameters, checked by what they mean."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from pydantic_core import PydanticCustomError

from smskit.platform.http import patterns

_MOMENT = re.compile(patterns.MOMENT.replace(patterns.YEAR, "[0-9]{4}"), re.ASCII)
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9998, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)


def moment_text(text: str | None) -> str | None:
    """A validator: an RFC 3339 time."""
    if text is None:
        return None
    try:
        moment = _moment(text)
    except ValueError:
        raise PydanticCustomError("time", "must be an RFC 3339 time, such as 2026-06-23T10:00:00Z") from None
    if not _FIRST.year <= moment.year <= _LAST.year:
        raise PydanticCustomError("time", f"must be a time of the years {_FIRST.year} to {_LAST.year}")
    return text


def moment_ms(text: str) -> int:
    """Milliseconds since the epoch, of a text that `moment_text` lets through.

    What its offset puts outside of the years counts as their end.
    """
    moment = min(max(_moment(text), _FIRST), _LAST)
    return round(moment.timestamp() * 1000)


def _moment(text: str) -> datetime:
    """Raises ValueError. A plus sign in a query arrives as a space."""
    written = text.replace(" ", "+")
    if not _MOMENT.fullmatch(written):
        raise ValueError("no RFC 3339 time")
    return datetime.fromisoformat(written)


def truth(text: object) -> bool:
    """A validator: `true` or `false`."""
    if text in (True, "true"):
        return True
    if text in (False, "false"):
        return False
    raise PydanticCustomError("truth", "must be true or false")


def plus_kept(number: str) -> str:
    """A number as it was meant: a plus sign in a query is a space unless it is written as %2B."""
    return "+" + number.strip() if number.startswith(" ") else number


def day_text(text: str | None) -> str | None:
    """A validator: a date."""
    if text is None:
        return None
    try:
        if date.fromisoformat(text).isoformat() != text or not "1970-01-02" <= text <= "9998-12-31":
            raise ValueError
    except ValueError:
        raise PydanticCustomError("date", "must be a date, such as 2026-06-23") from None
    return text

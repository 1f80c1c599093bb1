"""Values of query parameters, checked by what they mean."""

from __future__ import annotations

from datetime import date, datetime

from pydantic_core import PydanticCustomError

from smskit.models.job import JobStatus


def job_status_name(text: str | None) -> str | None:
    """A validator: the name of a state of jobs."""
    if text is not None and text not in set(JobStatus):
        raise PydanticCustomError("status", "must be one of " + ", ".join(JobStatus))
    return text


def moment_text(text: str | None) -> str | None:
    """A validator: an RFC 3339 time."""
    if text is None:
        return None
    try:
        moment_ms(text)
    except (ValueError, OverflowError):
        raise PydanticCustomError("time", "must be an RFC 3339 time, such as 2026-06-23T10:00:00Z") from None
    return text


def moment_ms(text: str) -> int:
    """Milliseconds since the epoch. Raises ValueError. A plus sign in a query arrives as a space."""
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    if moment.tzinfo is None or "T" not in text:
        raise ValueError("no time zone")
    ms = round(moment.timestamp() * 1000)
    if ms < 0:
        raise ValueError("before the epoch")
    return ms


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

"""When a message may be due that is to be sent later."""

from __future__ import annotations

from smskit.errors import InvalidSendAtError

MOST_AHEAD_SECONDS = 30 * 86_400


def require(send_at: int, now: int) -> None:
    """A time, ms, from this second to 30 days ahead. Raises InvalidSendAtError."""
    if send_at // 1000 < now // 1000:
        raise InvalidSendAtError("sendAt must not lie in the past")
    if send_at > now + MOST_AHEAD_SECONDS * 1000:
        raise InvalidSendAtError(f"sendAt must be at most {MOST_AHEAD_SECONDS // 86_400} days ahead")

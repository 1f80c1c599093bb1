"""The timer that sees to what follows from a change of a phone."""

from __future__ import annotations

from smskit.models.timer import PhoneTimer, message_of
from smskit.platform import timer_queue


def set_phone_check(
    account_id: str, device_id: str, delay_seconds: int, scope: str | None = None, after: str = ""
) -> None:
    """Bring about what follows from a change of a phone; with `scope`, in one stretch of a pool behind `after` only."""
    timer_queue.set_timer(message_of(PhoneTimer(account_id, device_id, scope, after)), delay_seconds)

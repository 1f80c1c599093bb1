"""The timer that sees to what follows from a change of a phone."""

from __future__ import annotations

from typing import Any

from smskit.platform import timer_queue


def set_phone_check(account_id: str, device_id: str, delay_seconds: int, **more: Any) -> None:
    """Bring about what follows from a change of a phone; with `scope` and `after`, in one stretch of a pool only."""
    timer_queue.set_timer("phone", {"accountId": account_id, "deviceId": device_id} | more, delay_seconds)

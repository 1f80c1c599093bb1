"""Whether a phone is heard: the one rule of `Device.is_silent`, without a read for every message.

A process remembers when a phone was heard. That stays true, so the phone is read again only when it would be silent by
that.
"""

from __future__ import annotations

from collections import OrderedDict

from smskit.caches import kept
from smskit.models.device import silent_before
from smskit.phones.store import devices

_REMEMBERED = 1_000
_heard_at: OrderedDict[str, int] = kept(OrderedDict())


def forget() -> None:
    """Be as a new process."""
    _heard_at.clear()


def is_heard(account_id: str, device_id: str, now: int) -> bool:
    """Whether the phone was heard within two heartbeats."""
    for consistent in (False, True):  # an older copy may call a phone silent that has just come back
        if _heard_at.get(device_id, 0) >= silent_before(now):
            return True
        device = devices.get(account_id, device_id, consistent=consistent)
        _remember(device_id, (device.heartbeat_at if device else None) or 0)
    return _heard_at[device_id] >= silent_before(now)


def _remember(device_id: str, heard_at: int) -> None:
    _heard_at[device_id] = heard_at
    _heard_at.move_to_end(device_id)
    if len(_heard_at) > _REMEMBERED:
        _heard_at.popitem(last=False)

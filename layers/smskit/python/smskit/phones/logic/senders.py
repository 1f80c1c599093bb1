"""Which SIMs could send now, for who is about to: a bounded look that reserves nothing."""

from __future__ import annotations

from collections.abc import Sequence

from smskit.models.lane import Lane
from smskit.phones.store import devices, lanes


def of_account(account_id: str, now: int) -> tuple[list[Lane], bool]:
    """Online, enabled SIMs whose phone is heard, and whether there may be more: at most `lanes.ONLINE_PAGE` are looked
    at, in three requests. Eventually consistent."""
    keys, more = lanes.online_page(account_id)
    return [
        lane.at(now) for device, lane in devices.get_lanes(keys) if lane.is_online and not device.is_silent(now)
    ], more


def of_devices(account_id: str, device_ids: Sequence[str], now: int) -> list[Lane]:
    """The same of these phones, in one request each; what is no phone of the account has none."""
    found: list[Lane] = []
    for device_id in dict.fromkeys(device_ids):
        device, its_lanes = devices.get_with_lanes(account_id, device_id)
        if device is not None and device.is_enabled and not device.is_revoked and not device.is_silent(now):
            found += [lane.at(now) for lane in its_lanes if lane.is_online]
    return found

"""The numbers of SIMs, as far as their phones have said."""

from __future__ import annotations

from collections.abc import Iterable

from smskit.models.lane import LaneKey
from smskit.phones.store import devices


def of_lanes(keys: Iterable[LaneKey | None]) -> dict[LaneKey, str]:
    """The numbers of those that have one; nothing is asked where there are no keys. Eventually consistent."""
    lanes = [lane for _, lane in devices.get_lanes(list({key for key in keys if key is not None}))]
    return {lane.key: lane.phone_number for lane in lanes if lane.phone_number is not None}

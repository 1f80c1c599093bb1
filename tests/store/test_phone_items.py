"""Phones and lanes as stored, at the edges that a message's path seldom meets."""

from __future__ import annotations

from dataclasses import asdict, astuple

import pytest

from smskit.models.device import Device, PhoneState
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import devices, lanes
from smskit.platform import table
from tests.support.aws import Cloud

ACCOUNT, DEVICE = "acc_7H2K9M4P1Q6R3T8V5W0X", "dvc_3K7J2H5F8M1N4Q9R6V0W"


def test_a_phone_that_isnt_there_is_none(cloud: Cloud) -> None:
    assert devices.get(ACCOUNT, DEVICE) is None
    assert devices.get_with_lanes(ACCOUNT, DEVICE) == (None, [])


def test_a_phone_may_be_used_and_has_never_connected_unless_it_says_otherwise() -> None:
    phone, lane = Device(ACCOUNT, DEVICE, "Pixel 6", "hash"), Lane(LaneKey(ACCOUNT, DEVICE, 0), version=1)
    assert phone.bar is None and not phone.is_connected
    assert (lane.connected_at, lane.is_online) == (0, False)


@pytest.mark.parametrize("spread", [1, 2, 12])
def test_a_lane_remembers_how_wide_it_looks(cloud: Cloud, spread: int) -> None:
    key = LaneKey(ACCOUNT, DEVICE, 0)
    phone = Device(ACCOUNT, DEVICE, "Pixel 6", "hash")
    table.transact(devices.create_ops(phone, [Lane(key, spread=spread, version=1)]))
    stored = lanes.get(key)
    assert stored is not None and stored.spread == spread


def test_all_that_a_phone_says_of_itself_is_kept_until_it_says_otherwise(cloud: Cloud) -> None:
    table.transact(devices.create_ops(Device(ACCOUNT, DEVICE, "Pixel 6", "hash", connection_id="c"), []))
    said = PhoneState("1.4.0", 87, True, "LTE", 0, False)
    assert None not in astuple(said)
    devices.record_heartbeat(ACCOUNT, DEVICE, "c", 1, said)
    phone = devices.record_heartbeat(ACCOUNT, DEVICE, "c", 2, PhoneState())
    assert phone is not None and PhoneState(**{name: getattr(phone, name) for name in asdict(said)}) == said

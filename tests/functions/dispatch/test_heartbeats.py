"""A day of a phone's heartbeats, kept in the phone's own item."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from smskit import aws
from smskit.phones.store import devices
from smskit.platform.times import now_ms
from tests.support.aws import Cloud
from tests.support.meter import Meter
from tests.support.world import World


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def test_a_days_heartbeats_are_kept_in_the_phones_own_item(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    meter = Meter(aws.session())
    aws.client.cache_clear()
    for _ in range(30 * 12 + 5):
        world.clock.shift(300)
        meter.reset()
        phone.say({"type": "heartbeat", "batteryLevel": 77, "signalStrength": 0, "sims": []})
        assert meter.requests["dynamodb.UpdateItem"] == 1
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None
    hour = now_ms() // 3_600_000
    assert sorted(device.beats) == list(range(hour - 23, hour + 1))
    full = device.beats[hour - 1]
    assert (full.count, full.battery_level, full.signal_strength) == (12, 77, 0)
    assert meter.wru <= 2, "one unit for the item and one for its index"
    phone.drop()
    world.clock.shift(3 * 86_400)
    phone.connect()
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and list(device.beats) == [now_ms() // 3_600_000]

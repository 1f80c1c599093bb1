"""The console's list of phones: since when one is offline, its last day, and the names of those that are gone."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.accounts.logic import accounts
from smskit.platform.times import now_ms
from tests.support import console
from tests.support.console import Console
from tests.support.world import World


@pytest.fixture
def home(world: World) -> Console:
    world.account_id = accounts.create("Acme", now_ms()).account_id
    return Console(console.person("operator", world.account_id))


def listed(home: Console) -> dict[str, Any]:
    (phone,) = home.get("/console/devices").body["devices"]
    assert home.get(f"/console/devices/{phone['deviceId']}").body == phone
    return dict(phone)


def test_a_phone_says_since_when_it_is_offline(world: World, home: Console) -> None:
    phone = world.add_phone()
    assert "offlineSince" not in listed(home), "it has never been online"
    phone.connect()
    assert (listed(home)["status"], listed(home).get("offlineSince")) == ("Online", None)
    world.clock.shift(60)
    phone.drop()
    assert (listed(home)["status"], listed(home)["offlineSince"]) == ("Offline", "2026-06-23T10:01:00Z")
    world.clock.shift(60)
    phone.connect()
    assert "offlineSince" not in listed(home)


def test_a_silent_phone_is_offline_since_it_counts_as_silent_also_before_it_is_given_up(
    world: World, home: Console
) -> None:
    phone = world.add_phone()
    phone.connect()
    world.clock.shift(630)
    shown = listed(home)
    assert (shown["status"], shown["offlineSince"]) == ("Offline", "2026-06-23T10:10:00Z")


def test_a_phones_last_day_is_in_the_list(world: World, home: Console) -> None:
    phone = world.add_phone()
    phone.connect()
    first = listed(home)["heartbeats"]
    assert len(first) == 24 and first[:23] == [0] * 23
    world.clock.shift(7200)
    phone.connect()
    phone.say({"type": "heartbeat", "batteryLevel": 77, "signalStrength": 3, "sims": [{"simSlot": 0, "isReady": True}]})
    shown = listed(home)["heartbeats"]
    log = home.get(f"/console/devices/{phone.device_id}/heartbeats").body["hours"]
    assert shown == [hour["heartbeats"] for hour in log]
    assert shown[21] == first[23] and shown[22] == 0 and shown[23] > 0


def test_a_removed_phone_is_known_by_its_name(world: World, home: Console) -> None:
    gone, kept = world.add_phone(), world.add_phone()
    home.patch(f"/console/devices/{gone.device_id}", {"name": "Old desk"})
    assert home.get("/console/devices").body["removed"] == []
    assert home.delete(f"/console/devices/{gone.device_id}").status == 200
    shown = home.get("/console/devices").body
    assert [phone["deviceId"] for phone in shown["devices"]] == [kept.device_id]
    assert shown["removed"] == [{"deviceId": gone.device_id, "name": "Old desk"}]

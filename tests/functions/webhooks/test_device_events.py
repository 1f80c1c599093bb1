"""device:online and device:offline, from the stream of the devices table to the customer's endpoint."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smskit.entrypoints import event_fanout
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange
from tests.support.fleet import Fleet
from tests.support.webhooks import Webhooks
from tests.support.world import FakeRadioPhone


@pytest.fixture
def fleet(hooks: Webhooks) -> Iterator[Fleet]:
    yield Fleet(hooks, "device:online", "device:offline")


def beat(phone: FakeRadioPhone) -> None:
    phone.say({"type": "heartbeat", "batteryLevel": 77, "signalStrength": 3, "sims": [{"simSlot": 0, "isReady": True}]})


def test_a_phone_that_comes_and_goes_is_two_events_with_their_times(fleet: Fleet) -> None:
    phone = fleet.world.add_phone()
    phone.connect()
    fleet.clock.shift(60)
    beat(phone)
    fleet.clock.shift(30)
    phone.drop()
    assert fleet.events() == ["device:online", "device:offline"]
    online, offline = fleet.heard()
    about = {"deviceId": phone.device_id, "name": "Phone"}
    assert online == {
        "event": "device:online", "eventId": online["eventId"], **about, "at": "2026-06-23T10:00:00Z",
    }  # fmt: skip
    assert offline == {
        "event": "device:offline", "eventId": offline["eventId"], **about, "at": "2026-06-23T10:01:30Z",
        "lastHeartbeatAt": "2026-06-23T10:01:00Z",
    }  # fmt: skip
    assert {call.event_id for call in fleet.hook.calls} == {online["eventId"], offline["eventId"]}


def test_what_a_phone_does_while_it_is_online_invokes_nothing(fleet: Fleet) -> None:
    phone = fleet.world.add_phone(sims=2)
    phone.connect()
    assert len(fleet.records()) == 1, "of the phone, its lanes and their markers only the phone itself is told"
    for _ in range(3):
        fleet.clock.shift(60)
        beat(phone)
        fleet.world.job()
        fleet.world.pump()
        phone.report("Sent", *phone.take_offers())
    assert fleet.records() == []


def test_another_connection_in_place_of_the_first_is_no_event(fleet: Fleet) -> None:
    phone = fleet.world.add_phone()
    phone.connect()
    fleet.clock.shift(60)
    phone.connect()
    assert fleet.events() == ["device:online"]


@pytest.mark.parametrize("process", ["the same process", "a new process"])
def test_records_that_come_twice_are_one_event_each(fleet: Fleet, process: str) -> None:
    phone = fleet.world.add_phone()
    for _ in range(2):
        phone.connect()
        fleet.clock.shift(10)
        phone.drop()
        fleet.clock.shift(10)
    records = fleet.records()
    told = fleet.tell(records)
    assert told == ["device:online", "device:offline"] * 2
    if process == "a new process":
        event_fanout.forget()
    fleet.clock.shift(60)
    assert fleet.tell(records) == told
    assert len({event["eventId"] for event in fleet.hook.events()}) == 4


def test_a_silent_phone_goes_offline_and_comes_back_when_it_speaks_on_the_same_connection(fleet: Fleet) -> None:
    phone = fleet.world.add_phone()
    phone.connect()
    for _ in range(2):
        fleet.clock.shift(11 * 60)
        fleet.world.tick()
        fleet.clock.shift(60)
        beat(phone)
    assert fleet.events() == ["device:online", "device:offline", "device:online", "device:offline", "device:online"]
    assert len({event["eventId"] for event in fleet.hook.events()}) == 5
    assert [event["at"][11:16] for event in fleet.heard()] == ["10:00", "10:11", "10:12", "10:23", "10:24"]


@pytest.mark.parametrize("end", ["disabled", "revoked"])
def test_a_phone_that_is_cut_off_goes_offline(fleet: Fleet, end: str) -> None:
    phone = fleet.world.add_phone()
    phone.connect()
    fleet.clock.shift(5)
    if end == "disabled":
        device_settings.change(fleet.world.account_id, phone.device_id, DeviceChange(is_enabled=False))
    else:
        device_settings.revoke(fleet.world.account_id, phone.device_id)
    fleet.world.pump()
    assert fleet.events() == ["device:online", "device:offline"]


def test_a_late_connect_is_told_behind_the_disconnect_that_went_before(fleet: Fleet) -> None:
    """The new connection was made before the end of the old one was handled: it came behind that all the same."""
    phone = fleet.world.add_phone()
    phone.connect()
    fleet.clock.shift(10)
    phone.drop()
    fleet.clock.shift(-2)
    phone.connect(hello=False)
    assert fleet.events() == ["device:online", "device:offline", "device:online"]
    assert [event["at"] for event in fleet.heard()][1:] == ["2026-06-23T10:00:10Z", "2026-06-23T10:00:10.001Z"]


def test_a_new_phone_is_told_once_it_connects(fleet: Fleet) -> None:
    phone = fleet.world.add_phone()
    assert fleet.events() == []
    phone.connect()
    assert fleet.events() == ["device:online"]

"""sim:unhealthy and sim:healthy, from the markers in the devices table to the customer's endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from smskit.entrypoints import event_fanout
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange
from smskit.phones.store import lanes
from tests.support.fleet import Fleet
from tests.support.path import lane_of
from tests.support.setbacks import backlog, connected, fail_all
from tests.support.webhooks import Webhooks
from tests.support.world import FakeRadioPhone


@pytest.fixture
def fleet(hooks: Webhooks) -> Iterator[Fleet]:
    yield Fleet(hooks, "sim:unhealthy", "sim:healthy")


@pytest.fixture
def phone(fleet: Fleet) -> FakeRadioPhone:
    made = connected(fleet.world)
    lane = lane_of(fleet.world, made)
    lanes.save(lane, replace(lane, phone_number="+254700000001"))
    return made


def fall_ill(fleet: Fleet, phone: FakeRadioPhone) -> None:
    backlog(fleet.world, 4)
    fleet.world.pump()
    fail_all(phone, "no_service")


def recover(fleet: Fleet, phone: FakeRadioPhone) -> None:
    while not phone.offers:
        fleet.world.advance(1)
    offer = phone.offers.pop(0)
    phone.claim(offer)
    phone.report("Sent", offer)


def test_a_sim_that_fails_and_sends_again_is_two_events_with_what_is_known_of_it(
    fleet: Fleet, phone: FakeRadioPhone
) -> None:
    fall_ill(fleet, phone)
    recover(fleet, phone)
    assert fleet.events() == ["sim:unhealthy", "sim:healthy"]
    ill, well = fleet.heard()
    about = {
        "deviceId": phone.device_id, "simSlot": 0, "carrierName": "Safaricom", "phoneNumber": "+254700000001",
    }  # fmt: skip
    assert ill == {
        "event": "sim:unhealthy", "eventId": ill["eventId"], **about, "at": "2026-06-23T10:00:00Z",
        "sentShare": 0.0, "tries": 3, "restsUntil": "2026-06-23T10:00:30Z",
    }  # fmt: skip
    assert well == {"event": "sim:healthy", "eventId": well["eventId"], **about, "at": well["at"]}
    assert well["at"] > ill["at"]


def test_one_that_goes_on_failing_is_told_once(fleet: Fleet, phone: FakeRadioPhone) -> None:
    fall_ill(fleet, phone)
    for _ in range(3):
        while not phone.offers:
            fleet.world.advance(1)
        fail_all(phone, "no_service")
    assert fleet.events() == ["sim:unhealthy"]


def test_a_sim_that_sends_what_it_is_given_is_not_told_of(fleet: Fleet, phone: FakeRadioPhone) -> None:
    for _ in range(4):
        backlog(fleet.world, 1)
        fleet.world.pump()
        recover(fleet, phone)
    backlog(fleet.world, 2)
    fleet.world.pump()
    phone.claim(phone.offers[0])
    phone.report("Failed", phone.offers.pop(0), error="no_service")
    assert [record for record in fleet.records() if "health" in str(record)] == []


@pytest.mark.parametrize("process", ["the same process", "a new process"])
def test_records_that_come_twice_are_one_event_each(fleet: Fleet, phone: FakeRadioPhone, process: str) -> None:
    for _ in range(2):
        fall_ill(fleet, phone)
        recover(fleet, phone)
    records = fleet.records()
    told = fleet.tell(records)
    assert sorted(told) == ["sim:healthy"] * 2 + ["sim:unhealthy"] * 2
    if process == "a new process":
        event_fanout.forget()
    fleet.clock.shift(60)
    assert fleet.tell(records) == told
    assert len({event["eventId"] for event in fleet.hook.events()}) == 4


def test_changes_of_one_millisecond_are_events_of_their_own(fleet: Fleet) -> None:
    """Ill and well, twice, by what a phone says of messages that it was given before."""
    phone = fleet.world.add_phone()
    phone.window = 8
    phone.connect()
    backlog(fleet.world, 8)
    fleet.world.pump()
    offers = phone.take_offers()
    phone.claim(*offers)
    for first in (0, 4):
        phone.report("Failed", *offers[first : first + 3], error="no_service")
        phone.report("Sent", offers[first + 3])
    assert sorted(fleet.events()) == ["sim:healthy"] * 2 + ["sim:unhealthy"] * 2
    assert len({event["eventId"] for event in fleet.hook.events()}) == 4


@pytest.mark.parametrize("end", ["disabled", "revoked", "SIM disabled", "gone"])
def test_a_sim_that_is_taken_out_of_use_is_not_told_as_healthy(fleet: Fleet, phone: FakeRadioPhone, end: str) -> None:
    fall_ill(fleet, phone)
    account_id = fleet.world.account_id
    match end:
        case "disabled":
            device_settings.change(account_id, phone.device_id, DeviceChange(is_enabled=False))
            device_settings.change(account_id, phone.device_id, DeviceChange(is_enabled=True))
        case "revoked":
            device_settings.revoke(account_id, phone.device_id)
        case "SIM disabled":
            lane = lane_of(fleet.world, phone)
            lanes.save(lane, replace(lane, is_enabled=False))
        case _:
            phone.sims = 0
            phone.connect()
    fleet.world.pump()
    assert fleet.events() == ["sim:unhealthy"]

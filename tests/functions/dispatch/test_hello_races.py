"""A phone says hello while people change it: what they set holds, and no SIM of a phone that they stopped gets work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from smskit import aws
from smskit.dispatch.logic import hello, phone_changes
from smskit.errors import ConditionFailedError
from smskit.models.lane import Lane, LaneKey
from smskit.phones.logic import lanes as phone_lanes
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from smskit.phones.store import devices, lanes
from smskit.platform.times import now_ms
from tests.functions.dispatch.test_races import once_before
from tests.support.aws import Cloud
from tests.support.meter import Meter
from tests.support.world import FakeRadioPhone, World


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def its_lanes(world: World, phone: FakeRadioPhone) -> list[Lane]:
    return lanes.of_device(world.account_id, phone.device_id)


def disable(world: World, phone: FakeRadioPhone) -> None:
    device_settings.change(world.account_id, phone.device_id, DeviceChange(is_enabled=False))


def revoke(world: World, phone: FakeRadioPhone) -> None:
    device_settings.revoke(world.account_id, phone.device_id)


MOMENTS = {
    "before it is recorded": (devices, "record_heartbeat"),
    "before its lanes come online": (hello, "_bring_online"),
    "before its lanes are compared": (phone_lanes, "match_sims"),
    "before its lanes are written": (lanes, "save_all"),
    "before a lane is written": (lanes, "save"),
}


@pytest.mark.parametrize("moment", [name for name in MOMENTS if "are written" not in name])
@pytest.mark.parametrize("own", [False, True], ids=["the phone's", "the SIM's own"])
def test_a_limit_that_is_set_during_a_hello_holds(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str, own: bool
) -> None:
    phone = world.add_phone()
    phone.connect()

    def limit() -> None:
        if own:
            device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(limit=5))
        else:
            device_settings.change(world.account_id, phone.device_id, DeviceChange(limit=5))

    phone.drop()
    phone.connect(hello=False)
    once_before(monkeypatch, *MOMENTS[moment], limit)
    assert phone.say(phone.hello_frame())["type"] == "welcome"
    world.advance(30)
    phone.say({"type": "heartbeat", "sims": []})
    (lane,) = its_lanes(world, phone)
    assert (lane.limit, lane.left) == (5, 5)
    for _ in range(12):
        world.job(9)
    world.pump()
    sent = 0
    while offers := phone.take_offers():
        phone.claim(*offers)
        phone.report("Sent", *offers)
        sent += len(offers)
    assert sent == 5


@pytest.mark.parametrize("moment", [name for name in MOMENTS if "a lane" not in name])
def test_a_limit_that_is_set_while_a_sim_is_added_is_shared(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    phone = world.add_phone()
    phone.connect()
    phone.drop()
    phone.sims = 2
    phone.connect(hello=False)
    changed = DeviceChange(limit=10)
    once_before(
        monkeypatch, *MOMENTS[moment], lambda: device_settings.change(world.account_id, phone.device_id, changed)
    )
    phone.say(phone.hello_frame())
    assert [(lane.limit, lane.left) for lane in its_lanes(world, phone)] == [(5, 5), (5, 5)]


@pytest.mark.parametrize("moment", [name for name in MOMENTS if "a lane" not in name])
@pytest.mark.parametrize("stop", [disable, revoke])
@pytest.mark.parametrize("sims_before", [0, 1])
def test_a_new_sim_of_a_phone_that_is_stopped_meanwhile_gets_no_work(
    world: World, monkeypatch: pytest.MonkeyPatch, moment: str, stop: Callable[..., None], sims_before: int
) -> None:
    phone = world.add_phone(sims=sims_before)
    if sims_before:
        phone.connect()
        phone.drop()
    phone.sims = 2
    phone.connect(hello=False)
    connection = phone.connection
    once_before(monkeypatch, *MOMENTS[moment], lambda: stop(world, phone))
    assert phone.say(phone.hello_frame())["code"] == "replaced"
    world.job(9)
    world.pump("urgent")
    assert not phone.take_offers()
    assert all(lane.barred for lane in its_lanes(world, phone))
    world.pump()
    assert not phone.take_offers() and connection in world.wire.closed


def test_a_lane_that_its_phone_belies_is_barred_by_what_follows_a_change(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    disable(world, phone)
    (lane,) = its_lanes(world, phone)
    lanes.save(lane, replace(lane, barred=None))
    assert [item for item in world.cloud.items("devices") if item["sk"].startswith("ready#")]
    world.pump()
    assert [lane.barred for lane in its_lanes(world, phone)] == ["disabled"]
    assert not [item for item in world.cloud.items("devices") if item["sk"].startswith("ready#")]


def test_following_an_old_change_bars_nothing_that_was_enabled_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone()
    phone.connect()
    disable(world, phone)
    (lane,) = its_lanes(world, phone)
    lanes.save(lane, replace(lane, barred=None))
    enabled = DeviceChange(is_enabled=True)
    once_before(
        monkeypatch, lanes, "save_all", lambda: device_settings.change(world.account_id, phone.device_id, enabled)
    )
    phone_changes.follow(world.account_id, phone.device_id, now_ms())
    assert [lane.barred for lane in its_lanes(world, phone)] == [None]


def test_a_sim_that_is_taken_out_leaves_its_share_to_the_others(world: World) -> None:
    phone = world.add_phone(sims=2, limit=10)
    phone.connect()
    phone.drop()
    phone.sims = 1
    phone.connect()
    assert [(lane.limit, lane.is_online) for lane in its_lanes(world, phone)] == [(10, True), (5, False)]
    key = LaneKey(world.account_id, phone.device_id, 1)
    phone.drop()
    phone.sims = 2
    phone.connect()
    assert [lane.limit for lane in its_lanes(world, phone)] == [5, 5]
    assert lanes.get(key).is_online


def test_a_hello_lifts_the_bar_off_a_sim_that_is_taken_out_as_well(world: World) -> None:
    """Whoever enabled the phone again died before its lanes were followed up."""
    phone = world.add_phone(sims=2)
    phone.connect()
    for lane in its_lanes(world, phone):
        lanes.save(lane, replace(lane, barred="disabled"))
    phone.drop(disconnect=False)
    phone.sims = 1
    phone.connect()
    assert [lane.barred for lane in its_lanes(world, phone)] == [None, None]


def test_a_usual_hello_writes_the_phone_once_and_each_lane_once(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    phone.drop()
    meter = Meter(aws.session())
    aws.client.cache_clear()
    phone.connect(hello=False)
    meter.reset()
    phone.say(phone.hello_frame())
    writes = {name: count for name, count in meter.requests.items() if "Item" in name and "Get" not in name}
    assert writes == {"dynamodb.UpdateItem": 1, "dynamodb.TransactWriteItems": 2}


def test_a_limit_that_is_set_while_the_first_lane_is_made_holds_for_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who sets it has read a phone without a lane: nothing that it would have written meets what the hello writes."""
    phone = world.add_phone(limit=20)
    once_before(monkeypatch, lanes, "save_all", lambda: phone.connect() and None)
    device_settings.change(world.account_id, phone.device_id, DeviceChange(limit=10))
    assert [(lane.limit, lane.left) for lane in its_lanes(world, phone)] == [(10, 10)]


def test_a_phone_that_is_renamed_while_it_leaves_a_sim_out_loses_no_limit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone(sims=2, limit=20)
    phone.connect()
    phone.drop()
    phone.sims = 1
    phone.connect(hello=False)
    renamed = DeviceChange(name="Kitchen")
    once_before(
        monkeypatch, hello, "_bring_lane_online",
        lambda: device_settings.change(world.account_id, phone.device_id, renamed),
    )  # fmt: skip
    phone.say(phone.hello_frame())
    there, left_out = its_lanes(world, phone)
    assert (there.limit, left_out.is_without_sim) == (20, True)


def connect_with(world: World, phone: FakeRadioPhone, sims: int) -> None:
    world.clock.shift(2)
    phone.sims = sims
    phone.connect()


def test_a_late_hello_of_a_replaced_connection_shares_nothing_anew(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It names one SIM, and gives that the whole limit when the phone, which is back with both, has read its lanes."""
    phone = world.add_phone(sims=2, limit=20)
    phone.connect()
    phone.drop()
    phone.sims = 1
    phone.connect(hello=False)
    save = lanes.save_all

    def land_late(*late: Any) -> list[Lane]:
        monkeypatch.setattr(lanes, "save_all", save)
        landed: list[list[Lane]] = []

        def land() -> None:
            with suppress(ConditionFailedError):
                landed.append(save(*late))

        once_before(monkeypatch, phone_lanes, "match_sims", land)
        connect_with(world, phone, 2)
        if not landed:
            raise ConditionFailedError(None)
        return landed[0]

    monkeypatch.setattr(lanes, "save_all", land_late)
    assert phone.say(phone.hello_frame())["code"] == "replaced"
    assert [(lane.limit, lane.is_online) for lane in its_lanes(world, phone)] == [(10, True), (10, True)]


def test_a_late_hello_of_a_replaced_connection_brings_no_sim_back_that_a_later_one_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone(sims=2, limit=20)
    phone.connect()
    phone.drop()
    phone.connect(hello=False)
    once_before(monkeypatch, hello, "_bring_lane_online", lambda: connect_with(world, phone, 1))
    phone.say(phone.hello_frame())
    job = world.job(9)
    world.pump("urgent")
    (offer,) = phone.take_offers()
    phone.claim(offer)
    phone.report("Sent", offer)
    there, left_out = its_lanes(world, phone)
    assert offer["jobId"] == job.job_id
    assert (there.limit, there.is_online) == (20, True)
    assert left_out.is_without_sim

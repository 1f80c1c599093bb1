"""Figures on the message's path: when an offer ends, how far timers are spread, what a read costs, what is too much."""

from __future__ import annotations

from typing import Any

import pytest

from smskit import settings
from smskit.dispatch.logic import timers
from smskit.models.lane import LaneKey
from smskit.phones.logic import presence
from smskit.phones.store import devices
from smskit.platform.times import now_ms, rfc3339_ms
from tests.support.path import kinds, lane_of, watch_timers
from tests.support.world import World


def test_an_offer_says_to_the_millisecond_until_when_it_may_be_claimed(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    world.job()
    world.pump()
    (offer,) = phone.take_offers()
    assert offer["claimBy"] == rfc3339_ms(now_ms() + settings.timeouts().claim * 1000)


def test_lanes_that_lost_to_others_look_again_within_one_to_four_seconds(world: World) -> None:
    made = watch_timers()
    for _ in range(100):
        timers.set_fill(LaneKey(world.account_id, "dvc_" + "0" * 20, 0))
    assert {body["delay"] for body in made} == {1, 2, 3, 4}


def test_no_timer_looks_after_no_job(world: World) -> None:
    made = watch_timers()
    timers.set_match([], 1)
    assert not made
    timers.set_match([world.job()], 1)
    assert kinds(made) == ["match"]


def test_a_phone_is_read_at_half_the_price_first_and_strongly_before_it_counts_as_silent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone()
    phone.connect()
    real, reads = devices.get, list[bool]()

    def get(*key: str, consistent: bool = True) -> Any:
        reads.append(consistent)
        return real(*key, consistent=consistent)

    monkeypatch.setattr(devices, "get", get)
    presence.forget()
    assert presence.is_heard(world.account_id, phone.device_id, now_ms()) and reads == [False]
    world.clock.shift(601)
    assert not presence.is_heard(world.account_id, phone.device_id, now_ms()) and reads == [False, False, True]


def test_the_21st_unusable_frame_of_a_minute_closes_the_connection(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    for _ in range(2):
        assert [phone.say({"type": "nothing"})["type"] for _ in range(20)] == ["error"] * 20
        assert phone.connection in world.wire.open
        world.clock.shift(60)
    for _ in range(21):
        phone.say({"type": "nothing"})
    assert phone.connection not in world.wire.open


def test_a_sim_that_was_unusable_and_is_gone_has_no_connection(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    phone.say({"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}, {"simSlot": 1, "isReady": False}]})
    assert not lane_of(world, phone, 1).sim_ready
    phone.drop(disconnect=False)
    phone.sims = 1
    phone.connect()
    assert lane_of(world, phone, 1).connection_id is None

"""The moments between two writes: each test lets the other side act, or the handler die, exactly there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from smskit.dispatch.logic import dispatch, lane_filling, matching
from smskit.dispatch.store import pool
from smskit.models.job import JobStatus
from smskit.models.lane import LaneKey
from smskit.phones.store import lanes, ready_lanes
from smskit.platform.times import now_ms
from tests.support.aws import Cloud
from tests.support.world import World


class DiedError(BaseException):
    """The handler's sandbox is gone."""


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def once_before(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, act: Callable[[], None]) -> None:
    """Let `act` happen right before the next call of a function, once."""
    original = getattr(module, name)

    def first(*args: Any, **more: Any) -> Any:
        monkeypatch.setattr(module, name, original)
        act()
        return original(*args, **more)

    monkeypatch.setattr(module, name, first)


def dying(*_: Any, **__: Any) -> None:
    raise DiedError


def test_a_lane_that_turns_ready_before_the_job_is_published_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone()
    world.job()
    once_before(monkeypatch, pool, "publish", lambda: phone.connect() and None)
    world.pump()
    assert len(phone.offers) == 1


def test_a_job_published_before_the_lane_turns_ready_is_found(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = world.add_phone()
    phone.connect()
    phone.drop()
    world.clock.shift(1)

    def job_arrives() -> None:
        world.job()
        world.pump("bulk")

    once_before(monkeypatch, lanes, "save", job_arrives)
    phone.connect()
    assert len(phone.offers) == 1


def test_a_claim_after_its_window_is_gone_and_the_job_is_offered_again(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    world.clock.shift(5.1)
    (verdict,) = phone.claim(offer)
    assert verdict["verdict"] == "gone" and verdict["reason"] == "late"
    assert world.stored(job).status is JobStatus.PENDING
    world.advance(6)
    assert phone.claim()[0]["verdict"] == "go"


def test_a_repeated_claim_repeats_its_verdict_however_late(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    for _ in range(3):
        assert phone.claim(offer)[0]["verdict"] == "go"
        world.advance(30)
    assert world.stored(job).attempts == 1


def test_a_repeated_report_fills_the_lane_that_its_first_run_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run gave the credit back and died before it looked in the pools once more."""
    phone = world.add_phone()
    phone.connect()
    for _ in range(3):
        world.job()
    world.pump()
    offers = phone.take_offers()
    phone.claim(*offers)
    original = lane_filling.hold

    def dies_after(*args: Any) -> Any:
        original(*args)
        raise DiedError

    with monkeypatch.context() as crash:
        crash.setattr(lane_filling, "hold", dies_after)
        with pytest.raises(DiedError):
            phone.report("Sent", offers[0])
    waiting_job = world.job()
    with monkeypatch.context() as blind:
        blind.setattr(ready_lanes, "ready", lambda *_: [])
        world.pump("bulk")
    assert pool.contains(waiting_job) and not phone.offers
    phone.report("Sent", offers[0])
    assert [offer["jobId"] for offer in phone.offers] == [waiting_job.job_id]


def test_a_redelivered_timer_finds_the_lane_that_its_first_run_did_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first run put the unclaimed job back into the pool and died before it looked for another lane."""
    silent, other = world.add_phone(), world.add_phone()
    silent.connect()
    job = world.job()
    world.pump()
    assert silent.offers
    for _ in range(2):
        world.job()
    world.pump()
    other.connect()
    with monkeypatch.context() as crash:
        crash.setattr(matching, "match", dying)
        world.clock.shift(11)
        with pytest.raises(DiedError):
            world.pump("timers")
    assert pool.contains(job) and not other.offers
    world.advance(31)
    assert job.job_id in {offer["jobId"] for offer in other.offers}


@pytest.mark.parametrize("ahead_s", [-2, 2])
def test_a_job_that_was_made_anew_is_offered_though_the_first_ones_message_comes_with_its_own(
    world: World, ahead_s: int
) -> None:
    """Its queue had taken the first one without an answer; and the clocks of the two that made it differ."""
    anew = world.job()
    first = replace(anew, created_at=anew.created_at + ahead_s * 1000)
    dispatch.dispatch([first, anew], now_ms())
    dispatch.dispatch([anew, first], now_ms())
    phone = world.add_phone()
    phone.connect()
    assert [offer["jobId"] for offer in phone.offers] == [anew.job_id]


def test_two_claims_of_two_offers_of_one_job_have_one_winner(world: World) -> None:
    first, second = world.add_phone(), world.add_phone()
    first.connect()
    job = world.job()
    world.pump()
    (offer,) = first.take_offers()
    second.connect()
    dispatch.offer_directly(LaneKey(world.account_id, second.device_id, 0), [job], now_ms())
    verdicts = [phone.claim(mine)[0] for phone, mine in ((second, second.take_offers()[0]), (first, offer))]
    assert [verdict["verdict"] for verdict in verdicts] == ["go", "gone"]
    assert verdicts[1]["reason"] == "taken"
    (lane,) = lanes.of_device(world.account_id, first.device_id)
    assert not lane.held


def test_a_late_hello_does_not_take_back_a_newer_claim(world: World) -> None:
    """The same hello is handled a second time, after a job was offered and claimed on its connection."""
    phone, other = world.add_phone(), world.add_phone()
    phone.connect()
    hello = phone.hello_frame()
    job = world.job()
    world.pump()
    phone.claim()
    other.connect()
    world.clock.shift(2)
    phone.say(hello)
    world.advance(5)
    assert world.stored(job).status is JobStatus.ASSIGNED and not other.offers


def test_another_phone_with_the_real_token_changes_nothing(world: World) -> None:
    """A token proves nothing by itself: every frame is held against the phone that the job was assigned to."""
    owner, thief = world.add_phone(), world.add_phone()
    owner.connect()
    job = world.job()
    world.pump()
    (offer,) = owner.take_offers()
    owner.claim(offer)
    thief.connect()
    before = world.stored(job)
    item = {"jobId": offer["jobId"], "token": offer["token"]}
    (verdict,) = thief.claim(offer)
    assert (verdict["verdict"], verdict["reason"]) == ("gone", "unknown")
    thief.say({"type": "decline", "items": [item | {"reason": "mine"}]})
    for state, error in (("Sent", None), ("Delivered", None), ("Unknown", None), ("Failed", "no_service"),
                         ("Failed", "invalid_number")):  # fmt: skip
        thief.report(state, offer, error=error)
    world.clock.shift(1)
    assert thief.connect([item | {"state": "Claimed"}])["resolve"] == [item | {"action": "drop"}]
    assert world.stored(job) == before
    owner.report("Sent", offer)
    assert world.stored(job).status is JobStatus.SENT

"""A SIM's health: counted in the writes that are made anyway, and one that mostly fails is tried with care."""

from __future__ import annotations

import pytest

from smskit.dispatch.store import jobs
from smskit.models.lane import MAX_SETBACKS
from smskit.models.sim_health import FIRST_REST_MS, History
from smskit.platform.times import now_ms
from tests.support.path import lane_of
from tests.support.setbacks import backlog, change, connected, decline_all
from tests.support.world import FakeRadioPhone, World


def one(world: World, phone: FakeRadioPhone, error: str | None = None) -> None:
    """A message that the phone sends, or fails by the error."""
    if not phone.offers:
        backlog(world, 1)
        world.pump()
    offer = phone.offers.pop(0)
    phone.claim(offer)
    phone.report("Failed" if error else "Sent", offer, error=error)


def history(world: World, phone: FakeRadioPhone) -> History:
    return lane_of(world, phone).history


def unhealthy(world: World) -> list[str]:
    """The markers of unhealthy SIMs, by their sort key."""
    return [item["sk"] for item in world.cloud.items("devices") if item["sk"].startswith("unhealthy#")]


def test_what_is_sent_is_counted_once_however_often_it_is_said(world: World) -> None:
    phone = connected(world)
    backlog(world, 3)
    world.pump()
    offers = phone.take_offers()
    phone.claim(*offers)
    for _ in range(2):
        phone.report("Sent", *offers)
        phone.report("Delivered", *offers)
    assert history(world, phone) == History(3)
    assert unhealthy(world) == []


@pytest.mark.parametrize("error", ["no_service", "fdn_blocked"], ids=["for the moment", "for good"])
def test_a_failure_that_speaks_against_the_sim_is_counted(world: World, error: str) -> None:
    phone = connected(world)
    one(world, phone)
    one(world, phone, error)
    assert (history(world, phone).count, history(world, phone).sent) == (2, 1)


def test_a_failure_of_the_number_is_not_and_neither_is_an_unknown_outcome(world: World) -> None:
    phone = connected(world)
    one(world, phone, "invalid_number")
    backlog(world, 1)
    world.pump()
    offer = phone.offers.pop(0)
    phone.claim(offer)
    phone.report("Unknown", offer)
    assert history(world, phone) == History()


def test_a_decline_is_counted(world: World) -> None:
    phone = connected(world)
    backlog(world, 1)
    world.pump()
    assert decline_all(phone, "journal-failed") == 1
    assert history(world, phone).sent == 0
    assert history(world, phone).count == 1


def test_a_sim_that_sends_less_than_half_rests_though_it_never_fails_three_in_a_row(world: World) -> None:
    phone = connected(world)
    for _ in range(5):
        one(world, phone)
        one(world, phone, "no_service")
    assert not lane_of(world, phone).is_on_trial, "half of ten is enough"
    one(world, phone, "no_service")
    lane = lane_of(world, phone)
    assert (lane.setbacks, lane.rests_until) == (MAX_SETBACKS, now_ms() + FIRST_REST_MS)
    assert (lane.history.count, lane.history.sent) == (11, 5)
    assert unhealthy(world) == ["unhealthy#0"]


def test_one_that_is_sent_on_trial_makes_it_healthy_and_its_history_begins_anew(world: World) -> None:
    phone = connected(world)
    change(world, phone, setbacks=2, history=History(9, 0, (1, 3, 5, 7, 9)))
    one(world, phone, "no_service")
    assert lane_of(world, phone).is_on_trial
    while not phone.offers:
        world.advance(1)
    one(world, phone)
    lane = lane_of(world, phone)
    assert not lane.is_on_trial
    assert lane.history == History(11, 10)
    assert (lane.history.count, lane.history.share) == (1, 1.0)
    assert unhealthy(world) == []


@pytest.mark.parametrize("found_by", ["its phone's heartbeat", "its timer"])
def test_one_that_is_sent_counts_though_the_run_that_heard_of_it_died(world: World, found_by: str) -> None:
    phone = connected(world)
    change(world, phone, setbacks=MAX_SETBACKS, history=History(3, 0, (1, 2, 3)))
    backlog(world, 1)
    while not phone.offers:
        world.advance(1)
    offer = phone.offers.pop(0)
    phone.claim(offer)
    world.advance(11)  # past the offer's own timer
    jobs.mark_sent(offer["jobId"], offer["token"], now_ms(), device_id=phone.device_id, now=now_ms())
    world.advance(31)
    if found_by == "its timer":
        world.advance(600)
    else:
        phone.say({"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]})
    lane = lane_of(world, phone)
    assert (lane.held, lane.is_on_trial, lane.history) == ({}, False, History(4, 3))
    phone.report("Sent", offer)
    assert history(world, phone) == History(4, 3)


def test_a_repeated_word_of_an_old_message_is_no_sign_of_health(world: World) -> None:
    """A frame that is sent again, beside a job whose outcome nobody knows."""
    phone = connected(world)
    backlog(world, 2)
    world.pump()
    old, other = phone.take_offers()
    phone.claim(old, other)
    phone.report("Sent", old)
    change(world, phone, setbacks=MAX_SETBACKS)
    phone.seq += 1
    at = world.stamp()
    lines = [
        {"jobId": item["jobId"], "token": item["token"], "state": state, "at": at}
        for item, state in ((old, "Sent"), (other, "Unknown"))
    ]
    phone.say({"type": "report", "seq": phone.seq, "items": lines})
    assert lane_of(world, phone).is_on_trial
    assert history(world, phone) == History(1)

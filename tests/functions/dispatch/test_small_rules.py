"""Small rules of lanes that rest, of pools and of patience, each alone."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from smskit import aws
from smskit.dispatch.logic import janitor, matching, timers
from smskit.dispatch.store import jobs, pool
from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.models.job import JobStatus, Target, TimelineEntry
from smskit.models.lane import MAX_SETBACKS, Lane, LaneKey
from smskit.models.sim_health import FIRST_REST_MS, LONGEST_REST_MS
from smskit.phones.api import console_rendering, rendering
from smskit.phones.api.views import SimHealth
from smskit.phones.logic import device_list
from smskit.phones.store import lanes
from smskit.platform import patience
from smskit.platform.times import now_ms, time_text
from tests.support.path import kinds, lane_of, watch_timers
from tests.support.world import FakeRadioPhone, World


class Remaining:
    """A Lambda context with so much time left."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds


@pytest.fixture
def phone(world: World) -> FakeRadioPhone:
    made = world.add_phone()
    made.connect()
    return made


def backlog(world: World, many: int) -> list[Any]:
    made = [world.job(0, recipient=f"+2547123{number:05d}") for number in range(many)]
    world.pump()
    return made


def fail_for_good(phone: FakeRadioPhone, times: int) -> None:
    for _ in range(times):
        offer = phone.offers.pop(0)
        phone.claim(offer)
        phone.report("Failed", offer, error="permission_denied")


def test_a_rest_that_failures_for_good_begin_ends_by_its_timer(world: World, phone: FakeRadioPhone) -> None:
    backlog(world, 12)
    fail_for_good(phone, 3)
    assert lane_of(world, phone).rests_until == now_ms() + FIRST_REST_MS
    phone.take_offers()
    for job_id, hold in lane_of(world, phone).held.items():
        phone.claim({"jobId": job_id, "token": hold.token})
        phone.report("Unknown", {"jobId": job_id, "token": hold.token})
    assert not phone.offers
    world.advance(32)
    assert len(phone.offers) == 1


def test_a_failure_for_good_counts_though_its_credit_could_come_back_fast(world: World, phone: FakeRadioPhone) -> None:
    backlog(world, 1)
    fail_for_good(phone, 1)
    assert lane_of(world, phone).setbacks == 1 and not lane_of(world, phone).held


def test_a_rest_that_declines_begin_ends_by_its_timer(world: World, phone: FakeRadioPhone) -> None:
    backlog(world, 3)
    fresh = [{"jobId": offer["jobId"], "token": offer["token"], "reason": "full"} for offer in phone.take_offers()]
    made = watch_timers()
    phone.say({"type": "decline", "items": fresh})
    (fill,) = [timer for timer in made if timer["kind"] == "fill"]
    assert fill["delay"] == FIRST_REST_MS // 1000 + 1
    assert {timer["delay"] for timer in made if timer["kind"] == "match"} == {31}  # when they may go there again


@pytest.mark.parametrize("how", ["failed", "failed for good", "declined"])
def test_the_timer_of_a_rest_stands_before_the_lane_rests(world: World, phone: FakeRadioPhone, how: str) -> None:
    backlog(world, 1)
    (offer,) = phone.take_offers()
    if how != "declined":
        phone.claim(offer)
    lane = lane_of(world, phone)
    lanes.save(lane, replace(lane, setbacks=MAX_SETBACKS - 1))
    rested: list[int] = []

    def see(params: dict[str, Any], **_: Any) -> None:
        if json.loads(params["MessageBody"])["kind"] == "fill":
            rested.append(lane_of(world, phone).rests_until)

    aws.client("sqs").meta.events.register("provide-client-params.sqs.SendMessage", see)
    if how == "declined":
        phone.say({"type": "decline", "items": [{"jobId": offer["jobId"], "token": offer["token"], "reason": "full"}]})
    else:
        phone.report("Failed", offer, error="no_credit" if how == "failed" else "fdn_blocked")
    assert rested == [0] and lane_of(world, phone).rests_until


def test_the_console_sees_that_a_sim_rests(world: World, phone: FakeRadioPhone) -> None:
    backlog(world, 12)
    fail_for_good(phone, 3)
    (row,) = device_list.list_all(world.account_id, now_ms())
    (sim,) = console_rendering.console_device(row, now_ms()).sims
    assert sim.rests_until == time_text(now_ms() + FIRST_REST_MS)
    assert sim.health == SimHealth(is_healthy=False, sent_share=0.0, tries=3)
    (shown,) = rendering.device_view(row).sims
    assert shown.health == sim.health


def test_lanes_that_begin_no_rest_get_no_timer_for_one(world: World, phone: FakeRadioPhone) -> None:
    lane = lane_of(world, phone)
    resting = lane.set_back(0).set_back(0).set_back(0)
    made = watch_timers()
    for before, after in ((lane, lane), (lane, lane.set_back(0)), (resting, resting), (resting, lane)):
        timers.watch_rest(before, after, 0)
    assert made == []
    timers.watch_rest(lane, resting, 0)
    assert [(timer["kind"], timer["delay"]) for timer in made] == [("fill", 31)]


def test_rests_last_from_half_a_minute_to_a_quarter_of_an_hour() -> None:
    assert (FIRST_REST_MS, LONGEST_REST_MS) == (30_000, 900_000)
    lane = Lane(LaneKey("acc", "dev", 0), connection_id="c=", setbacks=2).set_back(0)
    assert lane.resting_until(29_999) == 30_000
    assert lane.resting_until(30_000) is None
    assert lane.at(29_999).rests_until == 30_000
    assert lane.at(30_000).rests_until == 0
    assert lane.set_back(29_999) is lane
    assert lane.set_back(30_000).rests_until == 90_000


def test_a_lane_is_of_the_class_that_its_last_jobs_gave_it() -> None:
    lane = Lane(LaneKey("acc", "dev", 0), connection_id="c=")
    found = [Lane(lane.key, "c=", setbacks=setbacks, strikes=strikes).ready_class for setbacks, strikes in
             ((0, 0), (2, 0), (3, 0), (0, 1), (0, 3))]  # fmt: skip
    assert found == ["a", "a", "s", "s", None]
    assert [replace(lane, limit=10, left=left).ready_class for left in (2, 1, 0)] == ["a", "u", None]


def test_who_takes_a_job_that_names_several_phones_takes_it_out_of_all_pools(world: World) -> None:
    phones = [world.add_phone() for _ in range(3)]
    job = world.job(0, *(Target(phone.device_id) for phone in phones))
    other = replace(job, targets=job.targets[:2])
    for taken_by in pool.scopes(job):
        pool.publish([job])
        assert pool.take(taken_by, job)
        assert [pool.list_page(scope, "", 5)[0] for scope in pool.scopes(job)] == [[], [], []]
        assert not pool.take(taken_by, job)
    pool.publish([other])
    pool.withdraw(other)
    assert [pool.list_page(scope, "", 5)[0] for scope in pool.scopes(job)] == [[], [], []]


def test_a_job_that_a_lane_holds_is_not_offered_to_it_again(world: World, phone: FakeRadioPhone) -> None:
    (job,) = backlog(world, 1)
    (offer,) = phone.take_offers()
    pool.publish([job])  # as a hedge does, while the offer stands
    assert not matching.match(job, now_ms())
    assert not phone.offers and pool.contains(job)
    assert lane_of(world, phone).held[job.job_id].token == offer["token"]


def test_a_lane_that_failed_a_job_gets_another_one_when_the_whole_frame_is_done(
    world: World, phone: FakeRadioPhone
) -> None:
    backlog(world, 9)
    offers = phone.take_offers()
    phone.claim(*offers)
    phone.report("Failed", offers[0], error="generic_failure")
    assert len(phone.offers) == 1  # there is room for it
    phone.report("Failed", *offers[1:], error="generic_failure")
    assert len(phone.offers) == 1 and lane_of(world, phone).rests_until


def test_a_job_that_somebody_else_took_leaves_no_hold_behind(world: World, phone: FakeRadioPhone) -> None:
    job = world.job(0)
    world.cloud.messages("bulk")  # it never comes into the pool
    assert matching.match(job, now_ms())
    assert not phone.offers and not lane_of(world, phone).held
    assert lane_of(world, phone).credits == lane_of(world, phone).window


@pytest.mark.parametrize("setbacks", [1, 3], ids=["as ready", "less ready"])
def test_a_write_of_a_lane_tells_who_refused_it(world: World, phone: FakeRadioPhone, setbacks: int) -> None:
    """Only a lane that moved on is worth another try."""
    job, lane = world.job(0), lane_of(world, phone)
    moved_on = jobs.requeue_op(replace(job, token="t"), TimelineEntry("declined", 0))
    with pytest.raises(TransactionRefusedError) as refused:
        lanes.save(lane, replace(lane, setbacks=setbacks), [moved_on])
    assert refused.value.reasons == ["ConditionalCheckFailed"]
    assert lane_of(world, phone) == lane
    lanes.save(lane, replace(lane, strikes=1))
    with pytest.raises(ConditionFailedError):
        lanes.save(lane, replace(lane, setbacks=setbacks), pool.put_ops([job]))
    with pytest.raises(ConditionFailedError):
        lanes.save(lane, replace(lane, setbacks=setbacks))
    assert lane_of(world, phone).setbacks == 0 and not pool.contains(job)


def test_a_run_is_short_of_time_below_what_it_needs() -> None:
    patience.heed(None)
    assert not patience.is_short(1_000_000)
    try:
        found = []
        for left in (1_499, 1_500, 1_501):
            patience.heed(Remaining(left))
            found.append(patience.is_short(1_500))
        assert found == [True, False, False]
    finally:
        patience.heed(None)


def test_jobs_that_end_side_by_side_know_how_long_the_run_may_take(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [world.job(0, recipient=f"+2547123{number:05d}") for number in range(3)]
    world.pump()
    known: list[bool] = []
    monkeypatch.setattr(janitor.expiry, "expire", lambda *_: known.append(patience.is_short(1_500)))
    patience.heed(Remaining(1_000))
    try:
        janitor._end([job.job_id for job in made], now_ms())
    finally:
        patience.heed(None)
    assert known == [True] * 3
    assert {world.stored(job).status for job in made} == {JobStatus.PENDING}


def test_no_timer_is_set_for_no_jobs(world: World) -> None:
    made = watch_timers()
    timers.set_match([], 0)
    assert kinds(made) == []

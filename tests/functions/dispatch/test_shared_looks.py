"""What a look at lanes is shared by, whom it leaves out, and what of an hour's budget stays spent: each rule alone."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from smskit import aws
from smskit.dispatch.logic import connections, dispatch, due_timers, janitor, matching, phone_changes, setbacks, timers
from smskit.dispatch.store import jobs as jobs_store
from smskit.dispatch.store import pool
from smskit.models.job import Job, JobStatus, Target
from smskit.models.lane import MAX_SETBACKS, Lane
from smskit.models.timer import JobsTimer, TimerKind
from smskit.phones.store import lanes, ready_lanes
from smskit.platform import patience, table
from smskit.platform.times import now_ms
from tests.support.path import behind, lane_of, refuse, watch_timers
from tests.support.world import FakeRadioPhone, World


def connected(world: World, many: int) -> list[FakeRadioPhone]:
    made = [world.add_phone() for _ in range(many)]
    for phone in made:
        phone.connect()
    return made


def change(world: World, phone: FakeRadioPhone, **changes: Any) -> Lane:
    lane = lane_of(world, phone)
    return lanes.save(lane, replace(lane, **changes))


def named(world: World, phones: list[FakeRadioPhone], many: int) -> list[Job]:
    """Jobs that name all these phones, and of which nobody has heard yet."""
    targets = [Target(phone.device_id) for phone in phones]
    made = [world.job(0, *targets, recipient=f"+2547123{number:05d}") for number in range(many)]
    world.cloud.messages("bulk")
    return made


def requests() -> Counter[str]:
    seen: Counter[str] = Counter()
    aws.client("dynamodb").meta.events.register("before-call", lambda model, **_: seen.update([model.name]))
    return seen


@pytest.mark.parametrize("how", ["redelivered", "a timer"])
def test_jobs_that_wait_share_a_look(world: World, how: str) -> None:
    there = connected(world, 3)
    jobs = named(world, there, 4)
    for phone in there:
        change(world, phone, credits=0)
    pool.publish(jobs)
    seen = requests()
    if how == "redelivered":
        dispatch.dispatch(jobs, now_ms(), frozenset(job.job_id for job in jobs))
    else:
        due_timers.handle(JobsTimer(TimerKind.MATCH, tuple(job.job_id for job in jobs)), now_ms())
    assert seen["Query"] == len(there) and all(pool.contains(job) for job in jobs)


def test_offers_of_a_phone_that_is_disabled_share_a_look(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (phone,) = connected(world, 1)
    others = [world.add_phone() for _ in range(2)]
    jobs = named(world, [phone, *others], 3)
    dispatch.dispatch(jobs, now_ms())
    assert len(phone.offers) == 3
    together: list[int] = []
    monkeypatch.setattr(matching, "match_all", lambda found, *_, **__: together.append(len(found)))
    phone_changes._take_offers_off(lane_of(world, phone), now_ms())
    assert together == [3]


def test_where_no_lane_is_ready_jobs_for_anyone_cost_one_look(world: World) -> None:
    jobs = [world.job(0, recipient=f"+2547123{number:05d}") for number in range(5)]
    seen = requests()
    dispatch.match_waiting(jobs, now_ms())
    assert seen["Query"] == 1


def test_what_a_job_met_on_a_lane_is_known_to_the_next_one(world: World) -> None:
    (phone,) = connected(world, 1)
    first, second = jobs = named(world, [phone], 2)
    pool.publish(jobs)
    seen = matching.Seen()
    assert matching.match(first, now_ms(), seen=seen)
    assert [lane.held.keys() for lane in seen.named(second)] == [{first.job_id}]
    change(world, phone, credits=0)
    assert not matching.match(second, now_ms(), seen=seen)
    assert [lane.readiness for lane in seen.named(second)] == [1]  # for an urgent one


def test_a_job_whose_lane_takes_no_write_is_left_to_a_timer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "pause", lambda _: None)
    (phone,) = connected(world, 1)
    (job,) = named(world, [phone], 1)
    pool.publish([job])
    refuse("PutItem", "ThrottlingException", 10_000, when=lambda body: phone.device_id in json.dumps(body))
    made = watch_timers()
    matching.match_all([job], now_ms())
    assert [timer["jobIds"] for timer in made if timer["kind"] == "match"] == [[job.job_id]]


def test_a_message_whose_job_is_overdue_ends_it_though_it_waits(world: World) -> None:
    (job,) = named(world, [world.add_phone()], 1)
    pool.publish([job])
    assert janitor.give_up(job.job_id, job.expires_at)
    assert world.stored(job).status is JobStatus.DEAD_LETTER


def test_an_entry_that_is_gone_behind_a_server_error_was_taken(world: World) -> None:
    (job,) = named(world, [world.add_phone()], 1)
    pool.publish([job])

    def fail() -> None:
        raise ClientError({"Error": {"Code": "InternalServerError", "Message": ""}}, "DeleteItem")

    met = behind("DeleteItem", fail)
    assert pool.take(pool.scopes(job)[0], job) and met


def test_the_entries_of_a_job_go_in_two_requests(world: World) -> None:
    (job,) = named(world, [world.add_phone() for _ in range(6)], 1)
    pool.publish([job])
    seen = requests()
    pool.withdraw(job)
    assert seen == {"BatchWriteItem": 1, "DeleteItem": 1} and not pool.contains(job)


def test_of_busy_phones_five_are_named_and_none_that_fails_or_may_not_have_the_job(world: World) -> None:
    there = connected(world, 9)
    failing, good = there[0], there[1]
    for phone in there:
        world.job(0, Target(phone.device_id), recipient="+254712300001")
    world.pump()
    for phone in there:
        change(world, phone, credits=0)
    change(world, failing, setbacks=MAX_SETBACKS)
    for _ in range(20):
        found = ready_lanes.ready(world.account_id, True)
        assert 1 <= len(found) <= 5 and failing.device_id not in {key.device_id for _, key in found}
        may = ready_lanes.ready(world.account_id, True, lambda key: key.device_id == good.device_id)
        assert [key.device_id for _, key in may] == [good.device_id]


def test_a_hello_that_knows_nothing_of_its_jobs_is_no_setback(world: World) -> None:
    (phone,) = connected(world, 1)
    job = world.job()
    world.pump()
    phone.claim(*phone.take_offers())
    world.clock.shift(1)
    phone.connect()
    assert "disowned" in [entry.event for entry in world.stored(job).timeline]
    assert lane_of(world, phone).setbacks == 0


@pytest.mark.parametrize("how", ["hello", "timer"])
def test_the_budget_of_a_job_that_ended_otherwise_stays_spent(world: World, how: str) -> None:
    """The run that ended it died before it released the lane."""
    (phone,) = connected(world, 1)
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    left = lane_of(world, phone).left
    jobs_store.mark_sent(job.job_id, offer["token"], now_ms(), device_id=phone.device_id, now=now_ms())
    if how == "hello":
        world.clock.shift(1)
        phone.connect()
    else:
        connections.release_ended(lane_of(world, phone).key, {job.job_id: offer["token"]})
    assert not lane_of(world, phone).held and lane_of(world, phone).left == left


@pytest.mark.parametrize("behind_timers", [True, False], ids=["behind the timers", "at the write"])
def test_whether_a_failure_was_a_trial_is_decided_by_the_lane_that_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch, behind_timers: bool
) -> None:
    (phone,) = connected(world, 1)
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    change(world, phone, setbacks=MAX_SETBACKS)
    table.update("jobs", {"pk": job.job_id}, "SET attempts = :three", {":three": setbacks.MAX_ATTEMPTS})
    crossed: list[str] = []
    where, name = (timers, "set_match") if behind_timers else (lanes, "save")
    orig = getattr(where, name)

    def cross(*arguments: Any) -> Any:
        if not crossed:
            crossed.append("a Sent")
            change(world, phone, setbacks=0)
        return orig(*arguments)

    monkeypatch.setattr(where, name, cross)
    phone.report("Failed", offer, error="no_service")
    assert crossed and world.stored(job).status is JobStatus.DEAD_LETTER

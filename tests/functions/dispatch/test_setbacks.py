"""A SIM that fails all it is given, or whose phone declines it, rests. Jobs keep their tries, good phones the work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smskit.dispatch.logic import matching, timers
from smskit.dispatch.store import jobs as jobs_store
from smskit.models.job import TIMELINE_LIMIT, JobStatus, Target, TimelineEntry
from smskit.models.lane import MAX_SETBACKS
from smskit.models.sim_health import LONGEST_REST_MS
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.support.path import lane_of
from tests.support.setbacks import backlog, change, connected, decline_all, fail_all, resting, statuses
from tests.support.world import World


def test_a_sim_without_credit_leaves_the_work_to_the_phone_beside_it(world: World) -> None:
    good, bad = connected(world), connected(world)
    jobs = backlog(world, 30)
    failed, held = 0, []
    for second in range(120):
        world.advance(1)
        if good.offers:
            offers = good.take_offers()
            held += [offer for offer, said in zip(offers, good.claim(*offers), strict=True) if said["verdict"] == "go"]
        if held and second % 4 == 0:
            good.report("Sent", held.pop(0))
        failed += fail_all(bad, "no_credit")
    assert statuses(world, jobs).count(JobStatus.SENT) >= 28
    assert JobStatus.DEAD_LETTER not in statuses(world, jobs)
    assert failed <= 7  # a window of three and what was offered beside it, then one in 30 s and one in 60 s more


def test_a_trial_is_no_attempt_of_the_job_and_its_timeline_stays_bounded(world: World) -> None:
    phone = resting(world)
    job = world.job(8)
    for number in range(TIMELINE_LIMIT):
        jobs_store.note(world.stored(job), TimelineEntry("unclaimed", number))
    while not phone.offers:
        world.advance(1)
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]
    assert fail_all(phone, "radio_off") == 1
    found = world.stored(job)
    assert found.status is JobStatus.PENDING and found.attempts == 0
    assert len(found.timeline) == TIMELINE_LIMIT - 1  # full, as it was, but for the assignment that came to nothing


def test_what_may_be_the_messages_own_fault_counts_as_an_attempt_on_trial_too(world: World) -> None:
    phone = resting(world)
    job = world.job(8)
    while not phone.offers:
        world.advance(1)
    fail_all(phone, "generic_failure")
    assert world.stored(job).attempts == 1


def test_a_phone_that_declines_everything_is_left_alone(world: World) -> None:
    phone = connected(world)
    jobs = backlog(world, 20)
    world.pump()
    declined = 0
    for _ in range(20):
        declined += decline_all(phone, "journal-failed")
        world.advance(1)
    assert declined <= 7
    assert set(statuses(world, jobs)) == {JobStatus.PENDING}


@pytest.mark.parametrize("reason", ["expired", "unknown-claim", "shutdown", "sim-disabled"])
def test_declines_of_the_moment_say_nothing_against_the_phone(world: World, reason: str) -> None:
    phone = connected(world)
    backlog(world, 5)
    world.pump()
    assert decline_all(phone, reason) == 5
    assert lane_of(world, phone).setbacks == 0


@pytest.mark.parametrize(
    ("error", "rests"), [("permission_denied", True), ("fdn_blocked", True), ("invalid_number", False)]
)
def test_failures_for_good_count_where_any_other_message_would_fail_too(world: World, error: str, rests: bool) -> None:
    phone = connected(world)
    backlog(world, 12)
    world.pump()
    for offers in iter(phone.take_offers, []):
        phone.claim(*offers)
        phone.report("Failed", *offers, error=error)
    assert bool(lane_of(world, phone).rests_until) is rests


def test_a_numbers_fault_neither_ends_nor_begins_a_row(world: World) -> None:
    phone = connected(world)
    backlog(world, 8)
    world.pump()
    for error in ("no_service", "no_service", "invalid_number", "no_service"):
        offer = phone.offers.pop(0)
        phone.claim(offer)
        phone.report("Failed", offer, error=error)
    assert lane_of(world, phone).setbacks == MAX_SETBACKS


@pytest.mark.parametrize("rest_ms", [0, LONGEST_REST_MS], ids=["on trial", "resting"])
def test_an_otp_goes_to_the_busy_good_phone_and_not_to_one_of_many_that_fail(world: World, rest_ms: int) -> None:
    good = connected(world)
    backlog(world, 3)
    world.pump()
    good.claim(*good.take_offers())
    for _ in range(12):
        change(world, connected(world), setbacks=MAX_SETBACKS, rests_until=now_ms() + rest_ms if rest_ms else 0)
    for number in range(6):
        job = world.job(10, recipient=f"+2547124{number:05d}")
        world.pump()
        (offer,) = good.take_offers()
        assert offer["jobId"] == job.job_id
        good.claim(offer)
        good.report("Sent", offer)


def test_a_preferred_sim_whose_last_jobs_came_to_nothing_is_not_preferred(world: World) -> None:
    good, bad = connected(world), connected(world)
    change(world, bad, setbacks=MAX_SETBACKS)
    job = replace(world.job(10), preferred=Target(bad.device_id, 0))
    assert [key.device_id for _, key in matching.candidates(job, matching.Seen())] == [good.device_id, bad.device_id]


def test_a_sent_that_crosses_the_last_failure_gives_the_job_no_fourth_attempt(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = connected(world)
    other, job = backlog(world, 2)
    world.pump()
    offers = {offer["jobId"]: offer for offer in phone.take_offers()}
    phone.claim(*offers.values())
    change(world, phone, setbacks=MAX_SETBACKS)
    table.update("jobs", {"pk": job.job_id}, "SET attempts = :three", {":three": 3})
    set_match, crossed = timers.set_match, list[str]()

    def cross(jobs: Any, delay: int) -> None:
        set_match(jobs, delay)
        if not crossed:
            crossed.append("a Sent")
            phone.report("Sent", offers[other.job_id])

    monkeypatch.setattr(timers, "set_match", cross)
    phone.report("Failed", offers[job.job_id], error="no_service")
    assert crossed and world.stored(job).status is JobStatus.DEAD_LETTER
    assert lane_of(world, phone).setbacks == 1 and not lane_of(world, phone).held

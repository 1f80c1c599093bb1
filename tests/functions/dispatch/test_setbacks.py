"""A SIM that fails all it is given, or whose phone declines it, rests. Jobs keep their tries, good phones the work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smskit.dispatch.logic import matching, timers
from smskit.dispatch.store import jobs as jobs_store
from smskit.models.job import TIMELINE_LIMIT, JobStatus, Target, TimelineEntry
from smskit.models.lane import FIRST_REST_MS, LONGEST_REST_MS, MAX_SETBACKS, Lane, LaneKey
from smskit.phones.store import lanes
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.support.client_api import ClientApi
from tests.support.path import lane_of, watch_timers
from tests.support.world import FakeRadioPhone, World


def backlog(world: World, many: int) -> list[Any]:
    return [world.job(0, recipient=f"+2547123{number:05d}") for number in range(many)]


def connected(world: World) -> FakeRadioPhone:
    phone = world.add_phone()
    phone.connect()
    return phone


def fail_all(phone: FakeRadioPhone, error: str) -> int:
    """Claim what the phone was offered and let its radio fail it at once; how many that were."""
    failed = 0
    while phone.offers:
        offers = phone.take_offers()
        phone.claim(*offers)
        phone.report("Failed", *offers, error=error)
        failed += len(offers)
    return failed


def decline_all(phone: FakeRadioPhone, reason: str) -> int:
    declined = 0
    while phone.offers:
        items = [{"jobId": offer["jobId"], "token": offer["token"], "reason": reason} for offer in phone.take_offers()]
        phone.say({"type": "decline", "items": items})
        declined += len(items)
    return declined


def statuses(world: World, jobs: list[Any]) -> list[JobStatus]:
    return [world.stored(job).status for job in jobs]


def resting(world: World) -> FakeRadioPhone:
    phone = connected(world)
    backlog(world, 9)
    world.pump()
    fail_all(phone, "no_service")
    assert lane_of(world, phone).rests_until
    return phone


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


def test_a_rest_is_twice_as_long_each_time(world: World) -> None:
    phone = connected(world)
    backlog(world, 40)
    tried = []
    for second in range(500):
        world.advance(1)
        tried += [second] * fail_all(phone, "no_service")
    alone = [second for second in tried if second > 5]
    assert len(alone) == 4  # a trial is one job
    pauses = [after - before for before, after in zip([0, *alone], alone, strict=False)]
    for pause, rest in zip(pauses, (30, 60, 120, 240), strict=True):
        assert rest <= pause <= rest + 3


def test_a_backlog_outlives_a_tunnel_and_goes_at_full_pace_after_it(world: World) -> None:
    phone = connected(world)
    jobs = backlog(world, 12)
    for _ in range(240):
        world.advance(1)
        fail_all(phone, "no_service")
    assert set(statuses(world, jobs)) == {JobStatus.PENDING}
    while not phone.offers:
        world.advance(1)
    while phone.offers:
        offers = phone.take_offers()
        phone.claim(*offers)
        phone.report("Sent", *offers)
    assert set(statuses(world, jobs)) == {JobStatus.SENT}
    assert (lane_of(world, phone).setbacks, lane_of(world, phone).rests_until) == (0, 0)


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


@pytest.mark.parametrize("reason", ["expired", "unknown-claim", "shutdown"])
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
    for _ in range(3):
        offers = phone.take_offers()
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


def test_a_phone_that_connects_anew_is_tried_at_once_with_one_job(world: World) -> None:
    phone = resting(world)
    world.advance(1)
    phone.connect()
    assert len(phone.offers) == 1 and lane_of(world, phone).is_on_trial
    world.advance(1)
    phone.say(phone.hello_frame())  # once more, as after a lost welcome
    assert fail_all(phone, "no_service") == 1
    phone.say(phone.hello_frame())
    assert lane_of(world, phone).rests_until and not phone.offers


def test_a_sim_that_says_it_is_ready_again_is_tried_at_once(world: World) -> None:
    phone = resting(world)
    heartbeat = {
        "type": "heartbeat",
        "batteryLevel": 50,
        "isCharging": False,
        "networkType": "LTE",
        "signalStrength": 3,
    }
    phone.say(heartbeat | {"sims": [{"simSlot": 0, "isReady": True}]})
    assert not phone.offers  # it never said that it isn't
    phone.say(heartbeat | {"sims": [{"simSlot": 0, "isReady": False}]})
    phone.say(heartbeat | {"sims": [{"simSlot": 0, "isReady": True}]})
    assert len(phone.offers) == 1


def test_a_timer_that_comes_a_little_early_looks_again(world: World) -> None:
    phone = resting(world)
    lane = lane_of(world, phone)
    lanes.save(
        lane, Lane(**{name: getattr(lane, name) for name in lane.__slots__} | {"rests_until": lane.rests_until + 3_000})
    )
    world.advance(32)
    assert not phone.offers
    world.advance(5)
    assert len(phone.offers) == 1


def test_the_timer_stands_before_the_rest_begins(world: World) -> None:
    """So that no crash behind the write leaves the lane resting for ever."""
    phone = connected(world)
    backlog(world, 1)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    lane = lane_of(world, phone)
    lanes.save(lane, Lane(**{name: getattr(lane, name) for name in lane.__slots__} | {"setbacks": MAX_SETBACKS - 1}))
    made = watch_timers()
    phone.report("Failed", offer, error="no_credit")
    assert "fill" in [timer["kind"] for timer in made]
    assert lane_of(world, phone).rests_until


def test_a_rest_is_a_quarter_of_an_hour_at_most() -> None:
    lane, now, rests = Lane(LaneKey("acc", "dev", 0)), 1_000_000, []
    for _ in range(40):
        lane = lane.set_back(now).set_back(now)  # the second one during the rest of the first
        rests.append(lane.rests_until - now if lane.rests_until else 0)
        now = max(now, lane.rests_until)
        lane = lane.at(now)
    assert rests[0] == 0
    assert [rest for rest in rests if rest][:6] == [FIRST_REST_MS << doubled for doubled in range(5)] + [
        LONGEST_REST_MS
    ]
    assert max(rests) == LONGEST_REST_MS


def test_who_looks_at_the_phones_sees_that_a_sim_rests(sent_world: tuple[World, ClientApi]) -> None:
    world, api = sent_world
    phone = resting(world)
    (sim,) = api.get("/api/devices").body["devices"][0]["sims"]
    assert sim["restsUntil"] == "2026-06-23T10:00:30Z"
    world.advance(31)
    (sim,) = api.get("/api/devices").body["devices"][0]["sims"]
    assert "restsUntil" not in sim and phone.offers


def change(world: World, phone: FakeRadioPhone, **changes: Any) -> None:
    lane = lane_of(world, phone)
    lanes.save(lane, replace(lane, **changes))


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


def test_a_hello_that_decides_a_claim_ends_the_rest_as_well(world: World) -> None:
    phone = connected(world)
    backlog(world, 1)
    world.pump()
    (offer,) = phone.take_offers()
    change(world, phone, setbacks=MAX_SETBACKS, rests_until=now_ms() + LONGEST_REST_MS)
    phone.connect([{"jobId": offer["jobId"], "token": offer["token"], "state": "Claimed"}])
    assert not lane_of(world, phone).rests_until

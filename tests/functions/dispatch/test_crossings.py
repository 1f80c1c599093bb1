"""What meets what becomes of a job at that very moment, and lanes that refuse while others wait."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.dispatch.logic import connections, matching, timers
from smskit.dispatch.store import jobs as jobs_store
from smskit.dispatch.store import pool
from smskit.errors import ContentionError
from smskit.models.job import JobStatus, Target
from smskit.models.lane import MAX_SETBACKS
from smskit.models.sim_health import LONGEST_REST_MS
from smskit.phones.store import lanes
from smskit.platform import patience
from smskit.platform.times import now_ms
from tests.functions.dispatch.test_full_batches import delivery
from tests.support import functions
from tests.support.path import lane_of
from tests.support.setbacks import backlog, change, connected
from tests.support.world import FakeRadioPhone, World


def claimed(world: World, phone: FakeRadioPhone) -> tuple[Any, dict[str, Any]]:
    (job,) = backlog(world, 1)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    return job, offer


def cross(monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
    """Something else happens between the read of a job and the transaction that puts it back."""
    set_match = timers.set_match

    def crossed(jobs: Any, delay: int) -> None:
        act()
        set_match(jobs, delay)

    monkeypatch.setattr(timers, "set_match", crossed)


def test_a_failure_that_crosses_the_guess_of_its_outcome_corrects_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = connected(world)
    job, offer = claimed(world, phone)
    cross(monkeypatch, lambda: jobs_store.mark_unknown(job.job_id, offer["token"], now_ms(), "no report"))
    assert phone.report("Failed", offer, error="no_service")["type"] == "ack"
    assert world.stored(job).error.code == "no_service"
    assert not lane_of(world, phone).held


def test_a_decline_that_crosses_the_guess_changes_nothing_of_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = connected(world)
    job, offer = claimed(world, phone)
    cross(monkeypatch, lambda: jobs_store.mark_unknown(job.job_id, offer["token"], now_ms(), "no report"))
    phone.say({"type": "decline", "items": [{"jobId": job.job_id, "token": offer["token"], "reason": "shutdown"}]})
    assert world.stored(job).error.code == "outcome_unknown"


def test_a_hello_that_disowns_what_is_decided_at_that_moment_is_welcome(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = connected(world)
    job, offer = claimed(world, phone)
    phone.drop()
    world.advance(1)
    cross(monkeypatch, lambda: jobs_store.mark_unknown(job.job_id, offer["token"], now_ms(), "no report"))
    assert phone.connect()["type"] == "welcome"
    assert world.stored(job).error.code == "outcome_unknown"


class _SlowLane:
    """A lane whose partition refuses every write, until the time of the run is over."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, device_id: str) -> None:
        self.spent, save = 0.0, lanes.save

        def refused(old: Any, new: Any, *more: Any) -> Any:
            waiting = patience.Patience()
            while new.key.device_id == device_id:
                waiting.wait("the lane takes no write")
            return save(old, new, *more)

        monkeypatch.setattr(lanes, "save", refused)
        monkeypatch.setattr(patience, "pause", self._pass)
        left = functions.LambdaContext
        monkeypatch.setattr(left, "get_remaining_time_in_millis", lambda _: int(5000 - self.spent * 1000))

    def _pass(self, seconds: float) -> None:
        self.spent += seconds


def test_a_lane_that_takes_no_write_keeps_no_neighbour_of_a_batch_out_of_the_pool(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, away = connected(world), connected(world)
    change(world, slow, setbacks=1)
    away.drop()
    mine = world.job(5, Target(slow.device_id))
    others = [world.job(5, Target(away.device_id), recipient=f"+25472222222{number}") for number in range(3)]
    _SlowLane(monkeypatch, slow.device_id)
    assert world.invoke("dispatcher", delivery([mine, *others])) == {"batchItemFailures": []}
    patience.heed(None)
    assert all(pool.contains(job) for job in [mine, *others])
    assert {world.stored(job).status for job in [mine, *others]} == {JobStatus.PENDING}


def test_any_frame_of_a_new_connection_ends_the_rest(world: World) -> None:
    phone = connected(world)
    change(world, phone, setbacks=MAX_SETBACKS, rests_until=now_ms() + LONGEST_REST_MS)
    world.advance(1)
    phone.connect(hello=False)
    phone.say({"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]})
    assert not lane_of(world, phone).rests_until
    phone.say(phone.hello_frame())
    assert not lane_of(world, phone).rests_until and lane_of(world, phone).is_on_trial


def test_failures_behind_a_sent_in_one_frame_begin_a_row(world: World) -> None:
    phone = world.add_phone()
    phone.window = 5
    phone.connect()
    backlog(world, 5)
    world.pump()
    offers = phone.take_offers()
    phone.claim(*offers)
    failed = {"state": "Failed", "error": {"code": "no_credit", "message": ""}}
    lines = [{"jobId": offer["jobId"], "token": offer["token"], "at": world.stamp(), **failed} for offer in offers]
    lines[1] = {**lines[1], "state": "Sent"}
    del lines[1]["error"]
    phone.seq += 1
    phone.say({"type": "report", "seq": phone.seq, "items": lines})
    assert lane_of(world, phone).setbacks == MAX_SETBACKS and lane_of(world, phone).rests_until


def test_a_report_timer_that_died_behind_the_jobs_end_fills_the_lane_in_its_next_run(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone()
    phone.window = 1
    phone.connect()
    both = backlog(world, 2)
    world.pump()
    (offer,) = phone.take_offers()
    first, second = sorted(both, key=lambda job: job.job_id != offer["jobId"])
    phone.claim(offer)
    give_back, died = connections.return_offers, list[bool]()

    def dies(*given: Any, **more: Any) -> Any:
        if more.get("spent") and not died:
            died.append(True)
            raise ContentionError("throttled")
        return give_back(*given, **more)

    monkeypatch.setattr(connections, "return_offers", dies)
    world.advance(700)
    assert died and world.stored(first).error.code == "outcome_unknown"
    assert {offer["jobId"] for offer in phone.take_offers()} == {second.job_id}


@pytest.mark.parametrize("arrives", ["at the phone", "in the pool", "for the phone by name"])
def test_an_otp_does_not_wait_for_the_report_of_the_only_phones_trial(world: World, arrives: str) -> None:
    phone = connected(world)
    change(world, phone, setbacks=MAX_SETBACKS)
    backlog(world, 3)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    target = [Target(phone.device_id)] if arrives == "for the phone by name" else []
    otp = world.job(10, *target)
    if arrives == "in the pool":
        matching.publish([otp], now_ms())
        matching.match(otp, now_ms())
    else:
        world.pump()
    (urgent,) = phone.take_offers()
    assert urgent["jobId"] == otp.job_id
    world.job(10, recipient="+254722222223")
    world.pump()
    assert not phone.offers  # one urgent job beside the trial, as beside a full window


def test_an_urgent_job_beside_a_trial_that_fails_as_well_makes_the_next_rest_longer(world: World) -> None:
    phone = connected(world)
    change(world, phone, setbacks=MAX_SETBACKS)
    backlog(world, 3)
    world.pump()
    phone.claim(*phone.take_offers())
    world.job(10)
    world.pump()
    (urgent,) = phone.take_offers()
    phone.claim(urgent)
    phone.report("Failed", urgent, error="no_service")
    lane = lane_of(world, phone)
    assert lane.setbacks == MAX_SETBACKS + 1 and lane.rests_until and len(lane.held) == 1


def test_an_otp_goes_to_a_phone_that_left_an_offer_rather_than_to_one_with_a_trial(world: World) -> None:
    strange, on_trial = connected(world), connected(world)
    change(world, on_trial, setbacks=MAX_SETBACKS)
    world.job(5, Target(on_trial.device_id))
    world.pump()
    on_trial.claim(*on_trial.take_offers())
    change(world, strange, strikes=1)
    for targets in ((), (Target(strange.device_id), Target(on_trial.device_id))):
        found = matching.candidates(world.job(10, *targets), matching.Seen())
        assert [key.device_id for _, key in found] == [strange.device_id, on_trial.device_id]

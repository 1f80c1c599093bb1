"""What is set before the step that it guards, so that a run which dies in between strands nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from smskit.dispatch.logic import connections, timers
from smskit.dispatch.store import deadlines, pool
from smskit.models.job import JobStatus
from smskit.models.lane import LaneKey
from smskit.phones.logic import pairing_codes
from smskit.phones.store import lanes
from smskit.platform.times import now_ms
from tests.support.client_api import ClientApi
from tests.support.path import kinds, lane_of, watch_timers
from tests.support.world import World


class DiedError(BaseException):
    """The handler's sandbox is gone."""


def dying(*_: Any, **__: Any) -> None:
    raise DiedError


def dying_behind(step: Callable[..., Any]) -> Callable[..., None]:
    def die(*arguments: Any, **named: Any) -> None:
        step(*arguments, **named)
        raise DiedError

    return die


@pytest.mark.parametrize("step", ["publish", "published", "save"])
def test_a_short_lived_job_that_goes_back_ends_although_its_handler_died(
    world: World, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(validity=60)
    world.pump()
    (offer,) = phone.take_offers()
    with monkeypatch.context() as crash:
        if step == "published":
            crash.setattr(pool, "publish", dying_behind(pool.publish))
        else:
            crash.setattr(pool if step == "publish" else lanes, step, dying)
        with pytest.raises(DiedError):
            connections.return_offers(
                LaneKey(world.account_id, phone.device_id, 0), {job.job_id: offer["token"]}, {job.job_id: job}, now_ms()
            )
    phone.drop()
    with monkeypatch.context() as lost:
        lost.setattr(timers, "set_match", lambda *_: None)
        world.advance(70)
    assert world.stored(job).status is JobStatus.DEAD_LETTER and world.stored(job).error is not None


def test_a_timer_that_comes_before_its_jobs_deadline_is_set_again(world: World) -> None:
    """Clocks differ, and a delay is counted in whole seconds."""
    job = world.job(validity=60)
    made = watch_timers()
    body = json.dumps({"kind": "expire", "jobId": job.job_id})
    record = {"messageId": "1", "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
    assert world.invoke("timekeeper", {"Records": [record]}) == {"batchItemFailures": []}
    assert made == [{"kind": "expire", "jobId": job.job_id, "delay": 61}]
    assert world.stored(job).status is JobStatus.PENDING


def test_a_long_lived_job_is_ended_by_the_janitor_whoever_died(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = world.job(validity=3_600)
    other = world.job(validity=7_200, recipient="+254722000000")
    with monkeypatch.context() as crash:
        crash.setattr(pool, "publish", dying)
        with pytest.raises(DiedError):
            world.pump("bulk")
    assert len([item for item in world.cloud.items("pool") if item["pk"].startswith("expiry#")]) == 2
    world.clock.shift(3_599)
    world.tick()
    assert world.stored(job).status is JobStatus.PENDING
    world.clock.shift(11)
    world.tick()
    assert world.stored(job).status is JobStatus.DEAD_LETTER and world.stored(other).status is JobStatus.PENDING
    (left,) = [item for item in world.cloud.items("pool") if item["pk"].startswith("expiry#")]
    assert left["jobs"] == [other.job_id]


def test_jobs_that_are_pooled_together_share_the_note_of_their_deadlines(world: World) -> None:
    made = []
    for number in range(10):
        made.append(world.job(recipient=f"+2547220000{number:02d}").job_id)
    world.pump()
    (note,) = [item for item in world.cloud.items("pool") if item["pk"].startswith("expiry#")]
    assert sorted(note["jobs"]) == sorted(made)
    assert note["sk"][:13] == f"{world.stored(world.job()).expires_at:013d}"


def test_the_janitor_goes_on_with_what_it_had_no_time_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [world.job(validity=1_000, recipient=f"+2547220000{number:02d}") for number in range(5)]
    for job in jobs:
        deadlines.watch([job])
    world.clock.shift(1_001)
    monkeypatch.setattr("smskit.dispatch.logic.janitor.PAGE", 1)
    world.tick()
    assert all(world.stored(job).status is JobStatus.DEAD_LETTER for job in jobs)
    assert not [item for item in world.cloud.items("pool") if item["pk"].startswith("expiry#")]


def test_the_wait_for_the_hour_goes_on_while_the_phone_is_away(world: World) -> None:
    """It is back before the hour ends; then nothing but this timer would look for work when it does."""
    phone = world.add_phone(limit=10)
    phone.connect()
    for _ in range(12):
        world.clock.shift(0.001)
        world.job()
    world.pump()
    while offers := phone.take_offers():
        phone.claim(*offers)
        phone.report("Sent", *offers)
    assert lane_of(world, phone).bulk_left < 1
    phone.drop()
    world.advance(1_000)  # a quarter of an hour: the timer comes back and finds nobody
    phone.connect()
    assert not phone.take_offers()
    world.advance(3_600 - 1_000 + 31)
    assert len({offer["jobId"] for offer in phone.offers}) == 3


def test_lanes_whose_hour_ends_look_for_work_at_moments_of_their_own(world: World) -> None:
    made = watch_timers()
    lane = lanes.save(None, _lane(world))
    for _ in range(200):
        timers.set_wake(lane, (lane.hour + 1) * 3_600_000 - 10_000)
    delays = [body["delay"] for body in made]
    assert kinds(made) == ["wake"] * 200
    assert min(delays) >= 11 and max(delays) <= 40 and len(set(delays)) > 20


def _lane(world: World) -> Any:
    from smskit.models.lane import Lane

    return Lane(LaneKey(world.account_id, "dvc_" + "0" * 20, 0), hour=495_000)


@pytest.mark.parametrize(("slot", "status"), [(7, 201), (8, 400), (15, 400)])
def test_a_phone_pairs_with_the_slots_that_its_frames_can_name(api: ClientApi, slot: int, status: int) -> None:
    from tests.support import functions
    from tests.support.http_events import answer_of, http_event

    code = pairing_codes.create_code(api.account_id, now_ms()).code
    body = {"code": code, "name": "Pixel", "sims": [{"simSlot": slot}]}
    event = http_event("POST", "/phone/pair", body=body, headers={"content-type": "application/json"})
    answer = answer_of(functions.load("phone_pairing").lambda_handler(event, functions.LambdaContext()))
    assert answer.status == status

"""Runs that die, or that another one crosses, between two writes which belong together; the next makes up for it."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from botocore.exceptions import ReadTimeoutError

from smskit.dispatch.gateways import job_queues
from smskit.dispatch.logic import matching
from smskit.dispatch.store import jobs, pool
from smskit.errors import QueueUnavailableError
from smskit.models.job import Job, JobStatus, TimelineEntry
from smskit.phones.store import devices, lanes
from smskit.platform import patience, table, timer_queue
from smskit.platform.times import now_ms
from smskit.sending.logic import accept
from smskit.sending.logic.accept import Order
from tests.support.path import behind, lane_of, watch_timers
from tests.support.world import World


class DiedError(BaseException):
    """The handler's sandbox is gone."""


def dies() -> NoReturn:
    raise DiedError


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "pause", lambda _: None)


def test_a_job_finds_its_lane_however_often_that_changes_under_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ready lane beside a waiting job would stay so until its phone's next word."""
    phone = world.add_phone()
    phone.connect()
    job = world.job(5)
    matching.publish([job], now_ms())
    real, left = lanes.save, [5]

    def save(old: Any, new: Any, *more: Any) -> Any:
        if left[0]:
            left[0] -= 1
            real(old, replace(old, phone_number=str(left[0])))
        return real(old, new, *more)

    monkeypatch.setattr(lanes, "save", save)
    matching.match(job, now_ms())
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]


@pytest.mark.parametrize("how", ["decline", "report"])
def test_a_frame_that_died_behind_giving_a_job_back_fills_the_lane_when_it_comes_again(world: World, how: str) -> None:
    phone = world.add_phone()
    phone.window = 1
    phone.connect()
    world.job(5, recipient="+254712345601")
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    other = world.job(4, recipient="+254712345602")
    world.pump()
    world.advance(20)
    met = behind("TransactWriteItems", dies, when=lambda body: "lastToken" in json.dumps(body))

    def say() -> dict[str, Any]:
        if how == "report":
            return phone.report("Failed", offer, error="no_service")
        item = {"jobId": offer["jobId"], "token": offer["token"], "reason": "no-room"}
        return phone.say({"type": "decline", "items": [item]})

    with pytest.raises(DiedError):
        say()
    assert met
    say()
    assert [one["jobId"] for one in phone.take_offers()] == [other.job_id]


@pytest.mark.parametrize("word", ["heartbeat", "hello"])
def test_a_word_that_crosses_its_disconnect_brings_no_lane_online(world: World, word: str) -> None:
    phone = world.add_phone()
    phone.connect()
    ghost = SimpleNamespace(**vars(phone))

    def disconnect() -> None:
        world.gateway("$disconnect", ghost)  # type: ignore[arg-type]

    met = behind("UpdateItem", disconnect, when=lambda body: "presence = :online" in body["UpdateExpression"])
    frame = phone.hello_frame() if word == "hello" else {"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]}
    phone.say(frame)
    assert met and not lane_of(world, phone).is_online
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and not device.is_connected


@pytest.mark.parametrize("lost", [False, True])
def test_a_sweep_that_dies_behind_giving_a_phone_up_is_made_up_for_by_the_next(world: World, lost: bool) -> None:
    phone = world.add_phone()
    phone.connect()
    world.clock.shift(700)

    def fails() -> NoReturn:
        raise ReadTimeoutError(endpoint_url="https://dynamodb") if lost else DiedError

    met = behind("UpdateItem", fails, when=lambda body: "silentOn = :conn" in body["UpdateExpression"])
    if lost:
        world.tick()
    else:
        with pytest.raises(DiedError):
            world.tick()
        world.tick()
    assert met and not lane_of(world, phone).is_online
    assert not [item for item in world.cloud.items("devices") if "onlineShard" in item]


def test_a_report_timer_that_died_behind_ending_the_job_still_gives_its_credit_back(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(5)
    world.pump()
    phone.claim()
    world.advance(590)
    behind("UpdateItem", dies, when=lambda body: "outcome_unknown" in json.dumps(body))
    with pytest.raises(DiedError):
        world.advance(30)
    world.clock.shift(31)
    world.advance(2)
    assert world.stored(job).error is not None and not lane_of(world, phone).held


def test_an_entry_of_a_job_that_was_made_anew_is_no_obstacle(world: World) -> None:
    """SQS had the message of the first one after all, so an entry with its time stands in the pool."""
    first = world.job(5)
    assert jobs.take_back(first)
    world.clock.shift(1)
    second = replace(first, created_at=now_ms(), expires_at=now_ms() + 86_400_000)
    assert jobs.create(second) is None
    phone = world.add_phone()
    phone.connect()
    phone.drop()
    world.pump()
    job_queues.enqueue(second)
    world.pump()
    assert len([item for item in world.cloud.items("pool") if item["pk"].startswith("pool#")]) == 2
    made = watch_timers()
    phone.connect()
    assert [offer["jobId"] for offer in phone.offers] == [first.job_id]
    assert not [item for item in world.cloud.items("pool") if item["pk"].startswith("pool#")]
    assert "fill" not in [body["kind"] for body in made]


def test_a_job_that_is_given_back_behind_its_deadline_ends(world: World) -> None:
    """Its timer came while the phone had it."""
    phone = world.add_phone()
    phone.connect()
    job = world.job(5, validity=100)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    world.advance(97)
    pool.publish([job])  # an earlier offer of it had brought it into the pool, with a timer at its deadline
    timer_queue.set_timer({"kind": "expire", "jobId": job.job_id}, 3)
    world.advance(4)
    assert world.stored(job).status is JobStatus.ASSIGNED
    back = replace(job, token=offer["token"], device_id=phone.device_id, sim_slot=0)
    table.transact([jobs.requeue_op(back, TimelineEntry("declined", now_ms())), *pool.put_ops([job])])
    phone.drop()
    world.clock.shift(5)
    world.advance(70)
    assert world.stored(job).status is JobStatus.DEAD_LETTER


def test_a_look_ends_a_few_overdue_jobs_and_leaves_the_others_to_the_janitor(world: World) -> None:
    made = [world.job(0, validity=3_600, recipient=f"+2547220000{number:02d}") for number in range(12)]
    world.pump()
    world.clock.shift(3_601)
    phone = world.add_phone()
    assert phone.connect()["type"] == "welcome"
    ended = [job for job in made if world.stored(job).status is JobStatus.DEAD_LETTER]
    assert len(ended) == 10 and not phone.offers  # five a look, and a lane that comes online looks twice
    world.clock.shift(10)
    world.tick()
    assert all(world.stored(job).status is JobStatus.DEAD_LETTER for job in made)


def test_a_claim_that_comes_late_does_not_assign_the_job_again_under_a_spent_token(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it was on its way the job was assigned, failed for the moment and put back: the phone would ignore a go."""
    phone = world.add_phone()
    phone.connect()
    job = world.job(5)
    world.pump()
    (offer,) = phone.take_offers()
    real, crossed = jobs.assign, [False]

    def assign(*arguments: Any) -> Any:
        if not crossed[0]:
            crossed[0] = True
            assert phone.claim(offer)[0]["verdict"] == "go"
            phone.report("Failed", offer, error="no_service")
        return real(*arguments)

    monkeypatch.setattr(jobs, "assign", assign)
    assert phone.claim(offer)[0]["verdict"] == "gone"
    assert world.stored(job).status is JobStatus.PENDING


def test_a_transient_failure_of_a_job_that_its_lane_no_longer_holds_ends_it_at_its_deadline(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(5, validity=60)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    lane = lane_of(world, phone)
    lanes.save(lane, lane.release(job.job_id))
    world.clock.shift(61)
    assert phone.report("Failed", offer, error="no_service")["type"] == "ack"
    assert world.stored(job).status is JobStatus.DEAD_LETTER


def test_what_a_phone_sent_is_not_said_to_be_unqueued(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQS takes the message and answers each try with an error: a phone sends it meanwhile."""
    phone = world.add_phone()
    phone.connect()
    original = job_queues.enqueue

    def taken_without_a_word(job: Job) -> None:
        original(job)
        world.pump("standard")
        (offer,) = phone.take_offers()
        phone.claim(offer)
        phone.report("Sent", offer)
        raise QueueUnavailableError("InternalError")

    monkeypatch.setattr(job_queues, "enqueue", taken_without_a_word)
    order = Order(world.account_id, "cli_0", "+254712345678", "hi", 5, 300)
    accepted = accept.accept(order, now_ms())
    stored = jobs.get(accepted.job_id)
    assert stored is not None and stored.status is JobStatus.SENT

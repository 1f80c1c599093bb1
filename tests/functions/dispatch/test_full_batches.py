"""What a run costs whose jobs name many phones, and where its time ends."""

from __future__ import annotations

import json
import threading
from collections import Counter
from typing import Any

import pytest

from smskit import aws
from smskit.dispatch.logic import matching, timers
from smskit.dispatch.store import pool
from smskit.dispatch.store.job_items import job_item
from smskit.models.job import Job, JobStatus, Target
from smskit.phones.logic import settings as device_settings
from smskit.phones.store import lanes
from smskit.platform import patience
from smskit.platform.times import now_ms
from tests.support import functions
from tests.support.path import lane_of, refuse, watch_timers
from tests.support.world import FakeRadioPhone, World

PHONES, JOBS = 12, 10


def number(index: int) -> str:
    return f"+2547123{index:05d}"


def busy_phones(world: World) -> list[FakeRadioPhone]:
    """Phones whose window is full."""
    made = []
    for index in range(PHONES):
        phone = world.add_phone()
        phone.window = 1
        phone.connect()
        world.job(0, Target(phone.device_id), recipient=number(index))
        made.append(phone)
    world.pump()
    assert all(len(phone.offers) == 1 for phone in made)
    return made


def jobs_for_all(world: World, phones: list[FakeRadioPhone]) -> list[Job]:
    targets = [Target(phone.device_id) for phone in phones]
    made = [world.job(0, *targets, recipient=number(100 + index)) for index in range(JOBS)]
    world.cloud.messages("bulk")  # taken out: the tests deliver them
    return made


def delivery(jobs: list[Job], receive: int = 1) -> dict[str, Any]:
    """The event by which Lambda hands these jobs over."""
    return {
        "Records": [
            {
                "messageId": f"m{index}",
                "body": json.dumps(job_item(job)),
                "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:bulk",
                "attributes": {"ApproximateReceiveCount": str(receive), "MessageGroupId": f"g{index}"},
            }
            for index, job in enumerate(jobs)
        ]
    }


def watch_requests() -> Counter[str]:
    seen: Counter[str] = Counter()
    for service in ("dynamodb", "sqs"):
        aws.client(service).meta.events.register("before-call", lambda model, **_: seen.update([model.name]))
    return seen


@pytest.mark.parametrize("receive", [1, 2])
def test_each_phone_that_jobs_of_a_batch_name_is_read_once_a_look(world: World, receive: int) -> None:
    jobs = jobs_for_all(world, busy_phones(world))
    seen = watch_requests()
    world.invoke("dispatcher", delivery(jobs, receive))
    assert all(pool.contains(job) for job in jobs)
    assert seen["Query"] == 2 * PHONES  # the plan's look, and the one behind the publication
    assert seen.total() - seen["Query"] <= 20 + 3 * JOBS  # 120 entries, in batches; and what concerns each job alone


def test_lanes_that_turn_out_full_are_asked_once_a_batch(world: World) -> None:
    """They looked ready to all jobs when they were read."""
    phones = busy_phones(world)
    for phone in phones:
        phone.claim(*phone.take_offers())
    jobs = jobs_for_all(world, phones)
    free = phones[0]
    free.report("Sent", *[{"jobId": job_id, "token": hold.token} for job_id, hold in lane_of(world, free).held.items()])
    seen = watch_requests()
    world.invoke("dispatcher", delivery(jobs))
    assert len(free.offers) == 1
    assert seen["Query"] <= 2 * PHONES


class CutOffError(BaseException):
    """Lambda ends a run that takes longer than it may."""


def test_jobs_that_wait_in_the_pool_outlive_runs_that_are_cut_off(world: World) -> None:
    jobs = jobs_for_all(world, busy_phones(world))
    world.invoke("dispatcher", delivery(jobs))
    left = [0]

    def cut(**_: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise CutOffError

    aws.client("dynamodb").meta.events.register_first("before-call.dynamodb", cut)
    for receive in range(2, 8):
        left[0] = 12  # counts the runs of ten jobs, and reads two of them
        with pytest.raises(CutOffError):
            world.invoke("dispatcher", delivery(jobs, receive))
    left[0] = 10_000
    made = watch_timers()
    assert world.invoke("dispatcher", delivery(jobs, 8)) == {"batchItemFailures": []}
    assert {world.stored(job).status for job in jobs} == {JobStatus.PENDING}
    assert sorted(job_id for timer in made for job_id in timer["jobIds"]) == sorted(job.job_id for job in jobs)


def test_what_a_run_has_no_time_left_to_match_is_left_to_a_timer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = jobs_for_all(world, busy_phones(world))
    monkeypatch.setattr(functions.LambdaContext, "get_remaining_time_in_millis", lambda _: 1_000)
    made = watch_timers()
    world.invoke("dispatcher", delivery(jobs))
    assert all(pool.contains(job) for job in jobs)
    (timer,) = made
    assert timer["kind"] == "match" and sorted(timer["jobIds"]) == sorted(job.job_id for job in jobs)
    patience.heed(None)


def test_one_phone_that_cannot_be_taken_offline_does_not_end_the_sweep(world: World) -> None:
    phones = [world.add_phone() for _ in range(3)]
    for phone in phones:
        phone.connect()
    job = world.job(validity=30)
    world.cloud.messages("standard")
    pool.publish([job])
    world.clock.shift(3_600)
    stuck = refuse(
        "UpdateItem", "ThrottlingException", 10_000, when=lambda body: phones[0].device_id in json.dumps(body)
    )
    world.invoke("janitor", {})
    online = [phone for phone in phones if lanes.of_device(world.account_id, phone.device_id)[0].connection_id]
    assert stuck and online == [phones[0]]


def test_overdue_jobs_are_ended_side_by_side(world: World) -> None:
    made = [world.job(0, validity=1_200, recipient=number(index)) for index in range(20)]
    world.pump()
    world.clock.shift(1_300)
    first, second = threading.Event(), threading.Event()
    met: list[bool] = []

    def begin(**_: Any) -> None:
        if first.is_set():
            second.set()
            return
        first.set()
        met.append(second.wait(10))

    aws.client("dynamodb").meta.events.register_first("before-call.dynamodb.UpdateItem", begin)
    world.tick()
    assert {world.stored(job).status for job in made} == {JobStatus.DEAD_LETTER}
    assert met == [True]
    assert now_ms() > made[0].expires_at


def mixed(world: World) -> tuple[Job, Job, FakeRadioPhone]:
    """Two jobs that wait, the first for anyone and the second for a phone by name, and that phone, connected since."""
    phone = world.add_phone()
    jobs = (world.job(recipient=number(1)), world.job(0, Target(phone.device_id), recipient=number(2)))
    for name in ("standard", "bulk"):
        world.cloud.messages(name)
    phone.connect()
    pool.publish(jobs)
    return *jobs, phone


def test_a_job_for_anyone_hides_no_lane_from_one_that_names_its_phone(world: World) -> None:
    free, named, phone = mixed(world)
    timers.set_match([free, named], 0)
    world.pump()
    assert {offer["jobId"] for offer in phone.offers} == {free.job_id, named.job_id}


def test_a_phone_that_is_disabled_ends_no_job_that_another_one_may_take(world: World) -> None:
    disabled, other = world.add_phone(), world.add_phone()
    disabled.connect()
    free = world.job(recipient=number(1))
    world.pump()
    named = world.job(0, Target(disabled.device_id), Target(other.device_id), recipient=number(2))
    world.pump()
    assert len(disabled.offers) == 2
    other.connect()
    device_settings.change(world.account_id, disabled.device_id, device_settings.DeviceChange(is_enabled=False))
    world.pump()
    assert {offer["jobId"] for offer in other.offers} == {free.job_id, named.job_id}


def test_a_lane_that_takes_no_write_keeps_no_other_job_waiting(world: World) -> None:
    stuck, good = world.add_phone(), world.add_phone()
    jobs = [world.job(0, Target(phone.device_id), recipient=number(index)) for index, phone in enumerate((stuck, good))]
    world.cloud.messages("bulk")
    for phone in (stuck, good):
        phone.connect()
    pool.publish(jobs)
    refused = refuse("PutItem", "ThrottlingException", 10_000, when=lambda body: stuck.device_id in json.dumps(body))
    matching.match_all(jobs, now_ms())
    assert refused and [offer["jobId"] for offer in good.offers] == [jobs[1].job_id]

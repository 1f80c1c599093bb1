"""Timers that failed until they landed in their dead-letter queue: nothing that they looked after is left undone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from smskit.dispatch.store import jobs
from smskit.erasure import logic as erasure
from smskit.models.contact import conversation_id
from smskit.models.job import JobStatus, Target
from smskit.models.lane import LaneKey
from smskit.phones.logic import settings as device_settings
from smskit.phones.store import lanes
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support import keywords
from tests.support.aws import Cloud
from tests.support.world import World


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def bury(world: World, *bodies: dict[str, Any]) -> list[str]:
    """Hand timers to the janitor, as their dead-letter queue does; the bodies of those that stay there."""
    records = [
        {"messageId": str(index), "body": json.dumps(body), "attributes": {"ApproximateReceiveCount": "1"},
         "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:timers-dead-letters"}
        for index, body in enumerate(bodies)
    ]  # fmt: skip
    failed = world.invoke("janitor", {"Records": records})["batchItemFailures"]
    return [records[int(entry["itemIdentifier"])]["body"] for entry in failed]


def take_timers(world: World) -> list[dict[str, Any]]:
    """The timers that are due, taken off their queues as if each had failed five times."""
    bodies = []
    for queue in ("timers", "background"):
        for message in world.cloud.messages(queue):
            world.cloud.sqs.delete_message(QueueUrl=world.cloud.queues[queue], ReceiptHandle=message["ReceiptHandle"])
            bodies.append(message["Body"])
    return bodies


def test_an_erasure_outlasts_an_outage(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    keywords.receive(LaneKey(world.account_id, phone.device_id, 0), "forget me")
    job = replace(
        world.job(), job_id=new_id("job", now_ms()), conversation_id=conversation_id(world.account_id, keywords.NUMBER)
    )
    jobs.create(job)
    world.clock.shift(1)
    erasure.ask(world.account_id, keywords.NUMBER, now_ms())
    due = take_timers(world)
    assert [body["kind"] for body in due].count("erase") == 4  # what came in and what went out, in both worlds
    for round_ in range(1, 4):
        assert bury(world, *due) == []
        assert take_timers(world) == []
        world.clock.shift(901)
        due = take_timers(world)
        assert [body["deadLettered"] for body in due if body["kind"] == "erase"] == [round_] * 4
    assert bury(world, *due) == []
    world.advance(1000)
    assert jobs.get(job.job_id) is None
    assert not [item for item in world.cloud.items("messages") if "forget me" in json.dumps(item)]


def test_queued_jobs_of_a_revoked_phone_end_though_its_timers_failed(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    phone.drop()
    job = world.job(9, Target(phone.device_id))
    world.pump()
    device_settings.revoke(world.account_id, phone.device_id)
    world.clock.shift(20)
    due = take_timers(world)
    assert [body["kind"] for body in due] == ["phone", "phone"]
    assert bury(world, *due) == []
    world.advance(1000)
    assert world.stored(job).error.code == "device-revoked"


def test_a_claimed_and_silent_job_ends_though_its_timer_failed(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    claimed, unclaimed = world.job(), world.job()
    world.pump()
    offers = phone.take_offers()
    phone.claim(next(offer for offer in offers if offer["jobId"] == claimed.job_id))
    phone.drop()
    world.clock.shift(11)
    assert bury(world, *take_timers(world)) == []
    assert world.stored(unclaimed).error.code == "dispatch-error"
    assert world.stored(claimed).status is JobStatus.ASSIGNED
    world.advance(1000)
    assert world.stored(claimed).error.code == "outcome_unknown"
    lane = lanes.get(LaneKey(world.account_id, phone.device_id, 0))
    assert lane is not None and (lane.held, lane.credits) == ({}, 3)


def test_a_lane_whose_budget_was_used_up_goes_on_though_its_timer_failed(world: World) -> None:
    phone = world.add_phone(limit=10)
    phone.connect()
    for _ in range(12):
        world.job()
    world.pump()
    while offers := phone.take_offers():
        phone.claim(*offers)
        phone.report("Sent", *offers)
    world.advance(3540)
    world.clock.shift(70)
    due = take_timers(world)
    assert [body["kind"] for body in due] == ["wake"]
    assert bury(world, *due) == []
    world.advance(930)
    assert len({offer["jobId"] for offer in phone.take_offers()}) == 3


@pytest.mark.parametrize("kind", ["match", "expire"])
def test_what_guarded_only_its_jobs_ends_with_them(world: World, kind: str) -> None:
    job = world.job()
    more = {"match": {"jobIds": [job.job_id]}, "expire": {"jobId": job.job_id}}[kind]
    assert bury(world, {"kind": kind} | more) == []
    assert world.stored(job).error.code == "dispatch-error"
    world.clock.shift(901)
    assert take_timers(world) == []


def test_what_nobody_knows_stays_in_the_dead_letter_queue(world: World) -> None:
    known = {"kind": "phone", "accountId": world.account_id, "deviceId": "dvc_0000000000000000000A"}
    unknown = {"kind": "unheard-of", "accountId": world.account_id}
    assert bury(world, unknown, known, {}) == [json.dumps(unknown), "{}"]


def test_it_is_told_how_often_a_timer_was_set_again_and_no_number(world: World, log_text: io.StringIO) -> None:
    erasure.ask(world.account_id, keywords.NUMBER, now_ms())
    (body, *_) = take_timers(world)
    bury(world, body | {"deadLettered": 6})
    (entry,) = [json.loads(line) for line in log_text.getvalue().splitlines() if "could not be handled" in line]
    assert (entry["level"], entry["kind"], entry["dead_lettered"]) == ("ERROR", "erase", 7)
    assert keywords.NUMBER not in log_text.getvalue()


def test_a_timer_that_ends_a_job_and_fails_for_good_ends_it_as_a_dead_letter(world: World) -> None:
    job = world.job(9)
    assert bury(world, {"kind": "end", "jobId": job.job_id}) == []
    assert world.stored(job).status is JobStatus.DEAD_LETTER

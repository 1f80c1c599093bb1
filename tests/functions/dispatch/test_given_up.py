"""Jobs whose message fails in every run of the dispatcher."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from smskit.dispatch.logic import dispatch, janitor
from smskit.dispatch.store import pool
from smskit.dispatch.store.job_items import job_item
from smskit.models.job import Job, JobStatus
from smskit.platform.dead_letters import METRIC
from tests.support.aws import Cloud
from tests.support.world import World


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def received(job: Job, count: int) -> dict[str, Any]:
    """A message of the urgent queue as the dispatcher gets it for the `count`th time."""
    body = job_item(job)
    attributes = {"ApproximateReceiveCount": str(count), "MessageGroupId": job.recipient}
    return {"messageId": "1", "body": json.dumps(body, default=int), "attributes": attributes,
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:urgent.fifo"}  # fmt: skip


def test_a_job_that_was_received_in_vain_is_sent_however_often(world: World) -> None:
    """Its function had no concurrency: the message came and went unseen."""
    job = world.job(9)
    phone = world.add_phone()
    phone.connect()
    assert world.invoke("dispatcher", {"Records": [received(job, 99)]}) == {"batchItemFailures": []}
    assert [offer["jobId"] for offer in phone.take_offers()] == [job.job_id]


def unqueued(world: World) -> Job:
    """A job whose message the test delivers by hand."""
    job = world.job(9)
    world.cloud.sqs.purge_queue(QueueUrl=world.cloud.queues["urgent"])
    return job


def run_too_often(world: World, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run behind the last one that the message had."""
    monkeypatch.setattr(janitor, "MOST_RUNS", 1)
    assert world.invoke("dispatcher", {"Records": [received(job, 6)]}) == {"batchItemFailures": []}


def test_a_job_that_a_phone_was_offered_when_its_message_was_given_up_is_the_phones(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(9)
    world.pump()
    (offer,) = phone.take_offers()
    run_too_often(world, job, monkeypatch)
    assert phone.claim(offer)[0]["verdict"] == "go"
    world.advance(21)
    assert world.stored(job).status is JobStatus.ASSIGNED


def test_a_job_whose_message_was_given_up_and_that_came_back_to_the_pool_waits_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(9)
    world.pump()
    (offer,) = phone.take_offers()
    run_too_often(world, job, monkeypatch)
    phone.say({"type": "decline", "items": [{"jobId": job.job_id, "token": offer["token"], "reason": "shutdown"}]})
    world.advance(21)
    assert world.stored(job).status is JobStatus.PENDING and pool.contains(job)


def test_a_job_whose_message_fails_in_five_runs_is_ended_and_said(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    job = unqueued(world)

    def fail(*_: Any) -> None:
        raise RuntimeError("cannot be dispatched")

    with monkeypatch.context() as patched:
        patched.setattr(dispatch, "dispatch", fail)
        for count in range(1, 6):
            again = world.invoke("dispatcher", {"Records": [received(job, count)]})
            assert again == {"batchItemFailures": [{"itemIdentifier": "1"}]}
            assert world.stored(job).status is JobStatus.PENDING
        assert world.invoke("dispatcher", {"Records": [received(job, 6)]}) == {"batchItemFailures": []}

    assert world.stored(job).status is JobStatus.PENDING  # a lane may hold it
    world.advance(21)
    ended = world.stored(job)
    assert (ended.status, ended.error.code) == (JobStatus.DEAD_LETTER, "dispatch-error")
    [metric] = [line for line in capsys.readouterr().out.splitlines() if METRIC in line]
    assert json.loads(metric)[METRIC] == [1.0]


def test_a_run_that_was_cut_off_counts_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    job = unqueued(world)

    def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(dispatch, "dispatch", die)
        for count in range(1, 6):
            with pytest.raises(SystemExit):
                world.invoke("dispatcher", {"Records": [received(job, count)]})
        assert world.invoke("dispatcher", {"Records": [received(job, 6)]}) == {"batchItemFailures": []}
    world.advance(21)
    assert world.stored(job).status is JobStatus.DEAD_LETTER

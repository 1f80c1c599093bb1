"""Steps that come twice, late, out of order, or from a run that died at any of its requests."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from smskit import settings
from smskit.dispatch.store import jobs
from smskit.models.job import Job
from tests.functions.webhooks.test_crashes import Killed, die
from tests.support.client_api import ClientApi
from tests.support.world import World

Stage = tuple[World, ClientApi]
# Of numbers that differ by their code alone, one.
PLAYED = [f"+2547000000{number:02}" for number in (0, 1, 2, 10, 14, 15, 16, 20, 21, 31, 50, 51)]


def told(job: Job) -> tuple[Any, ...]:
    """What a job says of itself but for its times."""
    entries = [(entry.event, entry.detail) for entry in job.timeline]
    return job.status, job.rank, job.attempts, job.error, job.device_id, entries


class Played:
    """One message to a magic number; its messages are kept, so that each may come again."""

    def __init__(self, stage: Stage, number: str) -> None:
        self.world, live = stage
        self.test = live.test_client()
        self.seen: list[dict[str, Any]] = []
        self.job_id = self.test.send(recipient=number).body["jobId"]

    def due(self) -> list[dict[str, Any]]:
        """The messages that are visible now."""
        found = self.world.cloud.messages("test") if self.world.cloud.has_visible("test") else []
        for message in found:
            self.world.cloud.sqs.delete_message(
                QueueUrl=self.world.cloud.queues["test"], ReceiptHandle=message["ReceiptHandle"]
            )
        self.seen += [message["Body"] for message in found]
        return [message["Body"] for message in found]

    def play(self, body: dict[str, Any]) -> bool:
        """Hand a message to the player; whether it was handled."""
        record = {"messageId": "1", "body": json.dumps(body), "attributes": {"ApproximateReceiveCount": "1"}}
        return not self.world.invoke("test_player", {"Records": [record]})["batchItemFailures"]

    def job(self) -> Job:
        found = jobs.get(self.job_id)
        assert found is not None
        return found

    def contents(self) -> list[tuple[str, str]]:
        """What came in, and what was sent: (kind, text), as the test world's client sees it."""
        received = [message["content"] for message in self.test.get("/api/sms/received").body["messages"]]
        sent = [entry["status"] for entry in self.test.get("/api/sms").body["jobs"]]
        return [("in", text) for text in received] + [("out", status) for status in sorted(sent)]


def run(stage: Stage, number: str, times: int = 1, seed: int | None = None) -> tuple[Any, ...]:
    """The end of a message whose steps come so many times, with a seed in any order among old ones."""
    played, chance = Played(stage, number), random.Random(seed)
    for _ in range(90):
        for body in played.due():
            for _ in range(times):
                assert played.play(body)
        if seed is not None and played.seen:
            assert played.play(chance.choice(played.seen))
        played.world.clock.shift(1)
    return told(played.job()), played.contents()


@pytest.mark.parametrize("number", PLAYED)
def test_a_step_that_comes_twice_changes_nothing(sent_world: Stage, number: str) -> None:
    once = run(sent_world, number)
    assert run((sent_world[0], ClientApi(sent_world[0].cloud)), number, times=2) == once


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "number", ["+254712345678", "+254700000016", "+254700000020", "+254700000021", "+254700000051"]
)
def test_old_steps_that_come_again_at_any_time_change_nothing(sent_world: Stage, number: str, seed: int) -> None:
    once = run(sent_world, number)
    assert run((sent_world[0], ClientApi(sent_world[0].cloud)), number, seed=seed) == once


@pytest.mark.parametrize(
    "number", ["+254712345678", "+254700000016", "+254700000021", "+254700000050", "+254700000051"]
)
def test_a_step_before_its_turn_does_nothing(sent_world: Stage, number: str) -> None:
    """No message of it is set before the one before it is done: these are made up."""
    played = Played(sent_world, number)
    (first,) = played.due()
    for step in range(6, 0, -1):
        assert played.play({"pk": first["pk"], "createdAt": first["createdAt"], "step": step})
    assert (played.job().status, played.job().timeline) == ("Pending", ())
    assert played.due() == []
    assert played.contents() == [("out", "Pending")]


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", PLAYED)
def test_a_player_that_dies_at_any_request_is_made_up_for(
    sent_world: Stage, monkeypatch: pytest.MonkeyPatch, number: str, after: bool
) -> None:
    once = run(sent_world, number)
    played = Played((sent_world[0], ClientApi(sent_world[0].cloud)), number)
    killed = 0
    for _ in range(90):
        for body in played.due():
            for request in range(1, 40):
                with monkeypatch.context() as patch:
                    die(patch, request, after=after)
                    try:
                        done = played.play(body)
                    except Killed:
                        killed += 1
                        continue
                if done:
                    break
            else:
                raise AssertionError("the step never came to an end")
        played.world.clock.shift(1)
    assert killed >= 4
    assert (told(played.job()), played.contents()) == once


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_job_that_is_cancelled_goes_no_further(sent_world: Stage, seconds: int) -> None:
    played = Played(sent_world, "+254700000020")  # Assigned in its third second
    for _ in range(seconds):
        for body in played.due():
            played.play(body)
        played.world.clock.shift(1)
    assert played.test.post(f"/api/sms/{played.job_id}/cancel").body["status"] == "Cancelled"
    for _ in range(20):
        for body in played.due():
            played.play(body)
        played.world.clock.shift(1)
    assert told(played.job())[0] == "Cancelled"
    assert [entry.event for entry in played.job().timeline] == ["cancelled"]


def test_a_step_of_a_job_that_was_made_anew_under_its_key_is_not_its_own(sent_world: Stage) -> None:
    played = Played(sent_world, "+254712345678")
    (first,) = played.due()
    assert played.play({"pk": first["pk"], "createdAt": first["createdAt"] - 1, "step": 0})
    assert played.job().status == "Pending"


def test_a_job_whose_validity_ends_before_the_test_phone_takes_it_expires(sent_world: Stage) -> None:
    played = Played(sent_world, "+254712345678")
    (first,) = played.due()
    played.world.clock.shift(86_401)
    assert played.play({"pk": first["pk"], "createdAt": first["createdAt"], "step": 0})
    assert (played.job().status, played.job().error and played.job().error.code) == ("DeadLetter", "expired")


def test_a_message_that_can_not_be_handled_ends_its_job(sent_world: Stage) -> None:
    """The janitor gets it from the dead letters of the test queue."""
    played = Played(sent_world, "+254712345678")
    (first,) = played.due()
    played.play(first)
    played.world.clock.shift(1)
    (step,) = played.due()
    _lose(played, step)
    assert (played.job().status, played.job().error and played.job().error.code) == ("DeadLetter", "dispatch-error")


def _lose(played: Played, message: dict[str, Any]) -> None:
    """Let the janitor get it from the dead letters."""
    record = {"messageId": "1", "body": json.dumps(message), "attributes": {"ApproximateReceiveCount": "1"},
              "eventSourceARN": "arn:aws:sqs:eu-west-1:1:test-dead-letters"}  # fmt: skip
    assert played.world.invoke("janitor", {"Records": [record]}) == {"batchItemFailures": []}


def test_a_lost_step_of_an_earlier_job_under_its_key_ends_no_job_that_the_test_phone_has(sent_world: Stage) -> None:
    played = Played(sent_world, "+254712345678")
    *_, lost = _each_step(played, 2)
    _lose(played, lost | {"createdAt": lost["createdAt"] - 1})
    assert played.job().status == "Assigned"


def _each_step(played: Played, count: int) -> list[dict[str, Any]]:
    """The job and so many of its steps; all but the last one are played."""
    bodies = played.due()
    while len(bodies) <= count:
        assert played.play(bodies[-1])
        for _ in range(5):
            played.world.clock.shift(1)
            bodies += played.due()
    return bodies


@pytest.mark.parametrize(
    ("played_steps", "ended"),
    [
        (0, ("DeadLetter", "dispatch-error")),
        (1, ("Failed", "outcome_unknown")),
        (2, ("Sent", None)),
    ],
    ids=["it waits", "the test phone has it", "it is Sent"],
)
def test_a_step_that_can_not_be_played_leaves_no_job_on_its_way(
    sent_world: Stage, played_steps: int, ended: tuple[str, str | None]
) -> None:
    """Of what the test phone has and says no more of, nobody knows the outcome; what is Sent stays so."""
    played = Played(sent_world, "+254712345678")
    first, *later = _each_step(played, played_steps + 1)
    lost = later[-1]
    for message in (lost, lost, first):
        _lose(played, message)
    assert (played.job().status, played.job().error and played.job().error.code) == ended


def test_what_waits_for_its_deadline_is_ended_by_its_timer(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    job_id = test.send(recipient="+254700000030", validitySeconds=60).body["jobId"]
    world.advance(62)
    job = jobs.get(job_id)
    assert job is not None
    assert (job.status, job.error and job.error.code) == ("DeadLetter", "expired")


def test_what_waits_for_days_is_ended_by_the_janitor(sent_world: Stage) -> None:
    world, live = sent_world
    job_id = live.test_client().send(recipient="+254700000030", validitySeconds=3_600).body["jobId"]
    world.pump()
    world.clock.shift(3_620)
    world.tick()
    job = jobs.get(job_id)
    assert job is not None
    assert job.status == "DeadLetter"


def test_what_was_to_be_sent_later_is_played_when_it_is_due(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    job_id = test.send(sendAt="2026-06-23T10:01:00Z").body["jobId"]
    world.pump()
    assert test.status(job_id).body["status"] == "Scheduled"
    world.advance(66)
    assert test.status(job_id).body["status"] == "Delivered"


def test_a_request_that_is_repeated_is_played_once(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    first = test.send(idempotencyKey="once").body["jobId"]
    world.pump()
    assert test.send(idempotencyKey="once").body["jobId"] == first
    world.advance(10)
    job = jobs.get(first)
    assert job is not None
    assert [entry.event for entry in job.timeline] == ["offered", "assigned", "sent", "delivered"]
    assert job.attempts == 1


def test_a_queue_that_takes_nothing_leaves_nothing(sent_world: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    world, live = sent_world
    test = live.test_client()
    monkeypatch.setenv("QUEUE_TEST_URL", world.cloud.queues["test"] + "-elsewhere")
    settings.forget()
    assert test.send().status == 503
    assert world.cloud.items("jobs") == []

"""What DynamoDB refuses for the moment is no news of a job: nothing is acknowledged that wasn't written."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.models.job import JobStatus
from smskit.platform import patience
from tests.support.path import events, lane_of, refuse
from tests.support.world import FakeRadioPhone, World

CANCELLED = "TransactionCanceledException"


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "pause", lambda _: None)


def of_jobs(body: dict[str, Any]) -> bool:
    return any(
        next(iter(operation.values()))["TableName"].endswith("jobs") for operation in body.get("TransactItems", ())
    )


def claimed(world: World) -> tuple[FakeRadioPhone, Any, dict[str, Any]]:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    return phone, job, offer


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
@pytest.mark.parametrize("error", ["radio_off", None])
def test_a_report_that_meets_a_conflict_is_applied_all_the_same(world: World, reason: str, error: str | None) -> None:
    phone, job, offer = claimed(world)
    met = refuse("TransactWriteItems", CANCELLED, 3, [reason] * 3, when=of_jobs)
    if error:
        assert phone.report("Failed", offer, error=error)["type"] == "ack"
    else:
        item = {"jobId": offer["jobId"], "token": offer["token"], "reason": "no-room"}
        assert phone.say({"type": "decline", "items": [item]})["type"] == "declined"
    assert len(met) == 3
    assert world.stored(job).status is JobStatus.PENDING and not lane_of(world, phone).held
    assert events(world, job)[-1] == ("attempt_failed" if error else "declined")


def test_a_report_that_can_not_be_written_is_not_acknowledged(world: World) -> None:
    phone, job, offer = claimed(world)
    refuse("TransactWriteItems", CANCELLED, 1_000, ["TransactionConflict"] * 3, when=of_jobs)
    assert phone.report("Failed", offer, error="radio_off") == {}
    assert world.stored(job).status is JobStatus.ASSIGNED
    assert lane_of(world, phone).held


def test_a_claim_that_can_not_be_written_gets_no_verdict(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    refuse("UpdateItem", "TransactionConflictException", 1_000, when=lambda body: body["TableName"].endswith("jobs"))
    item = {"jobId": offer["jobId"], "token": offer["token"]}
    assert phone.say({"type": "claim", "items": [item]}) == {}
    assert world.stored(job).status is JobStatus.PENDING


def test_a_job_whose_quick_way_to_its_lane_is_refused_goes_by_way_of_the_pool(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    met = refuse("UpdateItem", "ProvisionedThroughputExceededException", 1_000)
    answer = world.cloud.sqs.receive_message(QueueUrl=world.cloud.queues["bulk"], AttributeNames=["All"])
    (message,) = answer["Messages"]
    record = {"messageId": "1", "body": message["Body"], "attributes": message["Attributes"]}
    assert world.invoke("dispatcher", {"Records": [record]}) == {"batchItemFailures": []}
    assert met and [offer["jobId"] for offer in phone.take_offers()] == [job.job_id]


def test_a_phone_with_more_open_jobs_than_a_batch_takes_is_welcome(world: World) -> None:
    """A hundred and twenty deliveries that were confirmed while it was offline."""
    phone = world.add_phone()
    phone.connect()
    opened = []
    for number in range(120):
        job = world.job(recipient=f"+2547220{number:05d}")
        opened.append({"jobId": job.job_id, "token": "t", "state": "Delivered"})
    welcome = phone.connect(opened)
    assert welcome["type"] == "welcome" and len(welcome["resolve"]) == 120

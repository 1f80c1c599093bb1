"""Batches after their request: repeats, cancelling, and what is counted of them on the stream."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from smskit.dispatch.store import job_texts, jobs
from smskit.dispatch.store.job_items import job_item
from smskit.errors import QueueUnavailableError
from smskit.models.batch import job_id_of
from smskit.models.job import Job, JobStatus, Rank
from smskit.models.timer import BatchTimer, TimerKind
from smskit.platform import table, timer_queue
from smskit.platform.codec import encode_item
from smskit.platform.times import now_ms
from smskit.sending.logic import batch_work, batches
from smskit.sending.store import batch_pieces, batch_tallies
from smskit.sending.store import batches as stored_batches
from tests.support import bulk, console, functions
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.world import FakeRadioPhone, World

Sent = tuple[World, ClientApi]


@pytest.fixture
def phone(sent_world: Sent) -> FakeRadioPhone:
    """A phone that is online."""
    made = sent_world[0].add_phone(limit=10_000)
    made.connect()
    return made


def stored(batch_id: str, row: int) -> Job:
    found = jobs.get(batch_job(batch_id, row))
    assert found is not None
    return found


def batch_job(batch_id: str, row: int) -> str:
    return job_id_of(batch_id, row)


# -- the same request again --------------------------------------------------------------------------------------------


def test_a_repeated_request_gets_the_first_answer_and_sends_nothing_twice(
    sent_world: Sent, phone: FakeRadioPhone
) -> None:
    world, api = sent_world
    recipients = bulk.rows(30)
    recipients[3]["variables"] = {}
    recipients[5]["recipient"] = bulk.number(4)
    first = bulk.send(api, recipients, idempotencyKey="k")
    phone.drop()
    assert bulk.send(api, recipients, idempotencyKey="k").body == first.body
    world.advance(2)
    api.post("/api/opt-outs", {"number": bulk.number(0)})
    assert bulk.send(api, recipients, idempotencyKey="k").body == first.body, "the world may have changed since"
    world.advance(10)
    assert len(world.cloud.items("jobs")) == 28 and bulk.left(world.cloud) == []
    assert bulk.send(api, recipients).status == 422, "without a key it is another one"


@pytest.mark.parametrize(
    "changes",
    [{"message": "Hi {name}"}, {"priority": 1}, {"validitySeconds": 60}, {"waitForPhone": True},
     {"sendAt": "2026-06-23T11:00:00Z"}, {"recipients": bulk.rows(3)},
     {"recipients": [bulk.rows(2)[1], bulk.rows(2)[0]]},
     {"recipients": [bulk.rows(1)[0], bulk.rows(2)[1] | {"clientReference": "other"}]}],
)  # fmt: skip
def test_a_key_stands_for_one_request(sent_world: Sent, phone: FakeRadioPhone, changes: dict[str, Any]) -> None:
    _, api = sent_world
    assert bulk.send(api, bulk.rows(2), idempotencyKey="k").status == 202
    answer = bulk.send(api, **{"recipients": bulk.rows(2), "idempotencyKey": "k"} | changes)
    assert (answer.status, answer.slug, answer.pointers) == (409, "idempotency-conflict", ["#/idempotencyKey"])


def test_keys_of_bulk_requests_and_sends_and_of_accounts_do_not_meet(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    first = bulk.send(api, bulk.rows(2), idempotencyKey="k")
    assert api.send(idempotencyKey="k").status == 202
    other = ClientApi(world.cloud)
    second = bulk.send(other, bulk.rows(2), idempotencyKey="k", waitForPhone=True)
    assert second.status == 202 and second.body["batchId"] != first.body["batchId"]


def test_two_requests_under_one_key_at_once_are_one_batch(sent_world: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one is as far as the first when that is accepted: it is told the first one's answer."""
    world, api = sent_world
    answers = []
    plain = batch_pieces.put

    def put(*arguments: Any) -> None:
        monkeypatch.setattr(batch_pieces, "put", plain)
        answers.append(bulk.send(api, bulk.rows(30), idempotencyKey="k", waitForPhone=True))
        plain(*arguments)

    monkeypatch.setattr(batch_pieces, "put", put)
    answers.append(bulk.send(api, bulk.rows(30), idempotencyKey="k", waitForPhone=True))
    assert [answer.status for answer in answers] == [202, 202] and answers[0].body == answers[1].body
    world.advance(130)
    assert len(world.cloud.items("jobs")) == 30 and bulk.left(world.cloud) == []


# -- what a request leaves that isn't accepted -------------------------------------------------------------------------


def test_a_queue_that_takes_nothing_is_503_and_leaves_nothing(
    sent_world: Sent, phone: FakeRadioPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, api = sent_world

    def down(*_: Any) -> None:
        raise QueueUnavailableError("down")

    monkeypatch.setattr(timer_queue, "set_timers", down)
    answer = bulk.send(api, bulk.rows(2), idempotencyKey="k")
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert world.cloud.items("batches") == []
    monkeypatch.undo()


def test_what_a_request_leaves_that_dies_before_it_is_accepted_is_removed(
    sent_world: Sent, phone: FakeRadioPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, api = sent_world

    def dies(_: Any) -> bool:
        raise OSError("the process is gone")

    with monkeypatch.context() as patched:
        patched.setattr(stored_batches, "create", dies)
        recipients = bulk.rows(30)
        recipients[1]["variables"] = {}
        assert bulk.send(api, recipients).status == 500
    assert len(bulk.left(world.cloud)) == 2
    world.advance(100)
    assert len(bulk.left(world.cloud)) == 2, "it might be about to be accepted"
    world.advance(30)
    assert world.cloud.items("batches") == [] and world.cloud.items("jobs") == []
    assert not world.cloud.has_visible("background")


def test_a_timer_that_comes_twice_or_late_makes_nothing_twice(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    answer = bulk.send(api, bulk.rows(3))
    world.advance(2)
    batch = batches.read(api.account_id, answer.body["batchId"], now_ms())
    before = world.cloud.items("jobs")
    for piece in (None, 0):
        timer = BatchTimer(TimerKind.BATCH, batch.batch_id, batch.attempt, batch.created_at, 1, piece)
        for moment in (now_ms(), now_ms() + 3_600_000):
            batch_work.run(timer, moment)
    world.pump("background")
    assert sorted(world.cloud.items("jobs"), key=str) == sorted(before, key=str)


def test_a_number_that_is_erased_before_a_run_is_repeated_stays_erased(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    answer = bulk.send(api, bulk.rows(2))
    batch = batches.read(api.account_id, answer.body["batchId"], now_ms())
    piece = batch_pieces.get(batch.batch_id, batch.attempt, 0)
    world.advance(2)
    (offer, *_) = [each for each in phone.take_offers() if each["recipient"] == bulk.number(0)]
    phone.claim(offer)
    phone.report("Sent", offer)
    assert job_texts.erase(stored(batch.batch_id, 0))
    batch_pieces.put(batch.batch_id, batch.attempt, [piece], ([], []), batch.kept_until)
    batch_work.run(BatchTimer(TimerKind.BATCH, batch.batch_id, batch.attempt, batch.created_at, 1, 0), now_ms())
    world.pump()
    assert jobs.get(batch.job_id(0)) is None
    listed = api.get(f"/api/sms/batches/{batch.batch_id}/messages").body["jobs"]
    assert [job["jobId"] for job in listed] == [batch.job_id(1)]


# -- cancelling --------------------------------------------------------------------------------------------------------


def test_cancelling_withdraws_what_no_phone_has_taken(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    batch_id = bulk.send(api, bulk.rows(40)).body["batchId"]
    world.advance(2)
    offers = phone.take_offers()
    phone.claim(*offers)
    answer = api.post(f"/api/sms/batches/{batch_id}/cancel")
    assert (answer.status, answer.body["cancelledAt"]) == (202, "2026-06-23T10:00:02Z")
    world.advance(2)
    phone.report("Sent", *offers)
    taken = {offer["jobId"] for offer in offers}
    states = {job["pk"]: job["status"] for job in world.cloud.items("jobs")}
    assert len(states) == 40 and taken
    assert {state for job_id, state in states.items() if job_id not in taken} == {"Cancelled"}
    assert {states[job_id] for job_id in taken} == {"Sent"}
    world.advance(1)
    assert api.post(f"/api/sms/batches/{batch_id}/cancel").body["cancelledAt"] == "2026-06-23T10:00:02Z"
    world.advance(60)
    assert not [item for item in world.cloud.items("pool") if item["pk"].startswith("pool#")]


def test_what_is_cancelled_before_it_is_made_goes_to_nobody(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    answer = bulk.send(api, bulk.rows(30), idempotencyKey="k")
    batch_id = answer.body["batchId"]
    assert api.post(f"/api/sms/batches/{batch_id}/cancel").status == 202
    world.advance(5)
    assert {job["status"] for job in world.cloud.items("jobs")} == {"Cancelled"}
    assert len(world.cloud.items("jobs")) == 30 and phone.offers == [] and world.cloud.queued() == 0
    assert api.status(answer.body["accepted"][7]["jobId"]).body["status"] == "Cancelled"
    assert bulk.send(api, bulk.rows(30), idempotencyKey="k").body == answer.body
    world.advance(5)
    assert phone.offers == [] and world.cloud.queued() == 0


def test_a_scheduled_batch_is_withdrawn(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    batch_id = bulk.send(api, bulk.rows(3), sendAt="2026-06-24T10:00:00Z").body["batchId"]
    world.advance(2)
    assert api.post(f"/api/sms/batches/{batch_id}/cancel").status == 202
    world.advance(2)
    assert {job["status"] for job in world.cloud.items("jobs")} == {"Cancelled"}


def test_a_cancel_that_dies_before_its_mark_withdraws_nothing(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    batch_id = bulk.send(api, bulk.rows(3)).body["batchId"]
    world.advance(2)
    batch_work.withdraw_soon(batches.read(api.account_id, batch_id, now_ms()), now_ms())
    world.advance(130)
    assert "Cancelled" not in {job["status"] for job in world.cloud.items("jobs")}
    assert not world.cloud.has_visible("background")


# -- the console -------------------------------------------------------------------------------------------------------


def test_people_send_to_many_and_cancel_and_the_audit_log_says_so(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    person = console.person("operator", api.account_id)
    desk = Console(person)
    answer = desk.post("/console/batches", {"message": bulk.TEXT, "recipients": bulk.rows(2), "idempotencyKey": "k"})
    batch_id = answer.body["batchId"]
    assert (answer.status, answer.headers["location"]) == (202, f"/console/batches/{batch_id}")
    world.advance(2)
    assert desk.get("/console/batches").body["batches"][0]["clientId"] == f"operator:{person.person_id}"
    listed = desk.get(f"/console/batches/{batch_id}/messages").body["messages"]
    assert [(each["message"], each["clientName"]) for each in listed] == [
        (f"Hello N{row}, your code is {row:04d}", person.email) for row in range(2)
    ]
    by_filter = desk.get("/console/messages", f"batchId={batch_id}").body["messages"]
    assert [each["jobId"] for each in by_filter] == [each["jobId"] for each in listed]
    export = desk.get("/console/messages/export.csv", f"batchId={batch_id}")
    assert export.text.count("\r\n") == 3
    assert desk.post(f"/console/batches/{batch_id}/cancel").status == 202
    world.advance(2)
    assert desk.get(f"/console/batches/{batch_id}").body["cancelledAt"]
    noted = [(item["action"], item["subject"]) for item in world.cloud.items("accounts") if "action" in item]
    assert [each for each in noted if each[0].startswith("batch.")] == [
        ("batch.queued", batch_id), ("batch.cancelled", batch_id),
    ]  # fmt: skip
    assert bulk.send(api, bulk.rows(2), idempotencyKey="k").body["batchId"] != batch_id, "a person's keys are their own"


# -- the counts --------------------------------------------------------------------------------------------------------


class Stream:
    """Records of jobs, each with a number that grows."""

    def __init__(self) -> None:
        self.number = 10**20
        self.records: list[dict[str, Any]] = []

    def change(self, before: Job | None, after: Job) -> Job:
        self.number += random.randint(1, 10**9)
        change: dict[str, Any] = {"SequenceNumber": str(self.number), "NewImage": encode_item(job_item(after))}
        if before is not None:
            change["OldImage"] = encode_item(job_item(before))
        self.records.append({"eventName": "MODIFY" if before else "INSERT", "dynamodb": change})
        return after

    def way(self, job: Job, *states: JobStatus) -> None:
        """The records of a job that goes through these states."""
        self.change(None, job)
        for state in states:
            rank = getattr(Rank, state.name, Rank.CLOSED)
            job = self.change(job, replace(job, status=state, rank=rank))


def to_be_made(api: ClientApi, batch_id: str) -> list[Job]:
    """The messages of a batch, as it left them to the timers."""
    batch = batches.read(api.account_id, batch_id, now_ms())
    return [job for piece in range(batch.pieces) for job in batch_pieces.get(batch_id, batch.attempt, piece)]


def tell(records: Sequence[dict[str, Any]], shard: str = "one") -> dict[str, Any]:
    event = {"Records": list(records), "shardId": shard}
    answer: dict[str, Any] = functions.load("usage_counter").lambda_handler(event, None)
    return answer


@pytest.fixture
def told(sent_world: Sent) -> tuple[ClientApi, str, Stream]:
    """A batch of 60, whose messages have gone several ways."""
    _, api = sent_world
    batch_id = bulk.send(api, bulk.rows(60), waitForPhone=True).body["batchId"]
    stream, ways = Stream(), [
        (JobStatus.ASSIGNED, JobStatus.SENT, JobStatus.DELIVERED),
        (JobStatus.ASSIGNED, JobStatus.PENDING, JobStatus.ASSIGNED, JobStatus.FAILED),
        (JobStatus.CANCELLED,),
        (JobStatus.ASSIGNED, JobStatus.PENDING),
        (),
        (JobStatus.DEAD_LETTER,),
    ]  # fmt: skip
    for row, job in enumerate(to_be_made(api, batch_id)):
        stream.way(job, *ways[row % 6])
    return api, batch_id, stream


TOLD = {"scheduled": 0, "pending": 20, "assigned": 0, "sent": 0, "delivered": 10, "failed": 10, "deadLetter": 10,
        "cancelled": 10}  # fmt: skip


def counts(api: ClientApi, batch_id: str) -> dict[str, int]:
    found: dict[str, int] = api.get(f"/api/sms/batches/{batch_id}").body["counts"]
    return found


def test_counts_follow_the_stream(told: tuple[ClientApi, str, Stream]) -> None:
    api, batch_id, stream = told
    assert tell(stream.records) == {"state": {}, "batchItemFailures": []}
    assert counts(api, batch_id) == TOLD


@pytest.mark.parametrize("seed", range(8))
def test_counts_are_right_whatever_comes_twice_or_out_of_order(told: tuple[ClientApi, str, Stream], seed: int) -> None:
    api, batch_id, stream = told
    rng = random.Random(seed)
    records = stream.records * 2
    rng.shuffle(records)
    while records:
        size = rng.choice([1, 3, 40])
        tell(records[:size], rng.choice(["one", "two"]))
        del records[:size]
    assert counts(api, batch_id) == TOLD
    tell(stream.records[:50])
    assert counts(api, batch_id) == TOLD


def test_records_of_a_batch_in_one_go_share_their_writes(
    told: tuple[ClientApi, str, Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, stream = told
    writes = []
    plain = table.update

    def update(name: str, *arguments: Any, **more: Any) -> Any:
        writes.append(name)
        return plain(name, *arguments, **more)

    monkeypatch.setattr(table, "update", update)
    tell(stream.records)
    assert writes.count("batches") == 3, "25 rows are one item"


def test_a_record_that_cannot_be_counted_comes_again(
    told: tuple[ClientApi, str, Stream], monkeypatch: pytest.MonkeyPatch
) -> None:
    api, batch_id, stream = told
    plain = batch_tallies.tell

    def fails_for_the_second(batch: str, group: int, *arguments: Any) -> None:
        if group == 1:
            raise OSError("no answer")
        plain(batch, group, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(batch_tallies, "tell", fails_for_the_second)
        failed = tell(stream.records)["batchItemFailures"]
    first_of_group = next(record for record in stream.records
                          if record["eventName"] == "MODIFY"
                          and record["dynamodb"]["NewImage"]["batchRow"]["N"] == "25")  # fmt: skip
    assert failed == [{"itemIdentifier": first_of_group["dynamodb"]["SequenceNumber"]}]
    begin = stream.records.index(first_of_group)
    tell(stream.records[begin:])
    assert counts(api, batch_id) == TOLD


def test_what_leaves_by_age_or_by_request_stays_counted(told: tuple[ClientApi, str, Stream]) -> None:
    api, batch_id, stream = told
    tell(stream.records)
    job = to_be_made(api, batch_id)[0]
    image = encode_item(job_item(replace(job, status=JobStatus.DELIVERED)))
    gone = {"SequenceNumber": str(stream.number + 1), "OldImage": image}
    erased = gone | {"NewImage": encode_item({"pk": job.job_id, "accountId": "a", "erased": True, "rank": 90})}
    tell([
        {"eventName": "MODIFY", "dynamodb": erased},
        {"eventName": "REMOVE", "dynamodb": gone, "userIdentity": {"type": "Service"}},
    ])  # fmt: skip
    assert counts(api, batch_id) == TOLD


def test_jobs_of_no_batch_cost_no_write_more(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    stream = Stream()
    found = jobs.get(api.send().body["jobId"])
    assert found is not None
    stream.way(found, JobStatus.ASSIGNED, JobStatus.SENT)
    tell(stream.records)
    assert world.cloud.items("batches") == []


# -- the test world ----------------------------------------------------------------------------------------------------


def test_a_bulk_of_a_test_key_plays_its_numbers_and_is_counted(sent_world: Sent) -> None:
    world, api = sent_world
    rehearsal = api.test_client()
    answer = bulk.send(rehearsal, [{"recipient": bulk.number(row)} for row in (7_000, 8_000)], message="Hello")
    assert len(answer.body["accepted"]) == 2
    world.advance(30)
    assert [job["accountId"] for job in world.cloud.items("jobs")] == [rehearsal.account_id] * 2
    listed = rehearsal.get(f"/api/sms/batches/{answer.body['batchId']}/messages").body["jobs"]
    assert {job["status"] for job in listed} == {"Delivered"}, "without a phone"
    assert api.get("/api/sms/batches").body["batches"] == []

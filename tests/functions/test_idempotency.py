"""One key, one job: repeats, conflicts, failures between the steps, and many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from smskit.errors import IdempotencyConflictError, QueueUnavailableError, UnavailableError
from smskit.gateways import queues
from smskit.logic import accept
from smskit.logic.accept import Order
from smskit.models.job import JobStatus
from smskit.models.times import now_ms
from smskit.store import jobs, table
from tests.support import aws, seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi

KEY = {"idempotencyKey": "order-1"}


@pytest.fixture
def phone(api: ClientApi) -> Any:
    """An online phone with two SIMs."""
    return seeds.phone(api.account_id, sims=2)


def order(api: ClientApi, **changes: Any) -> Order:
    values = {"recipient": "0712345678", "message": "hi", "priority": 0, "validity_seconds": 300, "idempotency_key": "k"}
    return Order(api.account_id, api.tenant.client_id, **(values | changes))  # type: ignore[arg-type]


def all_messages(cloud: Cloud) -> list[dict[str, Any]]:
    return [message for queue in ("urgent", "standard", "bulk") for message in cloud.messages(queue)]


def test_a_repeat_gets_the_first_answer_and_no_second_job(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    first, again = api.send(**KEY), api.send(**KEY)
    assert (again.status, again.text) == (202, first.text)
    assert again.headers["location"] == first.headers["location"]
    assert len(cloud.items("jobs")) == 1
    assert len(all_messages(cloud)) == 1


def test_a_repeat_written_otherwise_is_the_same_request(api: ClientApi, phone: Any) -> None:
    other = seeds.phone(api.account_id)
    first = api.send(recipient="0712345678", devices=[phone.device_id, other.device_id], **KEY)
    devices = [{"deviceId": other.device_id}, {"deviceId": phone.device_id}, {"deviceId": phone.device_id, "simSlot": 0}]
    again = api.send(recipient="+254 712-345-678", devices=devices, priority=0, validitySeconds=86_400, **KEY)
    assert (again.status, again.body) == (202, first.body)


@pytest.mark.parametrize(
    "changes",
    [
        {"recipient": "+254712345679"},
        {"message": "Your code is 123457"},
        {"priority": 1},
        {"validitySeconds": 300},
        {"clientReference": "r"},
        {"devices": "phone"},
    ],
)
def test_another_request_under_the_key_is_a_conflict(
    api: ClientApi, phone: Any, cloud: Cloud, changes: dict[str, Any]
) -> None:
    first = api.send(**KEY)
    other = {name: [phone.device_id] if name == "devices" else value for name, value in changes.items()}
    answer = api.send(**KEY, **other)
    assert (answer.status, answer.slug, answer.pointers) == (409, "idempotency-conflict", ["#/idempotencyKey"])
    assert [item["pk"] for item in cloud.items("jobs")] == [first.body["jobId"]]
    assert len(all_messages(cloud)) == 1


def test_a_key_belongs_to_its_account(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    other = ClientApi(cloud)
    seeds.phone(other.account_id)
    assert api.send(**KEY).body["jobId"] != other.send(**KEY).body["jobId"]


def test_a_key_is_shared_by_the_clients_of_an_account(api: ClientApi, phone: Any) -> None:
    from smskit.logic import clients

    first = api.send(**KEY)
    _, key = clients.create(api.account_id, "second", now_ms())
    assert api.call("POST", "/api/sms/send", {"recipient": "+254712345678", "message": "Your code is 123456"} | KEY,
                    headers={"x-api-key": key}).body == first.body  # fmt: skip


@pytest.mark.parametrize("happened", ["opted-out", "offline", "unpaired"])
def test_the_first_answer_stands_when_the_world_has_changed(api: ClientApi, phone: Any, happened: str) -> None:
    first = api.send(devices=[phone.device_id], **KEY)
    if happened == "opted-out":
        table.put("contacts", {"pk": api.account_id, "sk": "contact#+254712345678", "optedOut": True})
    elif happened == "offline":
        seeds.change_lane(phone, 0, connection_id=None)
        seeds.change_lane(phone, 1, connection_id=None)
    else:
        table.delete("devices", {"pk": api.account_id, "sk": f"device#{phone.device_id}"})

    again = api.send(devices=[phone.device_id], **KEY)
    assert (again.status, again.body) == (202, first.body)
    assert api.send(devices=[phone.device_id], message="other", **KEY).status == 409
    assert api.send(devices=[phone.device_id]).status in (403, 422)


def test_a_repeat_of_a_finished_job_is_answered_as_at_first(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    first = api.send(**KEY)
    all_messages(cloud)
    jobs.close(first.body["jobId"], JobStatus.CANCELLED, None, now_ms())
    again = api.send(**KEY)
    assert (again.status, again.text) == (202, first.text)
    assert all_messages(cloud) == []


def test_a_repeat_queues_what_a_crash_left_unqueued(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(queues, "enqueue", _dies)
        assert api.send(**KEY).status == 500
    (left,) = cloud.items("jobs")
    assert all_messages(cloud) == []

    again = api.send(**KEY)
    assert (again.status, again.body["jobId"]) == (202, left["pk"])
    assert [message["Body"]["pk"] for message in all_messages(cloud)] == [left["pk"]]


def _dies(job: Any) -> None:
    raise MemoryError


def test_a_retry_after_a_queue_failure_sends(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as outage:
        outage.setattr(queues, "enqueue", _fails)
        assert api.send(**KEY).status == 503
    assert cloud.items("jobs") == []
    assert api.send(**KEY).status == 202
    assert len(all_messages(cloud)) == 1


def _fails(job: Any) -> None:
    raise QueueUnavailableError("down")


def test_a_repeat_saves_the_job_from_being_taken_back(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first request can't queue the job; before it takes it back, a repeat has bound and queued it."""
    original, repeat_ids = queues.enqueue, []

    def failing_for_the_first(job: Any) -> None:
        monkeypatch.setattr(queues, "enqueue", original)
        repeat_ids.append(accept.accept(order(api), now_ms()))
        raise QueueUnavailableError("down")

    monkeypatch.setattr(queues, "enqueue", failing_for_the_first)
    with pytest.raises(UnavailableError):
        accept.accept(order(api), now_ms())

    (job,) = cloud.items("jobs")
    assert repeat_ids == [job["pk"]]
    assert [message["Body"]["pk"] for message in all_messages(cloud)] == [job["pk"]]


def test_a_repeat_that_finds_the_job_taken_back_starts_anew(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the repeat's conflict and its mark, the first request takes the job back."""
    accept.accept(order(api), now_ms())
    all_messages(cloud)
    original = jobs.mark_replayed

    def taken_back_first(job_id: str) -> bool:
        monkeypatch.setattr(jobs, "mark_replayed", original)
        assert jobs.take_back(job_id)
        return original(job_id)

    monkeypatch.setattr(jobs, "mark_replayed", taken_back_first)
    job_id = accept.accept(order(api), now_ms())
    (job,) = cloud.items("jobs")
    assert job["pk"] == job_id
    assert "replayed" not in job


def test_a_repeat_that_cannot_queue_says_so_and_keeps_the_job(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = accept.accept(order(api), now_ms())
    with monkeypatch.context() as outage:
        outage.setattr(queues, "enqueue", _fails)
        with pytest.raises(UnavailableError):
            accept.accept(order(api), now_ms())
    assert [item["pk"] for item in cloud.items("jobs")] == [job_id]
    assert accept.accept(order(api), now_ms()) == job_id


@pytest.fixture
def atomic(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS calls that threads may make."""
    aws.one_call_at_a_time(monkeypatch)


def _answers(count: int, call: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


@pytest.mark.usefixtures("atomic")
def test_fifty_at_once_make_one_job(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    ids = _answers(50, lambda _: accept.accept(order(api), now_ms()))
    assert len(set(ids)) == 1
    assert [item["pk"] for item in cloud.items("jobs")] == [ids[0]]
    assert len(all_messages(cloud)) == 1


@pytest.mark.usefixtures("atomic")
def test_of_two_requests_at_once_under_one_key_one_wins(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    def send(index: int) -> str | None:
        try:
            return accept.accept(order(api, message=f"text {index % 2}"), now_ms())
        except IdempotencyConflictError:
            return None

    ids = _answers(20, send)
    assert ids.count(None) == 10
    assert len(set(ids) - {None}) == 1
    (job,) = cloud.items("jobs")
    (message,) = all_messages(cloud)
    assert message["Body"]["message"] == job["message"]


@pytest.mark.usefixtures("atomic")
def test_fifty_at_once_with_a_failing_queue_leave_a_queued_job_or_none(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    original, calls = queues.enqueue, iter(range(10_000))

    def flaky(job: Any) -> None:
        if next(calls) % 3:
            raise QueueUnavailableError("down")
        original(job)

    monkeypatch.setattr(queues, "enqueue", flaky)

    def send(_: int) -> str | None:
        try:
            return accept.accept(order(api), now_ms())
        except UnavailableError:
            return None

    accepted = {job_id for job_id in _answers(50, send) if job_id}
    kept = {item["pk"] for item in cloud.items("jobs")}
    queued = {message["Body"]["pk"] for message in all_messages(cloud)}
    assert accepted <= kept
    assert accepted <= queued

"""Requests under one key that meet in the middle, and many at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine

from smskit import aws as smskit_aws
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import jobs
from smskit.errors import IdempotencyConflictError, QueueUnavailableError, UnavailableError
from smskit.models.job import Job
from smskit.platform.times import now_ms
from smskit.sending.logic import accept
from smskit.sending.logic.accept import Order
from tests.support import aws, seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi


@pytest.fixture
def phone(api: ClientApi) -> Any:
    """An online phone with two SIMs."""
    return seeds.phone(api.account_id, sims=2)


def order(api: ClientApi, **changes: Any) -> Order:
    values = {
        "recipient": "0712345678",
        "message": "hi",
        "priority": 0,
        "validity_seconds": 300,
        "idempotency_key": "k",
    }
    return Order(api.account_id, api.tenant.client_id, **(values | changes))  # type: ignore[arg-type]


def all_messages(cloud: Cloud) -> list[dict[str, Any]]:
    return [message for queue in ("urgent", "standard", "bulk") for message in cloud.messages(queue)]


def _fails(job: Any, **_: Any) -> None:
    raise QueueUnavailableError("down")


def test_a_repeat_saves_the_job_from_being_taken_back(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first request can't queue the job; before it takes it back, a repeat has bound and queued it."""
    original, repeat_ids = job_queues.enqueue, []

    def failing_for_the_first(job: Any, **_: Any) -> None:
        monkeypatch.setattr(job_queues, "enqueue", original)
        repeat_ids.append(accept.accept(order(api), now_ms()).job_id)
        raise QueueUnavailableError("down")

    monkeypatch.setattr(job_queues, "enqueue", failing_for_the_first)
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

    def taken_back_first(first: Job) -> bool:
        monkeypatch.setattr(jobs, "mark_replayed", original)
        assert jobs.take_back(first)
        return original(first)

    monkeypatch.setattr(jobs, "mark_replayed", taken_back_first)
    job_id = accept.accept(order(api), now_ms()).job_id
    (job,) = cloud.items("jobs")
    assert job["pk"] == job_id
    assert "replayed" not in job


def test_a_repeat_whose_job_was_made_anew_with_another_text_meanwhile_is_refused(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It saw the first one, which was taken back since: it would be told 202 for what is never sent."""
    accept.accept(order(api), now_ms())
    original = jobs.mark_replayed

    def made_anew_first(first: Job) -> bool:
        monkeypatch.setattr(jobs, "mark_replayed", original)
        assert jobs.take_back(first)
        accept.accept(order(api, message="another"), now_ms() + 1)
        return original(first)

    monkeypatch.setattr(jobs, "mark_replayed", made_anew_first)
    with pytest.raises(IdempotencyConflictError):
        accept.accept(order(api), now_ms())
    (job,) = cloud.items("jobs")
    assert "replayed" not in job


def test_a_repeat_that_cannot_queue_says_so_and_keeps_the_job(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = accept.accept(order(api), now_ms()).job_id
    with monkeypatch.context() as outage:
        outage.setattr(job_queues, "enqueue", _fails)
        with pytest.raises(UnavailableError):
            accept.accept(order(api), now_ms())
    assert [item["pk"] for item in cloud.items("jobs")] == [job_id]
    assert accept.accept(order(api), now_ms()).job_id == job_id


def test_a_take_back_that_is_asked_for_twice_spares_the_job_that_was_made_anew(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deletion is carried out and its answer lost; the repeat comes before the next try."""
    original = job_queues.enqueue
    repeat_ids: list[str] = []

    def failing_for_the_first(job: Any, **_: Any) -> None:
        monkeypatch.setattr(job_queues, "enqueue", original)
        raise QueueUnavailableError("down")

    def repeat(http_response: Any, parsed: dict[str, Any], **_: Any) -> None:
        if repeat_ids:
            return
        with time_machine.travel((now_ms() + 1_500) / 1_000, tick=False):
            repeat_ids.append(accept.accept(order(api), now_ms()).job_id)
        http_response.status_code = 500
        parsed["Error"] = {"Code": "InternalServerError", "Message": "lost"}

    monkeypatch.setattr(job_queues, "enqueue", failing_for_the_first)
    smskit_aws.client("dynamodb").meta.events.register_last("after-call.dynamodb.DeleteItem", repeat)
    with pytest.raises(UnavailableError):
        accept.accept(order(api), now_ms())
    assert [item["pk"] for item in cloud.items("jobs")] == repeat_ids
    assert [message["Body"]["pk"] for message in all_messages(cloud)] == repeat_ids


@pytest.fixture
def atomic(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS calls that threads may make."""
    aws.one_call_at_a_time(monkeypatch)


def _answers(count: int, call: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(call, range(count)))


@pytest.mark.usefixtures("atomic")
def test_fifty_at_once_make_one_job(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    ids = _answers(50, lambda _: accept.accept(order(api), now_ms()).job_id)
    assert len(set(ids)) == 1
    assert [item["pk"] for item in cloud.items("jobs")] == [ids[0]]
    assert len(all_messages(cloud)) == 1


@pytest.mark.usefixtures("atomic")
def test_of_two_requests_at_once_under_one_key_one_wins(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    def send(index: int) -> str | None:
        try:
            return accept.accept(order(api, message=f"text {index % 2}"), now_ms()).job_id
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
    original, calls = job_queues.enqueue, iter(range(10_000))

    def flaky(job: Any, **_: Any) -> None:
        if next(calls) % 3:
            raise QueueUnavailableError("down")
        original(job, **_)

    monkeypatch.setattr(job_queues, "enqueue", flaky)

    def send(_: int) -> str | None:
        try:
            return accept.accept(order(api), now_ms()).job_id
        except UnavailableError:
            return None

    accepted = {job_id for job_id in _answers(50, send) if job_id}
    kept = {item["pk"] for item in cloud.items("jobs")}
    queued = {message["Body"]["pk"] for message in all_messages(cloud)}
    assert accepted <= kept
    assert accepted <= queued

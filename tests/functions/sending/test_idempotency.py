"""One key, one job: repeats, conflicts, failures between the steps, and many at once."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import job_ends
from smskit.errors import QueueUnavailableError
from smskit.models.job import JobStatus
from smskit.phones.store.device_items import device_key
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi

KEY = {"idempotencyKey": "order-1"}


@pytest.fixture
def phone(api: ClientApi) -> Any:
    """An online phone with two SIMs."""
    return seeds.phone(api.account_id, sims=2)


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
    devices = [
        {"deviceId": other.device_id},
        {"deviceId": phone.device_id},
        {"deviceId": phone.device_id, "simSlot": 0},
    ]
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
    from smskit.clients.logic import clients

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
        table.delete("devices", device_key(api.account_id, phone.device_id))

    again = api.send(devices=[phone.device_id], **KEY)
    assert (again.status, again.body) == (202, first.body)
    assert api.send(devices=[phone.device_id], message="other", **KEY).status == 409
    assert api.send(devices=[phone.device_id]).status in (403, 422)


def test_a_repeat_of_a_finished_job_is_answered_as_at_first(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    first = api.send(**KEY)
    all_messages(cloud)
    job_ends.close(first.body["jobId"], JobStatus.CANCELLED, None, now_ms())
    before = cloud.items("jobs")
    again = api.send(**KEY)
    assert cloud.items("jobs") == before
    assert (again.status, again.text) == (202, first.text)
    assert all_messages(cloud) == []


def test_a_repeat_queues_what_a_crash_left_unqueued(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(job_queues, "enqueue", _dies)
        assert api.send(**KEY).status == 500
    (left,) = cloud.items("jobs")
    assert all_messages(cloud) == []

    again = api.send(**KEY)
    assert (again.status, again.body["jobId"]) == (202, left["pk"])
    assert [message["Body"]["pk"] for message in all_messages(cloud)] == [left["pk"]]


def _dies(job: Any, **_: Any) -> None:
    raise MemoryError


def test_a_retry_after_a_queue_failure_sends(
    api: ClientApi, phone: Any, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as outage:
        outage.setattr(job_queues, "enqueue", _fails)
        assert api.send(**KEY).status == 503
    assert cloud.items("jobs") == []
    assert api.send(**KEY).status == 202
    assert len(all_messages(cloud)) == 1


def _fails(job: Any, **_: Any) -> None:
    raise QueueUnavailableError("down")

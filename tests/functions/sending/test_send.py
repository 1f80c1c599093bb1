"""Sends that are accepted: what is answered, stored and queued, and what that costs."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from smskit import aws as smskit_aws
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import jobs
from smskit.dispatch.store.job_items import job_of
from smskit.errors import QueueUnavailableError
from smskit.models.job import Target
from smskit.platform import table
from smskit.platform.ids import is_id
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import SEND, ClientApi
from tests.support.http_events import Answer
from tests.support.meter import Meter


@pytest.fixture
def phone(api: ClientApi) -> Any:
    """An online phone with two SIMs."""
    return seeds.phone(api.account_id, sims=2)


def stored(answer: Answer) -> Any:
    assert answer.status == 202, answer.text
    job = jobs.get(answer.body["jobId"])
    assert job is not None
    return job


def test_a_send_is_answered_stored_and_queued(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    answer = api.send(recipient="0712 345 678", priority=9, validitySeconds=300, clientReference="order-1")

    job = stored(answer)
    assert answer.body == {"jobId": job.job_id, "status": "Pending"}
    assert is_id("job", job.job_id)
    assert answer.headers["location"] == f"/api/sms/{job.job_id}/status"
    assert (job.account_id, job.client_id) == (api.account_id, api.tenant.client_id)
    assert (job.recipient, job.message, job.segments) == ("+254712345678", "Your code is 123456", 1)
    assert job.expires_at - job.created_at == 300_000
    assert (job.client_reference, job.request_hash) == ("order-1", None)
    (message,) = cloud.messages("urgent")
    assert job_of(message["Body"]) == job
    assert message["Attributes"]["MessageGroupId"] == "254712345678"
    assert job.job_id in message["Attributes"]["MessageDeduplicationId"]
    assert api.get(answer.headers["location"]).body["status"] == "Pending"


@pytest.mark.parametrize(
    ("priority", "queue"),
    [(None, "bulk"), (0, "bulk"), (1, "standard"), (8, "standard"), (9, "urgent"), (10, "urgent")],
)
def test_each_priority_has_its_queue(
    api: ClientApi, phone: Any, cloud: Cloud, priority: int | None, queue: str
) -> None:
    job = stored(api.send() if priority is None else api.send(priority=priority))
    assert job.priority == (priority or 0)
    assert [message["Body"]["pk"] for message in cloud.messages(queue)] == [job.job_id]


def test_a_job_lives_a_day_unless_it_says_otherwise(api: ClientApi, phone: Any) -> None:
    job = stored(api.send())
    assert job.expires_at - job.created_at == 86_400_000


@pytest.mark.parametrize(
    "changes",
    [
        {"message": "x" * 1600},
        {"message": "😀" * 1600},
        {"message": " . "},
        {"message": "nul \x00 byte"},
        {"validitySeconds": 30},
        {"validitySeconds": 259_200},
        {"clientReference": "é" * 64},
        {"idempotencyKey": "k" * 128},
        {"idempotencyKey": "a key with spaces ~ {}"},
        {"recipient": "+1 415 555 2671"},
    ],
)
def test_the_limits_themselves_are_accepted(api: ClientApi, phone: Any, changes: dict[str, Any]) -> None:
    job = stored(api.send(**changes))
    assert job.message == changes.get("message", job.message)


def test_a_base64_body_is_read(api: ClientApi, phone: Any) -> None:
    answer = api.post("/api/sms/send", '{"recipient": "0712345678", "message": "Äpfel — für 5 €"}', as_base64=True)
    assert stored(answer).message == "Äpfel — für 5 €"


def test_named_devices_are_merged(api: ClientApi, phone: Any) -> None:
    other = seeds.phone(api.account_id)
    devices = [
        {"deviceId": phone.device_id, "simSlot": 1},
        other.device_id,
        {"deviceId": other.device_id},
        {"deviceId": other.device_id, "simSlot": 0},
        {"deviceId": phone.device_id, "simSlot": 1},
    ]
    job = stored(api.send(devices=devices))
    assert job.targets == tuple(sorted([Target(phone.device_id, 1), Target(other.device_id)]))


def test_one_able_device_of_several_is_enough(api: ClientApi, phone: Any) -> None:
    offline = seeds.phone(api.account_id, online=False)
    assert len(stored(api.send(devices=[offline.device_id, phone.device_id])).targets) == 2


def test_without_a_phone_online_nothing_is_accepted(api: ClientApi) -> None:
    assert api.send().slug == "no-eligible-device"
    seeds.phone(api.account_id, online=False)
    answer = api.send()
    assert (answer.status, answer.slug) == (422, "no-eligible-device")
    assert api.kept()["jobs"] == []
    assert api.cloud.queued() == 0


def put_contact(api: ClientApi, **attributes: Any) -> None:
    table.put("contacts", {"pk": api.account_id, "sk": "contact#+254712345678"} | attributes)


def test_an_opted_out_recipient_is_refused(api: ClientApi, phone: Any) -> None:
    put_contact(api, optedOut=True)
    answer = api.send(recipient="0712345678")
    assert (answer.status, answer.slug, answer.pointers) == (422, "recipient-opted-out", ["#/recipient"])
    assert api.kept()["jobs"] == []
    assert api.cloud.queued() == 0
    assert api.send(recipient="0712345679").status == 202


@pytest.mark.parametrize(("targets", "kept"), [(None, True), ("phone", True), ("other", False)])
def test_the_sim_that_a_contact_wrote_to_is_preferred(
    api: ClientApi, phone: Any, targets: str | None, kept: bool
) -> None:
    put_contact(api, ownerDeviceId=phone.device_id, ownerSimSlot=1)
    other = seeds.phone(api.account_id)
    named = {"phone": phone.device_id, "other": other.device_id}
    job = stored(api.send(devices=[named[targets]]) if targets else api.send())
    assert job.preferred == (Target(phone.device_id, 1) if kept else None)


def test_a_job_that_cannot_be_queued_is_gone(api: ClientApi, phone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_queues, "enqueue", _failing)
    for changes in ({}, {"idempotencyKey": "k"}):
        answer = api.send(**changes)
        assert (answer.status, answer.slug, answer.headers["retry-after"]) == (503, "unavailable", "1")
    assert api.kept()["jobs"] == []


def _failing(job: Any, **_: Any) -> None:
    raise QueueUnavailableError("EndpointConnectionError")


def test_an_unforeseen_error_says_nothing_of_its_cause(
    api: ClientApi, phone: Any, monkeypatch: pytest.MonkeyPatch, log_text: io.StringIO
) -> None:
    def broken(job: Any, **_: Any) -> None:
        raise ValueError(f"internal detail about {job.message}")

    monkeypatch.setattr(job_queues, "enqueue", broken)
    answer = api.send(message="PIN 4711")
    assert (answer.status, answer.slug) == (500, "internal-error")
    assert "internal detail" not in answer.text
    logged = log_text.getvalue()
    assert answer.body["requestId"] in logged
    assert "builtins.ValueError" in logged
    assert "accept.py" in logged
    assert "4711" not in logged


def test_a_plain_send_costs_two_writes_two_index_entries_and_one_read(api: ClientApi, phone: Any) -> None:
    put_contact(api, optedOut=False)
    api.send()
    meter = Meter(smskit_aws.session())
    smskit_aws.client.cache_clear()
    api.send()
    assert meter.requests == {
        "dynamodb.UpdateItem": 1,
        "dynamodb.GetItem": 1,
        "dynamodb.Query": 1,
        "dynamodb.PutItem": 1,
        "sqs.SendMessage": 1,
    }
    assert (meter.wru, meter.rru) == (4, 1)
    assert meter.largest_job < 1024


def test_the_replacement_character_may_be_meant(api: ClientApi, phone: Any) -> None:
    """As it is it would be what bytes that are no UTF-8 have become; an escape was written by somebody."""
    body = json.dumps(SEND | {"message": "\ufffd", "clientReference": "\ufffd"})
    assert r"\ufffd" in body
    assert api.post("/api/sms/send", body).status == 202

"""Job status, cancel, and the device list."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from smskit.dispatch.store import jobs, pool
from smskit.models.job import JobError, JobStatus, Target
from smskit.models.lane import Hold, LaneKey
from smskit.phones.store import pending_counts
from smskit.platform import table
from smskit.platform.times import now_ms
from smskit.sending.logic import accept
from smskit.sending.logic.accept import Order
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.world import World


@pytest.fixture
def phone(api: ClientApi) -> Any:
    """An online phone with two SIMs."""
    return seeds.phone(api.account_id, sims=2)


def accepted(api: ClientApi, *, age: int = 0, **changes: Any) -> str:
    """A job that was accepted `age` seconds ago, with 60 s of validity."""
    values = {"recipient": "0712345678", "message": "hi", "priority": 0, "validity_seconds": 60}
    order = Order(api.account_id, api.tenant.client_id, **(values | changes))
    return accept.accept(order, now_ms() - age * 1000).job_id


def created_at(job_id: str) -> int:
    job = jobs.get(job_id)
    assert job is not None
    return job.created_at


def test_a_job_is_followed_to_its_delivery(api: ClientApi, phone: Any) -> None:
    job_id = accepted(api, client_reference="order-1", priority=9)
    assert list(api.status(job_id).body) == [
        "jobId", "status", "recipient", "attempts", "createdAt", "segments", "priority", "clientReference", "timeline",
    ]  # fmt: skip
    now = now_ms()
    jobs.assign(job_id, "t", LaneKey(api.account_id, phone.device_id, 0), "c", now, now, created_at(job_id))
    assigned = api.status(job_id).body
    assert (assigned["status"], assigned["deviceId"], assigned["simSlot"]) == ("Assigned", phone.device_id, 0)
    assert assigned["attempts"] == 1
    jobs.mark_sent(job_id, "t", 1_782_208_805_000)
    jobs.mark_delivered(job_id, "t", 1_782_208_811_250)
    done = api.status(job_id).body
    assert (done["status"], done["sentAt"], done["deliveredAt"]) == (
        "Delivered", "2026-06-23T10:00:05Z", "2026-06-23T10:00:11.250Z",
    )  # fmt: skip
    assert [entry["event"] for entry in done["timeline"]] == ["accepted", "offered", "assigned", "sent", "delivered"]
    assert {entry.get("deviceId") for entry in done["timeline"]} == {None, phone.device_id}
    assert "deviceId" not in done["timeline"][0]
    assert "error" not in done and "failedAt" not in done


def test_a_failed_job_says_why(api: ClientApi, phone: Any) -> None:
    job_id = accepted(api)
    now = now_ms()
    jobs.assign(job_id, "t", LaneKey(api.account_id, phone.device_id, 0), "c", now, now, created_at(job_id))
    jobs.mark_failed(job_id, "t", now, JobError("invalid_number", "The network refused the number"))
    body = api.status(job_id).body
    assert body["status"] == "Failed"
    assert body["error"] == {"code": "invalid_number", "message": "The network refused the number"}
    assert body["failedAt"]


def test_a_job_past_its_deadline_ends_when_it_is_read(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    job_id = accepted(api, age=61, targets=(Target(phone.device_id),))
    job = jobs.get(job_id)
    assert job is not None
    pool.publish([job])
    for _ in range(2):
        body = api.status(job_id).body
        assert (body["status"], body["error"]["code"]) == ("DeadLetter", "expired")
    stored = jobs.get(job_id)
    assert stored is not None and stored.status is JobStatus.DEAD_LETTER
    assert api.get("/api/devices").body["devices"][0]["pendingJobCount"] == 0


@pytest.mark.parametrize("action", ["status", "cancel"])
def test_another_accounts_job_is_unknown(api: ClientApi, phone: Any, cloud: Cloud, action: str) -> None:
    job_id = accepted(api)
    other = ClientApi(cloud)
    method = "GET" if action == "status" else "POST"
    answer = other.call(method, f"/api/sms/{job_id}/{action}")
    assert (answer.status, answer.slug) == (404, "not-found")
    assert api.status(job_id).body["status"] == "Pending"


def test_a_pending_job_is_cancelled_once(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    job_id = accepted(api, targets=(Target(phone.device_id, 1),))
    job = jobs.get(job_id)
    assert job is not None
    pool.publish([job])
    assert api.get("/api/devices").body["devices"][0]["pendingJobCount"] == 1

    answer = api.post(f"/api/sms/{job_id}/cancel")
    assert (answer.status, answer.body["status"]) == (200, "Cancelled")
    assert api.status(job_id).body == answer.body
    assert api.get("/api/devices").body["devices"][0]["pendingJobCount"] == 0
    again = api.post(f"/api/sms/{job_id}/cancel")
    assert (again.status, again.slug) == (409, "not-cancellable")
    assert "Cancelled" in again.body["detail"]


def test_a_job_that_a_phone_has_taken_is_not_cancelled(api: ClientApi, phone: Any) -> None:
    job_id = accepted(api)
    now = now_ms()
    jobs.assign(job_id, "t", LaneKey(api.account_id, phone.device_id, 0), "c", now, now, created_at(job_id))
    answer = api.post(f"/api/sms/{job_id}/cancel")
    assert (answer.status, answer.slug) == (409, "not-cancellable")
    assert api.status(job_id).body["status"] == "Assigned"


def test_a_job_past_its_deadline_is_not_cancelled(api: ClientApi, phone: Any) -> None:
    job_id = accepted(api, age=61)
    assert api.post(f"/api/sms/{job_id}/cancel").status == 409
    assert api.status(job_id).body["error"]["code"] == "expired"


def test_an_account_without_phones_has_an_empty_list(api: ClientApi) -> None:
    assert api.get("/api/devices").body == {"devices": []}


def test_phones_and_sims_are_listed_with_their_work(api: ClientApi, phone: Any) -> None:
    hold = Hold("t", now_ms(), now_ms(), 1, "+254712345678", now_ms())
    seeds.change_lane(phone, 0, held={"job_1": hold, "job_2": hold})
    named = [(), (), (Target(phone.device_id),), (Target(phone.device_id, 1),)]
    waiting = [jobs.get(accepted(api, targets=targets)) for targets in named]
    pool.publish([job for job in waiting if job])

    (device,) = api.get("/api/devices").body["devices"]
    assert device["pendingJobCount"] == 4
    assert [(sim["simSlot"], sim["pendingJobCount"]) for sim in device["sims"]] == [(0, 2), (1, 1)]


def test_only_the_accounts_own_and_paired_phones_are_listed(api: ClientApi, phone: Any, cloud: Cloud) -> None:
    seeds.phone(ClientApi(cloud).account_id)
    seeds.phone(api.account_id, is_revoked=True)
    disabled = seeds.phone(api.account_id, online=False, is_enabled=False)
    devices = api.get("/api/devices").body["devices"]
    assert [device["deviceId"] for device in devices] == sorted([phone.device_id, disabled.device_id])
    by_id = {device["deviceId"]: device for device in devices}
    assert (by_id[disabled.device_id]["isEnabled"], by_id[disabled.device_id]["status"]) == (False, "Offline")
    assert by_id[disabled.device_id]["lastHeartbeatAt"] is None


def test_a_phone_that_fell_silent_is_offline(api: ClientApi) -> None:
    now = now_ms()
    for age, status in ((599, "Online"), (601, "Offline")):
        device = seeds.phone(api.account_id, heartbeat_at=now - age * 1000)
        listed = {entry["deviceId"]: entry for entry in api.get("/api/devices").body["devices"]}
        assert listed[device.device_id]["status"] == status


@pytest.mark.parametrize("sims", [2, 0])
def test_a_phone_is_online_from_its_hello_on(cloud: Cloud, sims: int) -> None:
    """Not from its connecting on: nothing can be sent until the hello tells of its SIMs."""
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        api = ClientApi(cloud)
        phone = World(cloud, clock, api.account_id).add_phone(sims)

        def listed() -> tuple[str, int]:
            (device,) = api.get("/api/devices").body["devices"]
            return device["status"], api.send().status

        for _ in range(2):
            phone.connect(hello=False)
            assert listed() == ("Offline", 422)
            clock.shift(1)
            phone.say(phone.hello_frame())
            assert listed() == ("Online", 202 if sims else 422)
            phone.drop()
            assert listed() == ("Offline", 422)


def test_a_large_fleet_is_listed_whole(cloud: Cloud) -> None:
    api = ClientApi(cloud)
    for _ in range(40):
        device = seeds.phone(api.account_id, sims=2)
        for slot, count in ((None, 1), (1, 2)):
            scope = pending_counts.scope_of(device.device_id, slot)
            table.put_many("pool", [{"pk": scope, "sk": f"10#{number}"} for number in range(count)])
    devices = api.get("/api/devices").body["devices"]
    assert {device["pendingJobCount"] for device in devices} == {3}
    assert len(devices) == 40

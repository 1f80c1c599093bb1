"""The public API reference, held to the letter: its requests, bodies, fields and codes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import time_machine

from smskit.dispatch.store import jobs
from smskit.models.job import Job, JobStatus, Rank
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import devices, lanes
from smskit.platform import table
from smskit.platform.ids import is_id
from tests.support import seeds
from tests.support.client_api import ClientApi

JOB_ID, DEVICE_ID = "job_7H2K9M4P1Q6R3T8V5W0X", "dvc_3K7J2H5F8M1N4Q9R6V0W"
CREATED, DELIVERED, HEARTBEAT = 1_782_208_800_000, 1_782_208_811_000, 1_782_208_805_000


@pytest.fixture
def api(cloud: Any) -> ClientApi:
    """A client with a phone online."""
    made = ClientApi(cloud)
    seeds.phone(made.account_id)
    return made


def test_the_send_example(api: ClientApi) -> None:
    body = '{ "recipient": "+254712345678", "message": "Your code is 123456" }'
    answer = api.post("/api/sms/send", body)
    assert answer.status == 202
    assert list(answer.body) == ["jobId", "status"]
    assert is_id("job", answer.body["jobId"])
    assert answer.body["status"] == "Pending"
    assert answer.headers["location"] == f"/api/sms/{answer.body['jobId']}/status"


def test_the_status_example(api: ClientApi) -> None:
    job = Job(
        JOB_ID, api.account_id, api.tenant.client_id, "+254712345678", "hi", 1, 0, CREATED, CREATED + 86_400_000,
        status=JobStatus.DELIVERED, rank=Rank.DELIVERED, attempts=1, device_id=DEVICE_ID, sim_slot=0, token="t",
        delivered_at=DELIVERED,
    )  # fmt: skip
    assert jobs.create(job) is None
    example = {
        "jobId": "job_7H2K9M4P1Q6R3T8V5W0X",
        "status": "Delivered",
        "recipient": "+254712345678",
        "deviceId": "dvc_3K7J2H5F8M1N4Q9R6V0W",
        "simSlot": 0,
        "attempts": 1,
        "createdAt": "2026-06-23T10:00:00Z",
        "deliveredAt": "2026-06-23T10:00:11Z",
    }
    with time_machine.travel("2026-06-23T10:01:00Z", tick=False):
        answer = api.status(JOB_ID)
    assert answer.status == 200
    assert {name: answer.body.get(name) for name in example} == example
    assert list(answer.body)[:8] == list(example)


def test_the_devices_example(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import time_machine

    api = ClientApi(cloud)
    device = replace(
        seeds.phone(api.account_id, sims=0),
        device_id=DEVICE_ID, battery_level=87, network_type="LTE", signal_strength=4, heartbeat_at=HEARTBEAT,
    )  # fmt: skip
    table.delete_many("devices", [{"pk": item["pk"], "sk": item["sk"]} for item in cloud.items("devices")])
    table.transact([*devices.create_ops(device, [])[:1], devices.list_op(device, [0, 1])])
    for slot, carrier in ((0, "Safaricom"), (1, "Airtel")):
        key = LaneKey(api.account_id, DEVICE_ID, slot)
        lanes.save(None, Lane(key, device.connection_id, carrier_name=carrier, is_enabled=slot == 0))
    with time_machine.travel(HEARTBEAT / 1000 + 60, tick=False):
        answer = api.get("/api/devices")
    assert answer.status == 200
    assert answer.body == {
        "devices": [
            {
                "deviceId": "dvc_3K7J2H5F8M1N4Q9R6V0W",
                "name": "Pixel 6 — Nairobi",
                "status": "Online",
                "isEnabled": True,
                "batteryLevel": 87,
                "networkType": "LTE",
                "signalStrength": 4,
                "pendingJobCount": 0,
                "lastHeartbeatAt": "2026-06-23T10:00:05Z",
                "sims": [
                    {"simSlot": 0, "carrierName": "Safaricom", "isEnabled": True, "pendingJobCount": 0},
                    {"simSlot": 1, "carrierName": "Airtel", "isEnabled": False, "pendingJobCount": 0},
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, 202),
        ({"message": "x" * 1600}, 202),
        ({"priority": 10}, 202),
        ({"recipient": "0712345678"}, 202),
        ({"recipient": "12"}, 400),
        ({"message": ""}, 400),
        ({"message": "x" * 1601}, 400),
        ({"priority": 11}, 400),
        ({"priority": -1}, 400),
        ({"devices": [DEVICE_ID]}, 403),
    ],
)
def test_the_error_table(api: ClientApi, changes: dict[str, Any], code: int) -> None:
    answer = api.send(**changes)
    assert answer.status == code
    if code == 400:
        (field,) = changes
        assert field in answer.body["detail"]


def test_the_rest_of_the_error_table(cloud: Any) -> None:
    api = ClientApi(cloud)
    assert api.send().status == 422
    assert api.status(JOB_ID).status == 404
    assert api.get("/api/devices", headers={"x-api-key": "sk_live_your_key"}).status == 401
    answers = [api.get("/api/devices").status for _ in range(99)]
    assert answers == [200] * 98 + [429]

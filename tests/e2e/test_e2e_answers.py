"""Every row of the public reference's error table, over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from smskit.clients.logic import clients
from smskit.models.client import ClientStatus
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.e2e.phones import Phones
from tests.e2e.stack import Api, Stack, Tenant
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]


def problem(answer: Any, status: int, slug: str) -> dict[str, Any]:
    """The answer's body, which must be this problem."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["type"], body["status"]) == (f"https://smskit.dev/problems/{slug}", status)
    assert body["requestId"] == answer.headers["x-request-id"]
    return body


async def test_bad_input_is_a_400_that_names_the_field(tenant: Tenant):
    cases = {
        "#/recipient": [{"recipient": "+254"}, {"recipient": "0202222222"}, {"recipient": "call me"}],
        "#/message": [{"message": ""}, {"message": " \n"}, {"message": "x" * 1601}],
        "#/priority": [{"priority": 11}, {"priority": -1}, {"priority": "5"}, {"priority": True}],
        "#/priorty": [{"priorty": 5}],
    }
    for pointer, changes in cases.items():
        for change in changes:
            body = problem(await tenant.api.send(**change), 400, "invalid-request")
            assert [error["pointer"] for error in body["errors"]] == [pointer], change
    no_text = '{"recipient": "+254712345678", "message": "\\ud800"}'
    for content in ("{", "[]", no_text):
        answer = await tenant.api.http.post(
            "/api/sms/send", content=content, headers={"Content-Type": "application/json"}
        )
        problem(answer, 400, "invalid-request" if content is no_text else "malformed-body")


async def test_all_that_is_wrong_with_a_key_looks_the_same(stack: Stack, new_tenant: Callable[..., Tenant]):
    active, suspended = new_tenant(), new_tenant()
    clients.set_status(suspended.client_id, ClientStatus.SUSPENDED)
    foreign = active.key[:-12] + suspended.key[-12:]
    keys = [None, "sk_live_malformed", foreign, suspended.key]

    answers = [await Api(stack.url, key).send() for key in keys]

    bodies = []
    for answer in answers:
        body = problem(answer, 401, "unauthorized")
        bodies.append(answer.text.replace(body["requestId"], "…").encode())
    assert len(set(bodies)) == 1

    clients.set_status(suspended.client_id, ClientStatus.ACTIVE)
    problem(await suspended.api.send(), 422, "no-eligible-device")


async def test_a_foreign_device_is_403_an_unknown_job_404_no_phone_422(
    new_tenant: Callable[..., Tenant], phones: Phones
):
    mine, other = new_tenant(), new_tenant()
    foreign, own = await phones.new(other), await phones.new(mine)

    for device in (foreign.device_id, new_id("dvc", now_ms())):
        problem(await mine.api.send(devices=[device]), 403, "foreign-device")
        problem(await mine.api.send(devices=[own.device_id, device]), 403, "foreign-device")
    theirs = await other.api.accepted()
    for job_id in (theirs, new_id("job", now_ms()), "job_1"):
        problem(await mine.api.http.get(f"/api/sms/{job_id}/status"), 404, "not-found")
        problem(await mine.api.http.post(f"/api/sms/{job_id}/cancel"), 404, "not-found")

    await own.stop()

    async def is_offline() -> bool:
        return (await mine.api.devices())[own.device_id]["status"] == "Offline"

    await eventually(is_offline, what="the phone offline")
    problem(await mine.api.send(), 422, "no-eligible-device")
    problem(await mine.api.send(devices=[own.device_id]), 422, "no-eligible-device")


async def test_the_101st_request_of_an_hour_is_a_429_that_says_when_to_come_back(
    new_tenant: Callable[..., Tenant],
):
    for _ in range(2):  # the hour may turn once
        hour = time.time() // 3600
        api = new_tenant(limit=100).api
        answers = await asyncio.gather(*(api.http.get("/api/devices") for _ in range(100)))
        before = time.time()
        refused = await api.send()
        after = time.time()
        if after // 3600 == hour:
            break

    assert {answer.status_code for answer in answers} == {200}
    problem(refused, 429, "rate-limited")
    left = (hour + 1) * 3600
    assert left - after - 1 <= int(refused.headers["retry-after"]) <= left - before + 1
    assert json.loads((await api.http.get("/health")).content) == {"status": "ok"}


async def test_an_answer_without_a_body_has_none(stack: Stack, tenant: Tenant):
    """The emulator, unlike API Gateway, answers 500 for a function that says null instead of nothing."""
    api = tenant.api.http
    assert (await api.post("/api/opt-outs", json={"number": "+254712345678"})).status_code == 201
    removed = await api.delete("/api/opt-outs/+254712345678")
    assert (removed.status_code, removed.content) == (204, b"")
    shown = await api.get("/api/openapi.json")
    assert shown.json() == json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
    again = await api.get("/api/openapi.json", headers={"If-None-Match": shown.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", shown.headers["etag"])
    assert again.headers["cache-control"] == "public, max-age=3600"


async def test_bytes_that_are_no_utf8_are_no_message(tenant: Tenant):
    for content in (b'{"recipient": "+254712345678", "message": "\xff"}', '{"message": "\ufffd"}'.encode()):
        answer = await tenant.api.http.post(
            "/api/sms/send", content=content, headers={"Content-Type": "application/json"}
        )
        problem(answer, 400, "malformed-body")

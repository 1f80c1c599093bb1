"""What an operator does in the console, and what API clients and phones notice of it, on the deployed stack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from smskit_phone import Faults, FrameRule
from tests.e2e.people import Console
from tests.e2e.phones import Phones
from tests.e2e.stack import Api, Stack, Tenant
from tests.e2e.test_e2e_login import new_owner, signed_in
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e
WHO = "+254712345678"


@pytest.fixture
async def console(stack: Stack, tenant: Tenant) -> AsyncIterator[Console]:
    """The console of the account's owner, signed in by the login pages."""
    tokens = await signed_in(stack, new_owner(tenant))
    made = Console(stack, tokens.access)
    yield made
    await made.http.aclose()


async def test_keys_are_rotated_under_traffic_without_a_refused_request(stack: Stack, tenant: Tenant, console: Console):
    made = (await console.send("POST", "/console/clients", {"name": "shop", "limit": 100_000})).json()
    client_id, first = made["clientId"], made["apiKey"]
    stack.secrets.add(first)
    using, statuses, ended = [first], list[int](), asyncio.Event()

    async def traffic() -> None:
        while not ended.is_set():
            api = Api(stack.url, using[0])
            statuses.append((await api.http.get("/api/devices")).status_code)
            await api.http.aclose()

    async def rotate(slot: int) -> str:
        answer = await console.send("POST", f"/console/clients/{client_id}/rotate-key", {"slot": slot})
        assert answer.status_code == 200, answer.text
        stack.secrets.add(answer.json()["apiKey"])
        return str(answer.json()["apiKey"])

    running = asyncio.create_task(traffic())
    await eventually(lambda: len(statuses) >= 3, what="traffic on the first key")
    using[0] = await rotate(2)
    seen = len(statuses)
    await eventually(lambda: len(statuses) >= seen + 3, what="traffic on the second key")
    third = await rotate(1)
    await eventually(lambda: len(statuses) >= seen + 6, what="traffic after the first key ended")
    ended.set()
    await running
    assert set(statuses) == {200}
    assert (await Api(stack.url, first).http.get("/api/devices")).status_code == 401

    await console.send("POST", f"/console/clients/{client_id}/suspend")
    assert (await Api(stack.url, third).http.get("/api/devices")).status_code == 401
    await console.send("POST", f"/console/clients/{client_id}/resume")
    assert (await Api(stack.url, third).http.get("/api/devices")).status_code == 200


async def test_a_revoked_phone_is_told_and_never_comes_back(tenant: Tenant, console: Console, phones: Phones):
    phone = await phones.new(tenant)
    await tenant.api.ended(await tenant.api.accepted(), "Delivered")

    answer = await console.send("DELETE", f"/console/devices/{phone.device_id}")

    assert answer.status_code == 200, answer.text
    await eventually(lambda: phone.count("revoked") == 1, what=lambda: f"revoked: {phone.events[-5:]}")
    assert (await tenant.api.send()).status_code == 422


async def test_a_disabled_sim_gets_no_new_work_and_its_waiting_jobs_are_told(
    tenant: Tenant, console: Console, phones: Phones
):
    phone = await phones.new(tenant, sims=2, gated=True)
    where = [{"deviceId": phone.device_id, "simSlot": 1}]
    held = [await tenant.api.accepted(devices=where) for _ in range(3)]  # as many as the SIM takes at once
    await asyncio.gather(*(tenant.api.ended(job_id, "Assigned") for job_id in held))
    waiting = await tenant.api.accepted(devices=where)

    answer = await console.send("PATCH", f"/console/devices/{phone.device_id}/sims/1", {"isEnabled": False})

    assert answer.status_code == 200, answer.text
    job = await tenant.api.ended(waiting)
    assert (job["status"], job["error"]["code"]) == ("DeadLetter", "sim-disabled")
    assert (await tenant.api.send(devices=where)).status_code == 422
    phone.gate.set()
    for job_id in held:
        job = await tenant.api.ended(job_id)  # sent, or given back by the phone that was told before it sent
        assert job["status"] == "Delivered" or job["error"]["code"] == "sim-disabled", job
    job = await tenant.api.ended(await tenant.api.accepted())
    assert (job["status"], job["simSlot"]) == ("Delivered", 0)


async def test_the_console_shows_what_happened(tenant: Tenant, console: Console, phones: Phones):
    phone = await phones.new(tenant)
    job_id = await tenant.api.accepted(clientReference="order-1042")
    await tenant.api.ended(job_id, "Delivered")

    listed = (await console.get("/console/messages?status=Delivered")).json()["messages"]
    assert [entry["jobId"] for entry in listed] == [job_id]
    detail = (await console.get(f"/console/messages/{job_id}")).json()
    assert (detail["status"], detail["deviceId"]) == ("Delivered", phone.device_id)
    exported = await console.get("/console/messages/export.csv")
    assert exported.status_code == 200 and job_id in exported.text

    async def counted() -> bool:
        today = (await console.get("/console/overview")).json()["today"]
        return (today["accepted"], today["delivered"]) == (1, 1)

    await eventually(counted, 90, what="today's figures", every=1)


async def test_a_person_answers_sends_and_withdraws(tenant: Tenant, console: Console, phones: Phones):
    """The role of the function may do all that these routes do."""
    phone = await phones.new(tenant)
    phone.receives(WHO, "Are you open?")

    async def waits() -> bool:
        return (await console.get("/console/conversations/unread")).json()["count"] == 1

    await eventually(waits, what="the message in the inbox")
    (unread,) = (await console.get("/console/conversations?unread=true")).json()["conversations"]
    assert unread["number"] == WHO
    shown = (
        await console.send("POST", "/console/messages/preview", {"recipient": WHO, "message": "Yes – until 5"})
    ).json()
    assert (shown["message"]["encoding"], shown["senders"]["ready"]) == ("UCS-2", 1)
    sent = await console.send("POST", "/console/messages", {"recipient": WHO, "message": "Yes, until 5"})
    assert sent.status_code == 202, sent.text
    job_id = sent.json()["jobId"]
    await tenant.api.ended(job_id, "Delivered")

    thread = (await console.get(f"/console/conversations/{unread['conversationId']}/messages")).json()["messages"]
    assert "@" in thread[0]["clientName"] and thread[0]["jobId"] == job_id
    late = await console.send("POST", f"/console/messages/{job_id}/cancel")
    assert late.status_code == 409, late.text
    mute = await phones.new(tenant, Faults(frames=(FrameRule("drop", type="claim", direction="out"),)))
    waiting = await console.send(
        "POST", "/console/messages", {"recipient": WHO, "message": "Never sent", "devices": [mute.device_id]}
    )
    assert waiting.status_code == 202, waiting.text
    withdrawn = await console.send("POST", f"/console/messages/{waiting.json()['jobId']}/cancel")
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "Cancelled")
    actions = [entry["action"] for entry in (await console.get("/console/audit")).json()["entries"]]
    assert actions[:3] == ["message.cancelled", "message.queued", "message.queued"]


async def test_an_open_page_is_told_what_happened(tenant: Tenant, console: Console, phones: Phones):
    phone = await phones.new(tenant)

    async def noted(part: str) -> str:
        """When the part last changed, as far as that was noted; the rest of the value goes with the clock."""
        answer = await console.get("/console/changes")
        assert answer.status_code == 200, answer.text
        return str(answer.json()[part]).partition("-")[0]

    before = {part: await noted(part) for part in ("messages", "phones", "account")}
    await tenant.api.ended(await tenant.api.accepted(), "Delivered")
    await eventually(lambda: _differs(noted, "messages", before), what="a delivered message is noted")
    assert (await console.send("PATCH", f"/console/devices/{phone.device_id}", {"name": "Desk"})).status_code == 200
    assert await noted("phones") != before["phones"]
    assert await noted("account") == before["account"]


async def _differs(noted: Callable[[str], Awaitable[str]], part: str, before: dict[str, str]) -> bool:
    return await noted(part) != before[part]

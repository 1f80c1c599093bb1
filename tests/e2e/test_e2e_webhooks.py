"""Webhooks on the deployed stack: stream, queue, functions and state machine, with IAM enforced."""

from __future__ import annotations

import asyncio
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from smskit.models.ids import new_id
from smskit.models.job import Job
from smskit.models.lane import LaneKey
from smskit.models.times import now_ms
from smskit.store import jobs
from tests.e2e.phones import Phones
from tests.e2e.stack import Stack, Tenant
from tests.e2e.waiting import eventually
from tests.support.hooks import Answer, Call, Hook, Rule

pytestmark = pytest.mark.e2e

MakeHook = Callable[[Rule | int], Hook]


@pytest.fixture
def make_hook() -> Iterator[MakeHook]:
    """Makes endpoints that listen on this machine."""
    made: list[Hook] = []

    def make(rule: Rule | int = 200) -> Hook:
        made.append(Hook(rule))
        return made[-1]

    yield make
    for hook in made:
        hook.close()


async def register(tenant: Tenant, hook: Hook, *events: str) -> dict[str, Any]:
    answer = await tenant.api.http.post(
        "/api/webhooks", json={"url": hook.url, "events": list(events) or ["sms:delivered"]}
    )
    assert answer.status_code == 201, answer.text
    tenant.stack.secrets.add(answer.json()["secret"])
    return dict(answer.json())


async def show(tenant: Tenant, webhook_id: str) -> dict[str, Any]:
    return dict((await tenant.api.http.get(f"/api/webhooks/{webhook_id}")).json())


async def has_status(tenant: Tenant, webhook_id: str, status: str, seconds: float = 60) -> dict[str, Any]:
    async def shown() -> dict[str, Any] | None:
        webhook = await show(tenant, webhook_id)
        return webhook if webhook["status"] == status else None

    return await eventually(shown, seconds, what=f"{webhook_id} {status}", every=0.3)


def deliver(tenant: Tenant, number: int) -> str:
    """A job that a phone delivers now, written as the phone gateway writes it."""
    now = now_ms()
    job = Job(
        new_id("job", now), tenant.account_id, tenant.client_id, "+254712345678", f"Message {number}", 1, 0, now,
        now + 86_400_000,
    )  # fmt: skip
    jobs.create(job)
    jobs.assign(job.job_id, "t", LaneKey(tenant.account_id, "dvc_1", 0), "c", now, now)
    jobs.mark_delivered(job.job_id, "t", now_ms())
    return job.job_id


def executions(stack: Stack, webhook_id: str) -> list[dict[str, Any]]:
    """The endpoint's executions."""
    client = stack.aws("stepfunctions")
    (machine,) = client.list_state_machines()["stateMachines"]
    found = client.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
    return [entry for entry in found if entry["name"].startswith(webhook_id)]


def history(stack: Stack, execution: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The states that an execution entered, with their inputs."""
    pages = stack.aws("stepfunctions").get_paginator("get_execution_history")
    return [
        (event["stateEnteredEventDetails"]["name"], json.loads(event["stateEnteredEventDetails"]["input"]))
        for page in pages.paginate(executionArn=execution["executionArn"])
        for event in page["events"]
        if "stateEnteredEventDetails" in event
    ]


async def test_a_delivered_sms_reaches_the_customers_endpoint(
    stack: Stack, tenant: Tenant, phones: Phones, make_hook: MakeHook
):
    hook = make_hook(200)
    webhook = await register(tenant, hook, "sms:sent", "sms:delivered")
    await phones.new(tenant)

    job_id = await tenant.api.accepted(clientReference="order-1042")
    await eventually(lambda: len(hook.taken) == 2, what="sms:sent and sms:delivered")

    told = {call.payload["event"]: call for call in hook.taken}
    assert set(told) == {"sms:sent", "sms:delivered"}
    for call in told.values():
        assert (call.payload["jobId"], call.payload["clientReference"]) == (job_id, "order-1042")
        assert call.verified_by(webhook["secret"])
    page = (await tenant.api.http.get(f"/api/webhooks/{webhook['webhookId']}/deliveries")).json()
    assert [entry["status"] for entry in page["deliveries"]] == ["Delivered"] * 2
    assert executions(stack, webhook["webhookId"]) == []


async def test_an_outage_is_made_up_for_in_order_by_one_execution(stack: Stack, tenant: Tenant, make_hook: MakeHook):
    hook = make_hook(503)
    webhook_id = (await register(tenant, hook))["webhookId"]
    happened = [deliver(tenant, 0)]
    await has_status(tenant, webhook_id, "Recovering")
    happened += [await asyncio.to_thread(deliver, tenant, number) for number in range(1, 300)]
    hook.rule = 200

    await eventually(lambda: len({call.event_id for call in hook.taken}) == 300, 180, what="all events")
    await has_status(tenant, webhook_id, "Active")

    (execution,) = executions(stack, webhook_id)
    await eventually(lambda: executions(stack, webhook_id)[0]["status"] == "SUCCEEDED", what="the execution's end")
    assert execution["name"] == f"{webhook_id}-1"
    entered = [name for name, _ in history(stack, execution)]
    waiting = sum(name in ("Wait", "Probe") for name in entered) * 3 // 2
    print(f"\n300 events: {waiting} transitions of waiting, {len(entered) - waiting} of draining")
    assert waiting <= 30
    order = [happened.index(call.payload["jobId"]) for call in hook.taken]
    assert order == sorted(order)


async def test_constant_failure_suspends_and_enabling_replays(stack: Stack, tenant: Tenant, make_hook: MakeHook):
    """The waits are 0.02 of their length: 29 minutes are left of 24 hours, so the longest are skipped by a 410."""
    hook, other = make_hook(500), make_hook(200)
    webhook_id = (await register(tenant, hook))["webhookId"]
    await register(tenant, other, "webhook:suspended")
    job_id = deliver(tenant, 0)
    await has_status(tenant, webhook_id, "Recovering")
    await eventually(lambda: len(hook.calls) >= 4, what="probes")
    hook.rule = 410
    shown = await has_status(tenant, webhook_id, "Suspended", 120)
    assert shown["suspendedReason"] == "The endpoint answered 410 Gone"
    (told,) = await eventually(lambda: other.events("webhook:suspended"), what="webhook:suspended")
    assert told["webhookId"] == webhook_id
    waits = [state["wait"] for name, state in history(stack, executions(stack, webhook_id)[0]) if name == "Wait"]
    steps = (5, 30, 120, 600, 1800, 3600)
    assert all(0 <= wait <= round(step * 0.02) for wait, step in zip(waits, steps, strict=False))

    hook.rule = 200
    hook.calls.clear()
    await tenant.api.http.post(f"/api/webhooks/{webhook_id}/enable")
    await has_status(tenant, webhook_id, "Active")
    assert [call.payload["event"] for call in hook.calls] == ["ping"]
    await tenant.api.http.post(f"/api/webhooks/{webhook_id}/replay", json={"since": "2026-01-01T00:00:00Z"})
    await eventually(lambda: hook.events("sms:delivered"), what="the replay")
    assert [event["jobId"] for event in hook.events("sms:delivered")] == [job_id]


async def test_an_endpoint_that_hangs_holds_up_nobody_else(tenant: Tenant, make_hook: MakeHook):
    """The healthy endpoint's p95 over 200 events, without and with an endpoint that hangs for 15 s on every call."""

    def hang(call: Call) -> Answer:
        time.sleep(15)
        return 200

    begun: dict[str, float] = {}
    arrived: dict[str, float] = {}

    def note(call: Call) -> Answer:
        arrived.setdefault(call.payload["jobId"], time.monotonic())
        return 200

    numbers = itertools.count()

    async def p95() -> float:
        begun.clear()
        arrived.clear()
        for _ in range(200):
            job_id = await asyncio.to_thread(deliver, tenant, next(numbers))
            begun[job_id] = time.monotonic()
            await asyncio.sleep(0.05)
        await eventually(lambda: len(arrived) == 200, 120, what=lambda: f"{len(arrived)} of 200")
        return statistics.quantiles([arrived[job] - begun[job] for job in begun], n=20)[-1]

    healthy = make_hook(note)
    await register(tenant, healthy)
    await p95()
    alone = await p95()
    sick = make_hook(hang)
    await register(tenant, sick)
    beside = await p95()
    print(f"\nhealthy p95 {alone * 1000:.0f} ms alone, {beside * 1000:.0f} ms beside one that hangs")
    assert beside <= 2 * alone

"""Endpoints that fail, on the deployed stack: the state machine waits, probes, drains, suspends."""

from __future__ import annotations

import asyncio
import itertools
import os
from typing import Any

import pytest

from smskit.webhooks.logic.recovery.retry_schedule import LONGEST_STEP, MAX_TRIES
from smskit.webhooks.store import deliveries
from tests.e2e.endpoints import (
    MakeHook,
    deliver,
    executions,
    has_status,
    history,
    register,
    show,
    skipped,
    waits,
)
from tests.e2e.stack import WAIT_SCALE, Stack, Tenant
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e

EVENTS = int(os.environ.get("SMSKIT_OUTAGE_EVENTS") or "500")  # `make bench` lets a thousand wait


async def test_an_outage_is_made_up_for_in_order_by_one_execution(stack: Stack, tenant: Tenant, make_hook: MakeHook):
    """Its Retry-After counts up to twice the step, which gives the events time to happen."""
    hook = make_hook((503, {"Retry-After": "100000"}))
    webhook_id = (await register(tenant, hook))["webhookId"]
    happened = [deliver(tenant, 0)]
    await has_status(tenant, webhook_id, "Recovering")
    happened += [await asyncio.to_thread(deliver, tenant, number) for number in range(1, EVENTS)]
    # What is still on its way when the line is empty goes out at once, side by side.
    await eventually(lambda: len(deliveries.line(webhook_id, EVENTS)) == EVENTS, 60, what="all events in line")
    hook.rule = 200

    await eventually(lambda: len({call.event_id for call in hook.taken}) == EVENTS, 300, what="all events")
    await has_status(tenant, webhook_id, "Active")

    (execution,) = executions(stack, webhook_id)
    await eventually(lambda: executions(stack, webhook_id)[0]["status"] == "SUCCEEDED", what="the execution's end")
    assert execution["name"] == f"{webhook_id}-1"
    entered = [name for name, _ in history(stack, execution)]
    print(f"\n{EVENTS} events: {len(entered)} transitions")
    assert len(entered) <= 60
    order = [happened.index(call.payload["jobId"]) for call in hook.taken]
    assert order == sorted(order)
    told_to_wait = waits(stack, webhook_id)
    assert max(told_to_wait) <= round(2 * LONGEST_STEP * WAIT_SCALE)


async def test_constant_failure_suspends_and_enabling_replays(stack: Stack, tenant: Tenant, make_hook: MakeHook):
    """For a day, at the scale of the waits."""
    hook, other = make_hook(500), make_hook(200)
    webhook_id = (await register(tenant, hook))["webhookId"]
    await register(tenant, other, "webhook:suspended")
    missed = [deliver(tenant, 0)]
    await has_status(tenant, webhook_id, "Recovering")
    missed.append(deliver(tenant, 1))
    shown = await has_status(tenant, webhook_id, "Suspended", 120)
    assert shown["suspendedReason"] == "It accepted nothing for 24 hours; the last try failed: HTTP 500"
    (told,) = await eventually(lambda: other.events("webhook:suspended"), what="webhook:suspended")
    assert told["webhookId"] == webhook_id
    told_to_wait = waits(stack, webhook_id)
    assert max(told_to_wait) <= round(LONGEST_STEP * WAIT_SCALE)
    (execution,) = executions(stack, webhook_id)
    assert len(history(stack, execution)) <= 150
    print(f"\nwaits at 1/2000: {told_to_wait}")

    calls = len(hook.calls)
    missed.append(deliver(tenant, 2))
    await eventually(lambda: skipped(tenant, webhook_id, 3), what="three Skipped")
    assert len(hook.calls) == calls

    hook.rule = 200
    hook.calls.clear()
    await tenant.api.http.post(f"/api/webhooks/{webhook_id}/enable")
    await has_status(tenant, webhook_id, "Active")
    assert [call.payload["event"] for call in hook.calls] == ["ping"]
    await tenant.api.http.post(f"/api/webhooks/{webhook_id}/replay", json={"since": shown["createdAt"]})
    await eventually(lambda: len(hook.events("sms:delivered")) == 3, what="the replay")
    assert sorted(event["jobId"] for event in hook.events("sms:delivered")) == sorted(missed)


async def test_410_suspends_at_once(tenant: Tenant, make_hook: MakeHook):
    hook = make_hook(410)
    webhook_id = (await register(tenant, hook))["webhookId"]
    deliver(tenant, 0)
    shown = await has_status(tenant, webhook_id, "Suspended")
    assert shown["suspendedReason"] == "The endpoint answered 410 Gone"
    assert len(hook.calls) == 1


async def test_a_poison_event_among_a_hundred_holds_up_nobody(stack: Stack, tenant: Tenant, make_hook: MakeHook):
    poison: list[str] = []
    hook = make_hook(lambda call: 500 if call.payload.get("jobId") in poison else 200)
    webhook_id = (await register(tenant, hook))["webhookId"]
    good = []
    for number in range(100):
        job_id = await asyncio.to_thread(deliver, tenant, number, poison if number == 10 else None)
        if number != 10:
            good.append(job_id)
    await eventually(
        lambda: {event["jobId"] for event in hook.events("sms:delivered")} == set(good), 120, what="the 99 others"
    )

    async def failed() -> list[dict[str, Any]]:
        page = (await tenant.api.http.get(f"/api/webhooks/{webhook_id}/deliveries?limit=100")).json()
        assert (await show(tenant, webhook_id))["status"] != "Suspended"
        return [entry for entry in page["deliveries"] if entry["status"] == "Failed"]

    (entry,) = await eventually(failed, 120, what="the poison event Failed", every=0.5)
    assert len(entry["attempts"]) == MAX_TRIES
    assert (await has_status(tenant, webhook_id, "Active"))["status"] == "Active"


async def test_a_sporadic_failure_never_suspends(tenant: Tenant, make_hook: MakeHook):
    """Every third call fails."""
    numbers = itertools.count(1)
    hook = make_hook(lambda _: 500 if next(numbers) % 3 == 0 else 200)
    webhook_id = (await register(tenant, hook))["webhookId"]
    happened = [await asyncio.to_thread(deliver, tenant, number) for number in range(60)]
    await eventually(
        lambda: {event["jobId"] for event in hook.events("sms:delivered")} == set(happened), 120, what="all 60"
    )
    await has_status(tenant, webhook_id, "Active")

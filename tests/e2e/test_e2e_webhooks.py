"""Webhooks on the deployed stack, with IAM enforced: what goes well, and what a sick endpoint does to others."""

from __future__ import annotations

import asyncio
import itertools
import os
import statistics
import threading
import time
from dataclasses import replace

import pytest

from smskit.models.webhook import OldSecret
from smskit.platform.times import now_ms
from smskit.webhooks.store import endpoints
from tests.e2e.endpoints import MakeHook, deliver, executions, register
from tests.e2e.phones import Phones
from tests.e2e.stack import Stack, Tenant
from tests.e2e.waiting import eventually
from tests.support.hooks import Answer, Call, verified_in_javascript

pytestmark = pytest.mark.e2e

HANG_SECONDS = 15


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
    assert verified_in_javascript(webhook["secret"], hook.taken) == [True, True]
    page = (await tenant.api.http.get(f"/api/webhooks/{webhook['webhookId']}/deliveries")).json()
    assert [entry["status"] for entry in page["deliveries"]] == ["Delivered"] * 2
    assert executions(stack, webhook["webhookId"]) == []


async def test_a_phone_that_comes_and_goes_is_told_and_its_work_is_not(
    tenant: Tenant, phones: Phones, make_hook: MakeHook
):
    """By the filter on the stream of a table that is written several times for each message."""
    hook = make_hook(200)
    webhook = await register(tenant, hook, "device:online", "device:offline")

    phone = await phones.new(tenant)
    await eventually(lambda: len(hook.taken) == 1, what="device:online")
    await tenant.api.accepted()
    await eventually(lambda: len(phone.radio) == 1, what="a message")
    await phone.stop()
    await eventually(lambda: len(hook.taken) == 2, what="device:offline")

    told = [call.payload for call in hook.taken]
    assert [(event["event"], event["deviceId"]) for event in told] == [
        ("device:online", phone.device_id),
        ("device:offline", phone.device_id),
    ]
    assert told[1]["lastHeartbeatAt"] <= told[1]["at"] and told[0]["at"] <= told[1]["at"]
    assert all(call.verified_by(webhook["secret"]) for call in hook.taken)


async def test_during_a_rotation_both_secrets_verify_and_a_day_later_only_the_new_one(
    stack: Stack, tenant: Tenant, make_hook: MakeHook
):
    """A day is not waited for: the overlap's end is moved into the past where it is stored."""
    hook = make_hook(200)
    webhook = await register(tenant, hook)
    webhook_id, old = webhook["webhookId"], webhook["secret"]
    new = (await tenant.api.http.post(f"/api/webhooks/{webhook_id}/rotate-secret")).json()["secret"]
    stack.secrets.add(new)

    async def next_call() -> Call:
        hook.calls.clear()
        await asyncio.to_thread(deliver, tenant, 0)
        return (await eventually(lambda: list(hook.calls), what="the delivery"))[0]

    call = await next_call()
    for secret in (old, new):
        assert call.verified_by(secret)
        assert verified_in_javascript(secret, [call]) == [True]

    endpoint = endpoints.get(tenant.account_id, webhook_id)
    past = tuple(OldSecret(replaced.sealed, now_ms() - 1) for replaced in endpoint.old_secrets)
    endpoints.change_secrets(endpoint, replace(endpoint, old_secrets=past))
    call = await next_call()
    assert (call.verified_by(old), call.verified_by(new)) == (False, True)
    assert verified_in_javascript(old, [call]) + verified_in_javascript(new, [call]) == [False, True]


async def test_an_endpoint_that_hangs_holds_up_nobody_else(tenant: Tenant, make_hook: MakeHook):
    """200 events to a healthy endpoint, without and with one beside it that hangs for 15 s on every call.

    None of them waits for a hang to end. That the p95 stays within twice its figure depends on how quiet the machine
    is: it is printed, and held by `make bench`.
    """

    released = threading.Event()

    def hang(call: Call) -> Answer:
        released.wait(HANG_SECONDS)
        return 200

    begun: dict[str, float] = {}
    arrived: dict[str, float] = {}

    def note(call: Call) -> Answer:
        arrived.setdefault(call.payload["jobId"], time.monotonic())
        return 200

    numbers = itertools.count()

    async def latencies(count: int = 200) -> list[float]:
        begun.clear()
        arrived.clear()
        for _ in range(count):
            job_id = await asyncio.to_thread(deliver, tenant, next(numbers))
            begun[job_id] = time.monotonic()
            await asyncio.sleep(0.05)
        await eventually(lambda: len(arrived) == count, 120, what=lambda: f"{len(arrived)} of {count}")
        return [arrived[job] - begun[job] for job in begun]

    def p95(seconds: list[float]) -> float:
        return statistics.quantiles(seconds, n=20)[-1]

    healthy = make_hook(note)
    await register(tenant, healthy)
    await latencies(20)  # starts the processes
    alone = p95(await latencies())
    sick = make_hook(hang)
    await register(tenant, sick)
    found = await latencies()
    beside = p95(found)
    print(f"\nhealthy p95 {alone * 1000:.0f} ms alone, {beside * 1000:.0f} ms beside one that hangs")
    released.set()
    assert max(found) < HANG_SECONDS
    assert sick.calls
    if os.environ.get("SMSKIT_BENCHMARK"):
        assert beside <= 2 * alone

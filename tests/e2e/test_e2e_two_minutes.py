"""An endpoint that is down for two minutes, at the real length of the waits: for `make bench` alone."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.e2e.endpoints import MakeHook, deliver, executions, has_status, history, register
from tests.e2e.stack import WAIT_SCALE, Stack, Tenant
from tests.e2e.waiting import eventually
from tests.support.hooks import Hook

pytestmark = [pytest.mark.e2e, pytest.mark.skipif(WAIT_SCALE < 1, reason="takes minutes; make bench runs it")]

EVENTS, DOWN_S, RUNS = 50, 120, 3
MOST_S = 60


async def test_fifty_events_of_two_minutes_are_made_up_for_within_one(
    stack: Stack, tenant: Tenant, make_hook: MakeHook
):
    """Three endpoints of one account are three runs: each has an execution and a chance of its own."""
    hooks = [make_hook(503) for _ in range(RUNS)]
    webhook_ids = [(await register(tenant, hook))["webhookId"] for hook in hooks]
    begun, happened = time.monotonic(), list[str]()
    for number in range(EVENTS):
        happened.append(await asyncio.to_thread(deliver, tenant, number))
        await asyncio.sleep(max(0.0, begun + (number + 1) * DOWN_S / EVENTS - time.monotonic()))
    for hook in hooks:
        hook.rule = 200
    back = time.monotonic()

    async def caught_up(hook: Hook) -> float:
        await eventually(
            lambda: len({call.event_id for call in hook.taken}) == EVENTS, 300, what="all events", every=0.2
        )
        return time.monotonic() - back

    taken_s = await asyncio.gather(*(caught_up(hook) for hook in hooks))
    for webhook_id, hook, seconds in zip(webhook_ids, hooks, taken_s, strict=True):
        await has_status(tenant, webhook_id, "Active")
        transitions = sum(len(history(stack, execution)) for execution in executions(stack, webhook_id))
        refused = len(hook.calls) - len(hook.taken)
        print(f"\n{DOWN_S} s down, {EVENTS} events: all there {seconds:.1f} s after the return; {refused} refused,"
              f" {len(hook.taken)} taken, {transitions} transitions")  # fmt: skip
        assert [call.payload["jobId"] for call in hook.taken] == happened, "each once, in order"
    assert max(taken_s) <= MOST_S

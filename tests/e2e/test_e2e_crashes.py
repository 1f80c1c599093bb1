"""A phone's process killed at each step of a job: at most one hand-over, and a true end for every job."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

import pytest

from smskit_phone.faults import CRASH_STEPS
from tests.e2e.phones import Phones, times_handed_over
from tests.e2e.stack import Tenant, events_of

pytestmark = pytest.mark.e2e

# Status and error code in the end, and how often the job was at the radio.
EXPECTED = {
    "before_claim": ("Delivered", None, 1),
    "after_claim": ("Delivered", None, 1),
    "after_go": ("Delivered", None, 1),
    "after_sending_journaled": ("Failed", "outcome_unknown", 0),  # it may have been at the radio: never again
    "after_radio": ("Failed", "outcome_unknown", 1),
    "after_report_written": ("Delivered", None, 1),
    "before_ack": ("Delivered", None, 1),
}


async def crash_and_restart(tenant: Tenant, phones: Phones, step: str) -> dict[str, object]:
    """What became of a job whose phone was killed at the step and started again."""
    [folder] = await phones.pair(tenant)
    first = await phones.process(folder, {"crashAt": step, "deliveryLatency": 0.5})
    job_id = await tenant.api.accepted(priority=9)
    assert await asyncio.wait_for(first.wait(), 60) == -signal.SIGKILL

    await phones.process(folder, {"crashAt": step, "deliveryLatency": 0.5})
    job = await tenant.api.ended(job_id, seconds=90)
    # What comes after it has passed every queue and timer that could still hold a second hand-over.
    marker = await tenant.api.ended(await tenant.api.accepted(priority=9))
    assert marker["status"] == "Delivered"
    return {
        "ended": (job["status"], job.get("error", {}).get("code"), times_handed_over(folder)[job_id]),
        "delivered": events_of(await tenant.api.job(job_id)).count("delivered"),
    }


def test_every_step_has_its_row():
    assert tuple(EXPECTED) == CRASH_STEPS


async def test_a_killed_phone_never_sends_twice_and_every_job_ends_truly(
    new_tenant: Callable[..., Tenant], phones: Phones
):
    outcomes = await asyncio.gather(*(crash_and_restart(new_tenant(), phones, step) for step in CRASH_STEPS))

    assert {step: outcome["ended"] for step, outcome in zip(CRASH_STEPS, outcomes, strict=True)} == EXPECTED
    assert all(outcome["delivered"] == (outcome["ended"][0] == "Delivered") for outcome in outcomes)

"""Frames that come twice, late, out of order or never."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest

from smskit_phone import Faults, FrameRule, credentials
from tests.e2e.phones import Phones, times_handed_over
from tests.e2e.raw_phone import RawPhone
from tests.e2e.stack import Tenant, events_of
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e

MESSAGES = 20
KINDS = ("report", "claim", "claimed", "ack", "offer")
MISHAPS = {
    "twice": tuple(FrameRule("duplicate", kind) for kind in (*KINDS, "hello", "welcome")),
    "late and out of order": tuple(FrameRule("delay", kind, seconds=(0.0, 1.0)) for kind in KINDS),
    "lost": tuple(FrameRule("drop", kind, probability=0.2) for kind in KINDS),
    "all of it": (
        *(FrameRule("duplicate", kind, probability=0.3) for kind in (*KINDS, "hello")),
        *(FrameRule("delay", kind, probability=0.5, seconds=(0.0, 0.5)) for kind in (*KINDS, "hello")),
        *(FrameRule("drop", kind, probability=0.1) for kind in KINDS),
    ),
}


async def send_through(tenant: Tenant, phones: Phones, rules: tuple[FrameRule, ...]) -> dict[str, object]:
    """What becomes of twenty messages on a phone whose frames suffer so."""
    phone = await phones.new(tenant, Faults(seed=7, frames=rules), report_resend=1.0, claim_resend=1.0)
    ids = [await tenant.api.accepted(recipient=f"+2547000000{n:02}", priority=9) for n in range(MESSAGES)]
    await asyncio.gather(*(tenant.api.ended(job_id, seconds=90) for job_id in ids))
    # Every report has been applied, also the one that came twice.
    await eventually(phone.phone.connected.is_set, what="the phone online")
    phone.faults.set(Faults())
    await phone.stop()
    jobs = [await tenant.api.job(job_id) for job_id in ids]
    return {
        "status": Counter(job["status"] for job in jobs),
        "events": Counter(event for job in jobs for event in events_of(job) if event in ("sent", "delivered")),
        "at the radio": set(times_handed_over(phone.folder).values()),
        "jobs at the radio": len(times_handed_over(phone.folder)),
    }


async def test_whatever_befalls_the_frames_each_job_is_sent_and_confirmed_once(
    new_tenant: Callable[..., Tenant], phones: Phones
):
    outcomes = await asyncio.gather(*(send_through(new_tenant(), phones, rules) for rules in MISHAPS.values()))

    right = {
        "status": {"Delivered": MESSAGES},
        "events": {"sent": MESSAGES, "delivered": MESSAGES},
        "at the radio": {1},
        "jobs at the radio": MESSAGES,
    }
    assert dict(zip(MISHAPS, outcomes, strict=True)) == dict.fromkeys(MISHAPS, right)


async def test_delivered_before_sent_and_either_twice(tenant: Tenant, phones: Phones):
    [folder] = await phones.pair(tenant)
    phone = await RawPhone.connect(credentials.load(folder))
    await phone.hello()
    job_id = await tenant.api.accepted()
    [offer] = await phone.offers(1)
    for _ in range(2):
        assert [verdict["verdict"] for verdict in await phone.claim(offer)] == ["go"]

    for state in ("Delivered", "Sent", "Delivered", "Sent"):
        await phone.report(state, offer)

    job = await tenant.api.job(job_id)
    assert (job["status"], job["attempts"]) == ("Delivered", 1)
    assert sorted(events_of(job)) == ["accepted", "assigned", "delivered", "offered", "sent"]
    await phone.close()


async def test_the_late_end_of_a_replaced_connection_does_not_take_the_phone_offline(tenant: Tenant, phones: Phones):
    [folder] = await phones.pair(tenant)
    known = credentials.load(folder)
    old = await RawPhone.connect(known)
    await old.hello()

    new = await RawPhone.connect(known)
    await new.hello()
    assert await old.is_closed()

    def ended() -> list[str]:
        return [
            line for line in tenant.stack.log("phone_gateway") if '"disconnect"' in line and known.device_id in line
        ]

    [line] = await eventually(ended, what="the old connection's $disconnect handled")
    assert '"was_current":false' in line
    assert (await tenant.api.devices())[known.device_id]["status"] == "Online"
    job_id = await tenant.api.accepted()
    [offer] = await new.offers(1)
    assert offer["jobId"] == job_id
    await new.close()

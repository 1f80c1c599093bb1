"""Frames that come twice, late, out of order or never."""

from __future__ import annotations

import asyncio
import os

import pytest

from smskit.phones.store import devices
from smskit_phone import Credentials, Faults, FrameRule, credentials
from tests.e2e.direct import call_gateway
from tests.e2e.phones import Phones, times_handed_over
from tests.e2e.raw_phone import RawPhone
from tests.e2e.stack import Tenant, events_of

pytestmark = pytest.mark.e2e

MESSAGES = 20 if os.environ.get("SMSKIT_BENCHMARK") else 8
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


@pytest.mark.parametrize("mishap", MISHAPS)
async def test_whatever_befalls_the_frames_each_job_is_sent_and_confirmed_once(
    tenant: Tenant, phones: Phones, mishap: str
):
    faults = Faults(seed=7, frames=MISHAPS[mishap])
    phone = await phones.new(tenant, faults, report_resend=1.0, claim_resend=1.0)

    ids = [await tenant.api.accepted(recipient=f"+2547000000{n:02}", priority=9) for n in range(MESSAGES)]
    for job_id in ids:
        assert (await tenant.api.ended(job_id, seconds=90))["status"] == "Delivered"

    if mishap == "lost":
        assert all(phone.count("frame_lost", type=kind) for kind in KINDS), "as many as it takes to lose one of each"
    # Stopping waits until every report is acknowledged, also those that came twice.
    phone.faults.set(Faults())
    await phone.stop()
    happened = [events_of(await tenant.api.job(job_id)) for job_id in ids]
    assert {(events.count("sent"), events.count("delivered")) for events in happened} == {(1, 1)}
    assert times_handed_over(phone.folder) == dict.fromkeys(ids, 1)


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
    old_id = connection_of(tenant, known)

    new = await RawPhone.connect(known)
    new_id = connection_of(tenant, known)
    await new.hello()
    assert await old.is_closed()
    assert old_id != new_id == connection_of(tenant, known)
    late = await asyncio.to_thread(call_gateway, tenant.stack, known, old_id, None)
    assert '"was_current":false' in late.log
    assert (await tenant.api.devices())[known.device_id]["status"] == "Online"
    job_id = await tenant.api.accepted()
    [offer] = await new.offers(1)
    assert offer["jobId"] == job_id
    assert connection_of(tenant, known) == new_id
    await new.close()


def connection_of(tenant: Tenant, known: Credentials) -> str:
    """The phone's current connection, as stored."""
    device = devices.get(tenant.account_id, known.device_id)
    assert device is not None and device.connection_id is not None
    return device.connection_id

"""Fifty phones and five hundred messages."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any

import pytest

from smskit_phone import Faults
from smskit_phone.claims import ClaimDesk
from tests.e2e.phones import Phones, times_handed_over
from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e

# `make bench` runs the large one.
PHONES, MESSAGES = (50, 500) if os.environ.get("SMSKIT_BENCHMARK") else (20, 150)
# The emulator handles the frames of all phones one after the other, some 15 a second, where AWS handles them side by
# side; and a claim has five seconds. More than this in flight, and claims would come too late.
IN_FLIGHT = 8
DEADLINE = 300


@pytest.fixture
def offered_at(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """When each job's first offer frame reached a phone."""
    seen: dict[str, float] = {}
    accept = ClaimDesk.offered

    def record(desk: ClaimDesk, offers: Iterable[Any]) -> None:
        offers = list(offers)
        for offer in offers:
            seen.setdefault(offer.key.job_id, time.monotonic())
        accept(desk, offers)

    monkeypatch.setattr(ClaimDesk, "offered", record)
    return seen


def spread(seconds: Iterable[float]) -> str:
    """Median and 95th percentile."""
    ordered = sorted(seconds)
    return f"p50 {ordered[len(ordered) // 2]:.2f} s, p95 {ordered[len(ordered) * 95 // 100]:.2f} s"


async def test_many_phones_deliver_many_messages_once_each(
    tenant: Tenant, phones: Phones, offered_at: dict[str, float], capsys: pytest.CaptureFixture[str]
):
    folders = await phones.pair(tenant, PHONES)
    faults = Faults(send_latency=(0.05, 0.05), delivery_latency=(0.05, 0.05))
    await phones.start_all(folders, faults)
    accepted_at: dict[str, float] = {}
    numbers = iter(range(MESSAGES))

    async def send_and_follow() -> None:
        for number in numbers:
            # Another recipient for each: messages to one recipient stay in order, and would wait for each other.
            job_id = await tenant.api.accepted(recipient=f"+2547{10_000_000 + number}", priority=number % 11)
            accepted_at[job_id] = time.monotonic()
            await eventually(lambda: job_id in phones.delivered, DEADLINE, what=job_id)  # noqa: B023

    started = time.monotonic()
    await asyncio.gather(*(send_and_follow() for _ in range(IN_FLIGHT)))
    took = time.monotonic() - started
    jobs = [await tenant.api.ended(job_id) for job_id in accepted_at]

    assert Counter(job["status"] for job in jobs) == {"Delivered": MESSAGES}
    assert times_handed_over(*folders) == dict.fromkeys(accepted_at, 1)
    per_phone = Counter(job["deviceId"] for job in jobs)
    assert len(per_phone) > PHONES * 0.8
    assert max(per_phone.values()) < 5 * MESSAGES / PHONES
    with capsys.disabled():
        print(
            f"\n{PHONES} phones, {MESSAGES} messages, {IN_FLIGHT} in flight: {took:.1f} s, {MESSAGES / took:.1f}/s,"
            f" {min(per_phone.values())} to {max(per_phone.values())} on each of {len(per_phone)} phones"
            f"\n  accepted to offer on the phone: {spread(offered_at[j] - at for j, at in accepted_at.items())}"
            f"\n  accepted to delivered:          {spread(phones.delivered[j] - at for j, at in accepted_at.items())}"
        )

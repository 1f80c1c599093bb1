"""The order in which waiting jobs go out, however many they are; and the hourly budget of a SIM."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from smskit.dispatch.store import jobs, pool
from smskit.dispatch.store.job_items import job_item
from smskit.models.job import Job
from smskit.phones.store import pending_counts
from smskit.phones.store.device_items import device_key
from smskit.platform import table
from smskit.platform.ids import new_id
from smskit.platform.times import hour_of, now_ms
from smskit_phone import credentials
from tests.e2e.phones import Phones
from tests.e2e.raw_phone import RawPhone
from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e

BACKLOG = 10_000


def waiting_job(tenant: Tenant, number: int, now: int) -> Job:
    """A bulk job as the API and the dispatcher leave it when no phone is free."""
    created = now - BACKLOG + number
    return Job(
        job_id=new_id("job", created), account_id=tenant.account_id, client_id=tenant.client_id,
        recipient=f"+2547{number:08d}", message="Our offers of the week", segments=1, priority=0,
        created_at=created, expires_at=now + 3_600_000,
    )  # fmt: skip


async def test_an_otp_is_the_next_message_after_ten_thousand_waiting_ones(tenant: Tenant, phones: Phones):
    [folder] = await phones.pair(tenant)
    phone = await RawPhone.connect(credentials.load(folder))
    await phone.hello(window=3)
    for _ in range(3):
        await tenant.api.accepted()
    held = await phone.offers(3)
    assert [verdict["verdict"] for verdict in await phone.claim(*held)] == ["go"] * 3
    backlog = [waiting_job(tenant, number, now_ms()) for number in range(BACKLOG)]
    table.put_many("jobs", [job_item(job) for job in backlog])
    pool.publish(backlog)

    first = await tenant.api.accepted(priority=10)
    [at_once] = await phone.offers(1)
    second = await tenant.api.accepted(priority=10)
    await eventually(lambda: is_pooled(second), what="the second OTP in the pool")
    await phone.claim(at_once)
    await phone.report("Sent", held[0])
    [next_one] = await phone.offers(1)
    await phone.claim(next_one)
    await phone.report("Sent", at_once, next_one)
    [behind] = await phone.offers(1)

    assert at_once["jobId"] == first  # its window is full, and an urgent job needs no credit
    assert next_one["jobId"] == second
    assert behind["jobId"] == backlog[0].job_id
    await phone.close()


def is_pooled(job_id: str) -> bool:
    job = jobs.get(job_id)
    return job is not None and pool.contains(job)


async def test_waiting_jobs_go_out_by_priority_and_then_by_age(tenant: Tenant, phones: Phones):
    """One phone that holds one job at a time; all others wait, sent in any order."""
    phone = await phones.new(tenant, gated=True, window=1)
    first = await tenant.api.accepted(priority=5)
    await eventually(lambda: phone.count("claimed") == 1, what="the first job at the radio")
    wanted = [priority for priority in range(9) for _ in range(2)]  # an urgent one would come beyond the window
    random.Random(3).shuffle(wanted)
    sent = [(priority, await tenant.api.accepted(priority=priority)) for priority in wanted]

    await eventually(lambda: waiting(tenant) == len(sent), what="all in the pool")
    phone.gate.set()
    await eventually(lambda: len(phone.radio) == len(sent) + 1, 60, what="all at the radio")

    by_age = sorted(sent, key=lambda entry: -entry[0])  # stable: equal ones stay in the order of sending
    assert [line["jobId"] for line in phone.radio] == [first, *(job_id for _, job_id in by_age)]


def waiting(tenant: Tenant) -> int:
    """How many jobs wait in the account's pool."""
    condition, values = "pk = :pk AND sk < :count", {":pk": f"pool#{tenant.account_id}", ":count": pending_counts.END}
    return len(list(table.pages("pool", condition, values, consistent=True)))


async def test_the_last_tenth_of_a_sims_hour_is_kept_for_otps(new_tenant: Callable[..., Tenant], phones: Phones):
    for _ in range(2):  # the hour, and with it the budget, may turn once
        hour = hour_of(now_ms())
        tenant = new_tenant()
        counts = await send_beyond_the_budget(tenant, phones)
        if hour_of(now_ms()) == hour:
            break

    assert counts == {"bulk": 18, "with otps": 20, "after coming back": 20}


async def send_beyond_the_budget(tenant: Tenant, phones: Phones) -> dict[str, int]:
    """25 bulk messages and 3 OTPs for a phone that may send 20 segments an hour; hand-overs after each step."""
    [folder] = await phones.pair(tenant)
    device_id = credentials.load(folder).device_id
    key = device_key(tenant.account_id, device_id)
    table.update("devices", key, "SET hourly = :limit", {":limit": 20}, condition="attribute_exists(pk)")
    phone = await phones.start(folder)
    counts = {}

    def state() -> str:
        return f"{len(phone.radio)} at the radio, {waiting(tenant)} waiting"

    for _ in range(25):
        await tenant.api.accepted()
    await eventually(
        lambda: len(phone.radio) >= 18 and waiting(tenant) == 7,
        60,
        what=state,
    )
    counts["bulk"] = len(phone.radio)
    for job_id in [await tenant.api.accepted(priority=9) for _ in range(2)]:
        assert (await tenant.api.ended(job_id))["status"] == "Delivered"
    await tenant.api.accepted(priority=9)
    await eventually(lambda: waiting(tenant) == 8, what=state)
    counts["with otps"] = len(phone.radio)
    # A hello fills the phone's lanes before it is answered: if anything more were to come, it has come then.
    await phone.stop()
    back = await phones.start(folder)
    await back.stop()
    assert waiting(tenant) == 8
    counts["after coming back"] = len(back.radio)
    return counts

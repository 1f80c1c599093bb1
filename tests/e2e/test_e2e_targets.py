"""Jobs that name the phones or SIMs that may send them."""

from __future__ import annotations

import asyncio

import pytest

from tests.e2e.phones import Phones, times_handed_over
from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e


async def test_a_job_for_one_phone_or_one_sim_goes_out_there(tenant: Tenant, phones: Phones):
    first, second = [await phones.start(folder) for folder in await phones.pair(tenant, 2, sims=2)]
    cases = [(first, 0), (first, 1), (second, 1), (second, None)]
    named = [{"deviceId": agent.device_id} | ({} if slot is None else {"simSlot": slot}) for agent, slot in cases]

    ids = [await tenant.api.accepted(devices=[one], priority=9) for one in named for _ in range(3)]
    jobs = [await tenant.api.ended(job_id) for job_id in ids]

    for job, (agent, slot) in zip(jobs, [case for case in cases for _ in range(3)], strict=True):
        assert (job["status"], job["deviceId"]) == ("Delivered", agent.device_id)
        assert slot is None or job["simSlot"] == slot
    at_radio = {line["jobId"]: line["simSlot"] for agent in (first, second) for line in agent.radio}
    assert at_radio == {job["jobId"]: job["simSlot"] for job in jobs}


async def test_of_several_named_phones_the_first_free_one_takes_the_job_alone(tenant: Tenant, phones: Phones):
    """Two named phones hold a job each and can take no more; a third that isn't named stays free."""
    named = [await phones.start(folder, gated=True, window=1) for folder in await phones.pair(tenant, 2)]
    free = await phones.new(tenant)
    devices = [agent.device_id for agent in named]
    holding = [await tenant.api.accepted(devices=[device]) for device in devices]
    await eventually(lambda: all(agent.count("claimed") == 1 for agent in named), what="both phones full")
    waiting = [await tenant.api.accepted(devices=devices) for _ in range(3)]

    async def all_wait() -> bool:
        phones_now = await tenant.api.devices()
        return all(phones_now[device]["pendingJobCount"] == 1 + len(waiting) for device in devices)

    await eventually(all_wait, what="the jobs in both pools")
    named[1].gate.set()
    jobs = [await tenant.api.ended(job_id) for job_id in waiting]

    assert {(job["status"], job["deviceId"], job["attempts"]) for job in jobs} == {("Delivered", devices[1], 1)}
    named[0].gate.set()
    await asyncio.gather(*(tenant.api.ended(job_id) for job_id in holding))
    folders = [agent.folder for agent in (*named, free)]
    assert times_handed_over(*folders) == dict.fromkeys([*holding, *waiting], 1)
    assert free.radio == []

    async def counts() -> set[int]:
        return {device["pendingJobCount"] for device in (await tenant.api.devices()).values()}

    assert await counts() == {0}

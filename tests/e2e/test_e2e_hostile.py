"""A device token in the wrong hands: frames that make no sense, or speak of others' jobs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from smskit.models.lane import LaneKey
from smskit.phones.store import lanes
from smskit.phones.store.device_items import device_key
from smskit.platform import table
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit_phone import Credentials, credentials
from tests.e2e.direct import call_gateway
from tests.e2e.phones import Phones
from tests.e2e.raw_phone import Frame, RawPhone, hello
from tests.e2e.stack import Tenant

pytestmark = pytest.mark.e2e

NO_USE = {
    "no JSON": "hello",
    "no object": "[1]",
    "no type": "{}",
    "a type that is no text": '{"type": {}}',
    "unknown type": '{"type": "launch"}',
    "a server's frame": '{"type": "offer", "jobs": []}',
    "no items": '{"type": "claim"}',
    "a number for a token": '{"type": "claim", "items": [{"jobId": "job_1", "token": 1}]}',
    "no UTF-8 in a reference": '{"type": "claim", "items": [{"jobId": "\\ud800", "token": "\\ud800"}]}',
    "a huge number": '{"type": "report", "seq": 1e999, "items": []}',
}


def stored(tenant: Tenant, device_id: str, *job_ids: str) -> list[Any]:
    """The account's jobs and the phone's lane, as stored."""
    jobs = [table.get("jobs", {"pk": job_id}) for job_id in job_ids]
    return [*jobs, lanes.get(LaneKey(tenant.account_id, device_id, 0))]


async def test_frames_of_no_use_get_an_error_and_change_nothing(tenant: Tenant, phones: Phones):
    [folder] = await phones.pair(tenant)
    known = credentials.load(folder)
    phone = await RawPhone.connect(known)
    await phone.hello(window=2)
    job_id = await tenant.api.accepted()
    [offer] = await phone.offers(1)
    await phone.claim(offer)
    before = stored(tenant, known.device_id, job_id)

    for what, text in NO_USE.items():
        await phone.say(text)
        answer = await phone.hear_any()
        assert answer["type"] == "error", (what, answer)

    assert stored(tenant, known.device_id, job_id) == before
    await phone.report("Sent", offer)
    assert (await tenant.api.job(job_id))["status"] == "Sent"
    await phone.close()


async def test_the_function_fails_on_none_of_them(tenant: Tenant, phones: Phones):
    """Also on those that the emulator's gateway doesn't pass on."""
    [folder] = await phones.pair(tenant)
    known = credentials.load(folder)
    too_large, deep = json.dumps(hello() | {"appVersion": "x" * 40_000}), "[" * 20_000

    for what, text in {**NO_USE, "too large": too_large, "deep": deep, "nothing": ""}.items():
        done = await asyncio.to_thread(call_gateway, tenant.stack, known, "con_1", text)
        assert not done.failed, (what, done.answer)
        assert done.answer["statusCode"] == 200, what
        assert json.loads(done.answer["body"])["type"] == "error", what
        assert '"ERROR"' not in done.log, (what, done.log)
        assert "xxxx" not in done.log


async def test_a_frame_beyond_the_limit_is_an_error_or_the_end(tenant: Tenant, phones: Phones):
    [folder] = await phones.pair(tenant)
    phone = await RawPhone.connect(credentials.load(folder))
    await phone.hello()

    await phone.say(json.dumps(hello() | {"appVersion": "x" * 40_000}))

    with suppress(ConnectionClosed):
        assert (await phone.hear_any())["type"] == "error"
    await phone.close()


async def test_another_phones_job_and_a_wrong_token_open_nothing(new_tenant: Callable[..., Tenant], phones: Phones):
    mine, other = new_tenant(), new_tenant()
    [folder], [foreign] = await phones.pair(mine), await phones.pair(other)
    owner, thief = [await RawPhone.connect(credentials.load(one)) for one in (folder, foreign)]
    for phone in (owner, thief):
        await phone.hello()
    offered, assigned = [await mine.api.accepted() for _ in range(2)]
    offers = {offer["jobId"]: offer for offer in await owner.offers(2)}
    await owner.claim(offers[assigned])
    device_id = credentials.load(folder).device_id
    before = stored(mine, device_id, offered, assigned)

    for job_id in (offered, assigned, new_id("job", now_ms())):
        for wrong in ("wrong", *([offers[job_id]["token"]] if job_id in offers else [])):
            target: Frame = {"jobId": job_id, "token": wrong}
            [verdict] = await thief.claim(target)
            assert verdict["verdict"] == "gone", (job_id, wrong)
            for state in ("Sent", "Failed", "Unknown", "Delivered"):
                await thief.report(state, target)
            await thief.say({"type": "decline", "items": [target | {"reason": "shutdown"}]})
            await thief.hear("declined")
            await thief.hello(opened=[target | {"state": state} for state in ("Claimed", "Sending", "Delivered")])

    assert stored(mine, device_id, offered, assigned) == before
    for phone in (owner, thief):
        await phone.close()


async def test_a_flood_of_garbage_closes_the_socket(tenant: Tenant, phones: Phones):
    [folder] = await phones.pair(tenant)
    known = credentials.load(folder)
    phone = await RawPhone.connect(known)
    await phone.hello()
    before = stored(tenant, known.device_id)

    began = now_ms()
    with suppress(ConnectionClosed):
        for number in range(300):
            await phone.say(f"garbage {number}")

    assert await phone.is_closed(60)  # behind what was said before: the emulator hears one frame after the other
    answered = [frame for frame in phone.unread if frame["type"] != "welcome"]
    assert {frame["type"] for frame in answered} == {"error"}
    minutes = now_ms() // 60_000 - began // 60_000 + 1  # each minute counts for itself
    assert len(answered) <= 20 * minutes
    again = await RawPhone.connect(known)
    await again.hello()
    after = stored(tenant, known.device_id)
    assert [lane.held for lane in after] == [lane.held for lane in before] == [{}]
    await again.close()


async def test_a_connection_needs_the_token_of_a_phone_that_may_connect(tenant: Tenant, phones: Phones):
    folder, revoked_folder = await phones.pair(tenant, 2)
    known, revoked = credentials.load(folder), credentials.load(revoked_folder)
    key = device_key(tenant.account_id, revoked.device_id)
    table.update("devices", key, "SET isRevoked = :yes", {":yes": True}, condition="attribute_exists(pk)")

    async def refusal(of: Credentials, token: str | None) -> int:
        with pytest.raises(InvalidStatus) as refused:
            await RawPhone.connect(of, token)
        return refused.value.response.status_code

    assert await refusal(known, "") in (401, 403)
    for token in ("garbage", tenant.key, known.device_token[:-1], known.device_token[:-9] + revoked.device_token[-9:]):
        assert await refusal(known, token) in (401, 403)
    assert await refusal(revoked, None) in (401, 403)
    assert {device["status"] for device in (await tenant.api.devices()).values()} == {"Offline"}

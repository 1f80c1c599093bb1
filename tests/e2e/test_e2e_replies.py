"""Replies by the SIM that the contact wrote to, and the words that stop and start messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from smskit_phone import Faults
from tests.e2e.inbox import event_ids, of_feed, register, thread
from tests.e2e.phones import Agent, Phones
from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually
from tests.support.hooks import Hook

pytestmark = pytest.mark.e2e

ALICE, BOB = "+254712345678", "+254712999999"


async def reply(tenant: Tenant, conversation_id: str, **fields: Any) -> httpx2.Response:
    return await tenant.api.http.post(f"/api/conversations/{conversation_id}/reply", json=fields)


def problem_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition("/")[2]


def texts_at_radio(phone: Agent, number: str) -> int:
    """How many SMS to a number the phone has handed to its radio."""
    return sum(line["recipient"] == number for line in phone.radio)


async def is_offline(tenant: Tenant, phone: Agent) -> bool:
    return str((await tenant.api.devices())[phone.device_id]["status"]) == "Offline"


async def test_a_reply_goes_out_by_the_sim_that_was_written_to_or_by_another_one_if_that_may_be(
    tenant: Tenant, phones: Phones
):
    owner, other = [await phones.start(folder) for folder in await phones.pair(tenant, 2, sims=2)]
    owner.receives(ALICE, "Hello", sim_slot=1)
    (message,) = await of_feed(tenant, 1)
    conversation = message["conversationId"]

    answer = await reply(tenant, conversation, message="We will call you", idempotencyKey="answer-1")
    again = await reply(tenant, conversation, message="We will call you", idempotencyKey="answer-1")
    assert (answer.status_code, again.json()) == (202, answer.json())
    job = await tenant.api.ended(answer.json()["jobId"])
    assert (job["status"], job["deviceId"], job["simSlot"]) == ("Delivered", owner.device_id, 1)
    sticky = await tenant.api.ended(await tenant.api.accepted(recipient=ALICE))
    assert (sticky["deviceId"], sticky["simSlot"]) == (owner.device_id, 1)
    assert [entry["direction"] for entry in await thread(tenant, conversation)] == ["out", "out", "in"]

    await owner.stop()
    await eventually(lambda: is_offline(tenant, owner), what="the owner offline", every=0.3)
    refused = await reply(tenant, conversation, message="Are you there?")
    assert problem_of(refused) == (422, "no-eligible-device")
    taken = await reply(tenant, conversation, message="Are you there?", fallback=True)
    assert taken.status_code == 202, taken.text
    job = await tenant.api.ended(taken.json()["jobId"])
    assert (job["status"], job["deviceId"]) == ("Delivered", other.device_id)


async def test_who_wrote_to_another_phone_last_is_answered_by_that_one(tenant: Tenant, phones: Phones):
    first, second = [await phones.start(folder) for folder in await phones.pair(tenant, 2)]
    first.receives(ALICE, "Hello")
    await of_feed(tenant, 1)
    second.receives(ALICE, "Hello again")
    message = (await of_feed(tenant, 2))[-1]

    answer = await reply(tenant, message["conversationId"], message="Hello")

    assert (await tenant.api.ended(answer.json()["jobId"]))["deviceId"] == second.device_id
    foreign = await reply(tenant, "cnv_00000000000000000000", message="Hello")
    assert foreign.status_code == 404


async def test_stop_and_start(new_tenant: Callable[..., Tenant], phones: Phones, hook: Hook):
    """A job that was queued before the STOP waits at a phone that can take no more until its gate opens."""
    tenant = new_tenant()
    await register(tenant, hook, "sms:received", "contact:opted_out", "contact:opted_in")
    busy, written_to = await phones.new(tenant, gated=True, window=1), await phones.new(tenant)
    holding = await tenant.api.accepted(recipient=BOB, devices=[busy.device_id])
    await eventually(lambda: busy.count("claimed") == 1, what="the phone full")
    queued = await tenant.api.accepted(recipient=ALICE, devices=[busy.device_id])

    for _ in range(3):
        written_to.receives(ALICE, " stop ", phone_message_id="pm_stop")
    written_to.receives(BOB, "YES")
    await of_feed(tenant, 2)

    refused = await tenant.api.send(recipient=ALICE)
    assert problem_of(refused) == (422, "recipient-opted-out")
    await eventually(lambda: texts_at_radio(written_to, ALICE) == 1, what="the confirmation")
    busy.gate.set()
    assert (await tenant.api.ended(holding))["status"] == "Delivered"
    ended = await tenant.api.ended(queued)
    assert (ended["status"], ended["error"]["code"]) == ("DeadLetter", "opted-out")
    assert texts_at_radio(busy, ALICE) == 0
    elsewhere = new_tenant()
    await phones.new(elsewhere)
    assert (await tenant.api.ended(await tenant.api.accepted(recipient=BOB)))["status"] == "Delivered"
    assert (await elsewhere.api.ended(await elsewhere.api.accepted(recipient=ALICE)))["status"] == "Delivered"

    async def listed() -> list[str]:
        return [entry["number"] for entry in (await tenant.api.http.get("/api/opt-outs")).json()["optOuts"]]

    await eventually(lambda: _is(listed, [ALICE]), what="the opt-out in the list", every=0.3)

    written_to.receives(ALICE, "Start")
    stop, yes, start = await of_feed(tenant, 3)
    assert (await tenant.api.ended(await tenant.api.accepted(recipient=ALICE)))["status"] == "Delivered"
    await eventually(lambda: _is(listed, []), what="no opt-out in the list", every=0.3)
    trail = (await tenant.api.http.get(f"/api/opt-outs/{ALICE.replace('+', '%2B')}/history")).json()["entries"]
    assert [(entry["change"], entry["reason"], entry["source"]) for entry in trail] == [
        ("opted-in", "START", f"sms:{start['messageId']}"),
        ("opted-out", "STOP", f"sms:{stop['messageId']}"),
    ]
    await eventually(lambda: len(event_ids(hook)) >= 5, what="five events")
    assert {event["content"] for event in hook.events("sms:received")} == {" stop ", "YES", "Start"}
    assert len(event_ids(hook, "contact:opted_out")) == len(event_ids(hook, "contact:opted_in")) == 1
    # To Bob: what was sent to him, and no answer to his YES. To Alice: one confirmation each, and the last send.
    assert texts_at_radio(written_to, BOB) + texts_at_radio(busy, BOB) == 2
    await eventually(lambda: texts_at_radio(written_to, ALICE) + texts_at_radio(busy, ALICE) >= 3, what="all SMS")
    assert texts_at_radio(written_to, ALICE) + texts_at_radio(busy, ALICE) == 3
    assert yes["content"] == "YES"


async def test_a_stop_that_comes_in_while_the_phone_is_offline_holds_once_it_is_back(tenant: Tenant, phones: Phones):
    [away] = await phones.pair(tenant)
    agent = await phones.start(away, Faults())
    await agent.stop()
    agent.receives(ALICE, "STOP")

    back = await phones.start(away)
    await of_feed(tenant, 1)

    assert problem_of(await tenant.api.send(recipient=ALICE)) == (422, "recipient-opted-out")
    await eventually(lambda: texts_at_radio(back, ALICE) == 1, what="the confirmation")


async def _is(read: Callable[[], Any], wanted: object) -> bool:
    return bool(await read() == wanted)

"""SMS that come in: to webhook, feed and conversation, each once, whatever befalls phones, frames and readers."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from smskit.platform.times import now_ms, rfc3339_ms
from smskit_phone import Faults, FrameRule, credentials
from smskit_phone.faults import INBOUND_CRASH_STEPS
from tests.e2e.inbox import event_ids, feed, of_feed, page, register, thread
from tests.e2e.phones import Phones, radio_beside
from tests.e2e.raw_phone import Frame, RawPhone
from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually
from tests.support.hooks import Hook

pytestmark = pytest.mark.e2e

ALICE = "+254712345678"
PHONES, EACH = 20, 50


def received(seq: int, *contents: str) -> Frame:
    """A frame of a phone that is spoken by hand; the phone's ids are the contents'."""
    messages = [
        {
            "phoneMessageId": f"pm_{content}", "from": ALICE, "to": "+254700000000", "simSlot": 0, "content": content,
            "receivedAt": rfc3339_ms(now_ms()),
        }
        for content in contents
    ]  # fmt: skip
    return {"type": "received", "seq": seq, "messages": messages}


async def test_an_sms_reaches_webhook_feed_and_conversation(tenant: Tenant, phones: Phones, hook: Hook):
    text = "YES, and a text that no log may show"
    tenant.stack.secrets.add(text)
    await register(tenant, hook, "sms:received")
    phone = await phones.new(tenant)
    job = await tenant.api.ended(await tenant.api.accepted(recipient=ALICE, message="Are you there?"))

    phone.receives(ALICE, text, recipient="+254700000000", received_at=1750673100.0)

    (event,) = await eventually(lambda: hook.events("sms:received"), what="sms:received")
    assert event.pop("eventId").startswith("evt_")
    fields = {
        "from": ALICE, "to": "+254700000000", "content": text, "deviceId": phone.device_id, "simSlot": 0,
        "receivedAt": "2025-06-23T10:05:00Z",
    }  # fmt: skip
    assert event == {"event": "sms:received", **fields}
    (message,) = await of_feed(tenant, 1)
    assert message == fields | {name: message[name] for name in ("messageId", "conversationId")}
    (conversation,) = (await tenant.api.http.get("/api/conversations")).json()["conversations"]
    assert (conversation["conversationId"], conversation["number"]) == (message["conversationId"], ALICE)
    assert (conversation["unreadCount"], conversation["lastMessage"]["preview"]) == (1, text)
    newest, before = await thread(tenant, message["conversationId"])
    assert (newest["direction"], newest["messageId"], newest["content"]) == ("in", message["messageId"], text)
    assert (before["direction"], before["jobId"], before["status"]) == ("out", job["jobId"], "Delivered")


async def test_the_same_frame_over_and_over_and_from_two_connections_is_one_message(
    tenant: Tenant, phones: Phones, hook: Hook
):
    await register(tenant, hook, "sms:received")
    [folder] = await phones.pair(tenant)
    known = credentials.load(folder)
    first = await RawPhone.connect(known)
    await first.hello()
    frame = received(1, "one", "two")
    for _ in range(5):
        await first.say(frame)
    for _ in range(5):
        assert (await first.hear("ack"))["seq"] == 1

    second = await RawPhone.connect(known)
    await second.hello()
    late = received(2, "two", "three")

    async def say_on_the_replaced_connection() -> None:
        with suppress(ConnectionClosed):
            await first.say(late)

    await asyncio.gather(say_on_the_replaced_connection(), second.say(late))
    assert (await second.hear("ack"))["seq"] == 2

    assert [message["content"] for message in await of_feed(tenant, 3)] == ["one", "two", "three"]
    (conversation,) = (await tenant.api.http.get("/api/conversations")).json()["conversations"]
    assert conversation["unreadCount"] == 3
    await eventually(lambda: len(event_ids(hook)) == 3, what="three events")
    # Whatever an extra event would have come with has been handled before this one.
    await second.say(received(3, "marker"))
    await eventually(lambda: any(event["content"] == "marker" for event in hook.events()), what="the marker's event")
    assert len(event_ids(hook)) == 4
    await second.close()
    await first.close()


async def test_two_real_sms_of_the_same_text_are_two_and_any_text_arrives(tenant: Tenant, phones: Phones):
    phone = await phones.new(tenant)
    texts = ["again", "again", "NUL \x00 \x1b", "مرحبا \u202e שלום 🤷🏽‍♀️", "漢" * 10_000, "", "\ud83d"]

    for text in texts:
        phone.receives("0712 345 678", text)

    messages = await of_feed(tenant, len(texts))
    assert [message["content"] for message in messages] == [*texts[:-1], "\ufffd"]
    assert {message["from"] for message in messages} == {ALICE}
    assert len({message["conversationId"] for message in messages}) == 1


async def crash_and_restart(tenant: Tenant, phones: Phones, step: str) -> list[str]:
    """What the feed holds in the end when a phone is killed at the step, with three SMS on their way."""
    [folder] = await phones.pair(tenant)
    first = await phones.process(folder, {"crashAt": step})
    for number in range(3):
        radio_beside(folder).inject(ALICE, f"{step} {number}")
    assert await asyncio.wait_for(first.wait(), 60) == -signal.SIGKILL

    await phones.process(folder, {"crashAt": step})
    radio_beside(folder).inject(ALICE, "marker")
    return [message["content"] for message in await of_feed(tenant, 4, 90)]


async def test_a_phone_killed_between_radio_and_ack_loses_and_doubles_nothing(
    new_tenant: Callable[..., Tenant], phones: Phones
):
    found = await asyncio.gather(*(crash_and_restart(new_tenant(), phones, step) for step in INBOUND_CRASH_STEPS))

    assert found == [[*(f"{step} {number}" for number in range(3)), "marker"] for step in INBOUND_CRASH_STEPS]


async def test_lost_and_doubled_frames_still_bring_each_message_once_and_in_order(tenant: Tenant, phones: Phones):
    rules = tuple(
        rule
        for kind in ("received", "ack")
        for rule in (FrameRule("drop", kind, probability=0.3), FrameRule("duplicate", kind, probability=0.3))
    )
    phone = await phones.new(tenant, Faults(seed=7, frames=rules), report_resend=1.0)
    texts = [f"text {number}" for number in range(45)]

    for text in texts:
        phone.receives(ALICE, text)

    assert [message["content"] for message in await of_feed(tenant, len(texts))] == texts


async def test_a_reader_gets_a_thousand_messages_of_twenty_phones_once_each_and_all_readers_the_same_order(
    tenant: Tenant, phones: Phones, capsys: pytest.CaptureFixture[str]
):
    """Another sender writes to each phone, so that only the feed is what all of them have in common."""
    agents = await phones.start_all(await phones.pair(tenant, PHONES), Faults())
    sent = {f"{phone} {number}" for phone in range(PHONES) for number in range(EACH)}
    read: list[dict[str, Any]] = []
    pages = 0

    async def follow() -> None:
        nonlocal pages
        since = None
        while len(read) < len(sent):
            answer = await page(tenant, since)
            read.extend(answer["messages"])
            since, pages = answer["cursor"], pages + 1

    async def bring(number: int) -> None:
        for message in range(EACH):
            agents[number].receives(f"+2547{20_000_000 + number}", f"{number} {message}")
            await asyncio.sleep(0.02)

    started = time.monotonic()
    async with asyncio.timeout(300):
        await asyncio.gather(follow(), *(bring(number) for number in range(PHONES)))
    took = time.monotonic() - started

    def all_acknowledged() -> bool:
        told = [event.fields["messages"] for agent in agents for event in agent.events if event.name == "forwarded"]
        return sum(told) == len(sent)

    # Nothing comes again behind the thousandth, and a second reader with smaller pages sees the same.
    await eventually(all_acknowledged, what="all acks")
    assert await feed(tenant, 37) == read
    assert len(read) == len(sent)
    assert {message["content"] for message in read} == sent
    assert len({message["messageId"] for message in read}) == len(sent)
    for number in range(PHONES):
        own = [message["content"] for message in read if message["deviceId"] == agents[number].device_id]
        assert own == [f"{number} {message}" for message in range(EACH)]
    with capsys.disabled():
        print(f"\n{len(sent)} messages of {PHONES} phones read in {took:.1f} s over {pages} pages")

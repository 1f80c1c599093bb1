"""People write, and the business answers."""

from __future__ import annotations

from typing import Any

from smskit.platform.times import now_ms, rfc3339
from smskit_phone import ErrorRule, Faults
from smskit_pictures import business as shown
from smskit_pictures.account import Business, until
from smskit_pictures.business import Talk
from smskit_pictures.shelf import USUAL, ShelfPhone

_PATIENCE = 300


def hear(phone: ShelfPhone, talk: Talk) -> None:
    """Let the lines of a conversation come in."""
    for text in talk.heard:
        phone.radio.inject(talk.number, text)


async def _conversation(account: Business, number: str) -> dict[str, Any]:
    async def look() -> dict[str, Any] | None:
        page = await account.console.ask("GET", f"/console/conversations?number={number.replace('+', '%2B')}")
        return next(iter(page["conversations"]), None)

    return await until(look, _PATIENCE, "a conversation doesn't appear")


async def _mark_read(account: Business, conversation_id: str) -> None:
    await account.desk.ask("POST", f"/console/conversations/{conversation_id}/read", until=rfc3339(now_ms()))


async def _reply(account: Business, conversation_id: str, text: str, **more: Any) -> str:
    path = f"/console/conversations/{conversation_id}/reply"
    return str((await account.desk.ask("POST", path, message=text, **more))["jobId"])


async def answer_all(account: Business) -> None:
    for talk in shown.TALKS:
        found = await _conversation(account, talk.number)
        if talk.name:
            await account.desk.ask("POST", "/console/contacts", number=talk.number, name=talk.name)
        if talk.answer:
            await _reply(account, found["conversationId"], talk.answer)
        if talk.answer or talk.is_read:
            await _mark_read(account, found["conversationId"])


async def talk(account: Business, front: ShelfPhone) -> str:
    """The conversation that is opened: an answer that fails, one that arrives, a receipt, and two lines more."""
    number = shown.THREAD.number
    conversation_id = str((await _conversation(account, number))["conversationId"])
    await account.desk.ask("POST", "/console/contacts", number=number, name=shown.THREAD.name)
    front.faults.set(Faults(errors=(ErrorRule("fdn_blocked", number=number, times=1),)))
    await account.reached(await _reply(account, conversation_id, shown.THREAD_REFUSED), "Failed")
    front.faults.set(USUAL)
    await account.reached(await _reply(account, conversation_id, shown.THREAD_ANSWER), "Delivered")
    receipt = await account.send(shown.RECEIPTS, number, shown.THREAD_NOTICE, devices=[front.device_id])
    await account.reached(receipt, "Delivered")
    await _mark_read(account, conversation_id)
    for text in shown.THREAD_LATER:
        front.radio.inject(number, text)
    return conversation_id

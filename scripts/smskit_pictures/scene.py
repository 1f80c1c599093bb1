"""Sets the scene: an account whose phones send, receive and fail, by the two APIs and the phones' radios alone."""

from __future__ import annotations

import asyncio
import io
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smskit.platform.times import now_ms, rfc3339
from smskit_local.progress import Progress
from smskit_phone import ErrorRule, Faults
from smskit_pictures import business as shown
from smskit_pictures import past
from smskit_pictures.account import Business, open_business, until
from smskit_pictures.business import ShownPhone, Talk
from smskit_pictures.shelf import Shelf, ShelfPhone
from smskit_smoke.target import Target
from webhook_receiver.behaviour import Behaviour, Switch
from webhook_receiver.server import Receiver
from webhook_receiver.verifying import Secrets

_LIMITS = {shown.CODES: 20_000, shown.RECEIPTS: 10_000, shown.REMINDERS: 2_000}
_SEND_SECONDS, _CONFIRM_SECONDS = (0.4, 1.4), (0.8, 2.6)
_USUAL = Faults(send_latency=_SEND_SECONDS, delivery_latency=_CONFIRM_SECONDS)
_PATIENCE = 300
_SHORTEST = 30


@dataclass(frozen=True)
class Scene:
    """What there is to see: the account, and the things that have a page of their own."""

    account: Business
    shelf: Shelf
    conversation_id: str
    late_job_id: str
    suspended_id: str
    phone_id: str
    client_id: str


class Endpoints:
    """Two of the business's servers that take webhooks: one is well, the other falls ill."""

    def __init__(self) -> None:
        self._switch = Switch(Behaviour())
        quiet = io.StringIO()
        self._well = Receiver(0, Secrets([]), Switch(Behaviour()), out=quiet)
        self._ill = Receiver(0, Secrets([]), self._switch, out=quiet)
        for receiver in (self._well, self._ill):
            threading.Thread(target=receiver.serve_forever, daemon=True).start()

    async def register(self, account: Business) -> str:
        """Both become webhooks; the id of the one that falls ill."""
        everything = ["sms:sent", "sms:delivered", "sms:failed", "sms:received"]
        await account.console.ask("POST", "/console/webhooks", url=f"{self._well.url}/ledger", events=everything)
        made = await account.console.ask(
            "POST", "/console/webhooks", url=f"{self._ill.url}/hooks/sms", events=["sms:delivered", "sms:received"]
        )
        return str(made["webhookId"])

    def fall_ill(self) -> None:
        """From now on it answers 503."""
        self._switch.set(Behaviour(fail=503))

    def close(self) -> None:
        """Listen no more."""
        for receiver in (self._well, self._ill):
            receiver.shutdown()
            receiver.server_close()


@asynccontextmanager
async def scene(target: Target, home: Path, progress: Progress) -> AsyncIterator[Scene]:
    """The scene, until the end of the `async with`."""
    with progress.step("opening an account"):
        account = await open_business(target, shown.NAME, shown.OWNER, shown.OPERATOR, _LIMITS)
        past.count_usage(account.account_id, now_ms())
    endpoints = Endpoints()
    try:
        # Phones of an earlier run belong to an account that is gone.
        shutil.rmtree(home / "phones", ignore_errors=True)
        async with Shelf(target.api_url, home / "phones") as shelf:
            yield await _set(account, shelf, endpoints, progress)
    finally:
        endpoints.close()
        await account.close()


async def _set(account: Business, shelf: Shelf, endpoints: Endpoints, progress: Progress) -> Scene:
    with progress.step("pairing its phones"):
        await asyncio.gather(*(_pair(account, shelf, phone) for phone in shown.PHONES))
    front, kisumu, mombasa, reserve, first, second = (shelf.phones[phone.name] for phone in shown.PHONES)
    suspended_id = await endpoints.register(account)
    with progress.step("letting people write"):
        for talk in (*shown.TALKS, shown.THREAD):
            _hear(front, talk)
        await _answer_all(account)
    with progress.step("sending what a business sends"):
        await _notify(account, kisumu, first)
        conversation_id = await _talk(account, front)
        endpoints.fall_ill()
        late_job_id = await _fail_over(account, first, front)
    with progress.step("letting some of it fail"):
        await _fail(account, front, kisumu, mombasa, second)
    with progress.step("changing what owners change"):
        await _administer(account, reserve, second)
        await _leave_little(account, kisumu)
    with progress.step("waiting for the endpoint to be given up"):
        await _suspended(account, suspended_id)
    client_id = await _client_id(account, shown.CODES)
    return Scene(account, shelf, conversation_id, late_job_id, suspended_id, kisumu.device_id, client_id)


async def _pair(account: Business, shelf: Shelf, what: ShownPhone) -> None:
    phone = await shelf.pair(what, account.new_code)
    past.keep_heartbeats(account.account_id, phone.device_id, what, now_ms())
    for sim in what.sims:
        await account.console.ask(
            "PATCH", f"/console/devices/{phone.device_id}/sims/{sim.sim_slot}", hourlyLimit=what.limit
        )
    if what is not shown.RESERVE:
        await phone.start()


def _hear(phone: ShelfPhone, talk: Talk) -> None:
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


async def _answer_all(account: Business) -> None:
    for talk in shown.TALKS:
        found = await _conversation(account, talk.number)
        if talk.name:
            await account.desk.ask("POST", "/console/contacts", number=talk.number, name=talk.name)
        if talk.answer:
            await _reply(account, found["conversationId"], talk.answer)
        if talk.answer or talk.is_read:
            await _mark_read(account, found["conversationId"])


async def _notify(account: Business, kisumu: ShelfPhone, first: ShelfPhone) -> None:
    """The business's programs send."""
    phones = [kisumu.device_id, first.device_id]
    jobs = []
    for at, notice in enumerate(shown.NOTICES):
        priority = 9 if notice.client == shown.CODES else 0
        reference = f"{notice.client.lower()}-{20_381 + at}"
        jobs.append(
            await account.send(
                notice.client,
                shown.number(notice.to),
                notice.text,
                priority=priority,
                clientReference=reference,
                devices=[phones[at % 3 == 0]],
            )
        )
    await asyncio.gather(*(account.reached(job, "Delivered") for job in jobs))


async def _talk(account: Business, front: ShelfPhone) -> str:
    """The conversation that is opened: an answer that fails, one that arrives, a receipt, and two lines more."""
    number = shown.THREAD.number
    conversation_id = str((await _conversation(account, number))["conversationId"])
    await account.desk.ask("POST", "/console/contacts", number=number, name=shown.THREAD.name)
    front.faults.set(Faults(errors=(ErrorRule("fdn_blocked", number=number, times=1),)))
    await account.reached(await _reply(account, conversation_id, shown.THREAD_REFUSED), "Failed")
    front.faults.set(_USUAL)
    await account.reached(await _reply(account, conversation_id, shown.THREAD_ANSWER), "Delivered")
    receipt = await account.send(shown.RECEIPTS, number, shown.THREAD_NOTICE, devices=[front.device_id])
    await account.reached(receipt, "Delivered")
    await _mark_read(account, conversation_id)
    for text in shown.THREAD_LATER:
        front.radio.inject(number, text)
    return conversation_id


async def _fail_over(account: Business, first: ShelfPhone, front: ShelfPhone) -> str:
    """A code that the first phone doesn't answer for, so that another sends it; the job."""
    first.faults.set(Faults(silence=True))
    await _enable(account, front, is_enabled=False)
    job_id = await account.send(
        shown.CODES,
        shown.number("33 114"),
        shown.code("907442"),
        priority=9,
        clientReference="login-5518",
        devices=[first.device_id, front.device_id],
    )
    await _enable(account, front, is_enabled=True)
    await account.reached(job_id, "Delivered")
    first.faults.set(_USUAL)
    return job_id


async def _enable(account: Business, phone: ShelfPhone, *, is_enabled: bool) -> None:
    for sim in phone.shown.sims:
        path = f"/console/devices/{phone.device_id}/sims/{sim.sim_slot}"
        await account.console.ask("PATCH", path, isEnabled=is_enabled)


async def _leave_little(account: Business, phone: ShelfPhone) -> None:
    """Set the limits of its SIMs so that this hour's are nearly spent."""
    path = f"/console/devices/{phone.device_id}"
    for sim in (await account.console.ask("GET", path))["sims"]:
        spent = sim["hourlyLimit"] - sim["leftThisHour"]
        await account.console.ask("PATCH", f"{path}/sims/{sim['simSlot']}", hourlyLimit=spent + 1)


async def _fail(
    account: Business, front: ShelfPhone, kisumu: ShelfPhone, mombasa: ShelfPhone, second: ShelfPhone
) -> None:
    """What goes wrong: a number that isn't one, a SIM without service, a phone whose battery is empty."""
    nobody, far, waiting, unconfirmed = (shown.number(end) for end in ("01 335", "22 418", "22 905", "12 331"))
    kisumu.faults.set(
        Faults(
            send_latency=_SEND_SECONDS,
            lost_delivery_numbers=(unconfirmed,),
            errors=(ErrorRule("invalid_number", number=nobody), ErrorRule("generic_failure", number=far)),
        )
    )
    second.radio.busy.add(waiting)
    mombasa.faults.set(Faults(silence=True))
    alone, by_kisumu = {"devices": [mombasa.device_id]}, {"devices": [kisumu.device_id]}
    late = await account.send(
        shown.CODES, shown.number("33 252"), shown.code("650022"), priority=9, validitySeconds=_SHORTEST, **alone
    )
    withdrawn = await account.send(shown.REMINDERS, shown.number("24 604"), shown.NOTICES[1].text, **alone)
    for end in ("68 520", "96 208"):
        await account.send(shown.REMINDERS, shown.number(end), shown.NOTICES[4].text, **alone)
    await mombasa.pull_battery()
    failing = [
        await account.send(shown.RECEIPTS, nobody, shown.NOTICES[3].text, **by_kisumu),
        await account.send(shown.CODES, far, shown.code("118764"), priority=9, validitySeconds=120, **by_kisumu),
    ]
    sent = await account.send(shown.RECEIPTS, unconfirmed, shown.NOTICES[8].text, **by_kisumu)
    assigned = await account.send(
        shown.RECEIPTS, waiting, shown.NOTICES[8].text, devices=[{"deviceId": second.device_id, "simSlot": 0}]
    )
    await account.console.ask("POST", f"/console/messages/{withdrawn}/cancel")
    await asyncio.gather(
        account.reached(late, "DeadLetter"),
        account.reached(sent, "Sent"),
        account.reached(assigned, "Assigned"),
        *(account.reached(job, "Failed", "DeadLetter", seconds=_PATIENCE) for job in failing),
    )
    kisumu.faults.set(_USUAL)


async def _administer(account: Business, reserve: ShelfPhone, second: ShelfPhone) -> None:
    ask = account.console.ask
    await ask("PATCH", f"/console/devices/{reserve.device_id}", isEnabled=False)
    await ask("PATCH", f"/console/devices/{second.device_id}/sims/1", isEnabled=False)
    await ask("POST", "/console/members", email=shown.INVITED, role="operator")
    await ask("POST", "/console/members", email=shown.VIEWER, role="viewer")
    await ask("POST", "/console/opt-outs", number=shown.number("68 999"), reason="Asked by phone")
    await ask("PATCH", "/console/settings", retentionDays=180, timeZone=past.TIME_ZONE, confirmOptOut=True)
    reminders = await _client_id(account, shown.REMINDERS)
    await ask("POST", f"/console/clients/{reminders}/suspend")
    await ask("POST", f"/console/clients/{await _client_id(account, shown.CODES)}/rotate-key", slot=2)


async def _client_id(account: Business, name: str) -> str:
    found = await account.console.ask("GET", "/console/clients")
    return next(str(client["clientId"]) for client in found["clients"] if client["name"] == name)


async def _suspended(account: Business, webhook_id: str) -> None:
    async def look() -> bool | None:
        found = await account.console.ask("GET", f"/console/webhooks/{webhook_id}")
        return found["status"] == "Suspended" or None

    await until(look, _PATIENCE, "the endpoint isn't suspended")

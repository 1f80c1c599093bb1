"""Sets the scene: an account whose phones send, receive and fail, by the two APIs and the phones' radios alone."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from smskit.platform.times import now_ms
from smskit_local.progress import Progress
from smskit_pictures import business as shown
from smskit_pictures import failures, many, past, talks
from smskit_pictures.account import Business, open_business
from smskit_pictures.business import ShownPhone
from smskit_pictures.endpoints import Endpoints, given_up
from smskit_pictures.shelf import Shelf, ShelfPhone
from smskit_smoke.target import Target

_LIMITS = {shown.CODES: 20_000, shown.RECEIPTS: 10_000, shown.REMINDERS: 2_000}


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
    batch_id: str


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
            talks.hear(front, talk)
        await talks.answer_all(account)
    with progress.step("sending to many"):
        await many.keep_templates(account)
        await many.announce(account)
        batch_id = await many.remind_all(account)
    with progress.step("sending what a business sends"):
        await _notify(account, kisumu, first)
        conversation_id = await talks.talk(account, front)
        endpoints.fall_ill()
        late_job_id = await failures.fail_over(account, first, front)
    with progress.step("letting some of it fail"):
        await failures.fail(account, front, kisumu, mombasa, second)
    with progress.step("changing what owners change"):
        await _administer(account, reserve, second)
        await _route(account, front, kisumu, first)
        await failures.leave_little(account, kisumu)
    with progress.step("waiting for the endpoint to be given up"):
        await given_up(account, suspended_id)
    client_id = await _client_id(account, shown.CODES)
    return Scene(account, shelf, conversation_id, late_job_id, suspended_id, kisumu.device_id, client_id, batch_id)


async def _pair(account: Business, shelf: Shelf, what: ShownPhone) -> None:
    phone = await shelf.pair(what, account.new_code)
    past.keep_heartbeats(account.account_id, phone.device_id, what, now_ms())
    for sim in what.sims:
        await account.console.ask(
            "PATCH", f"/console/devices/{phone.device_id}/sims/{sim.sim_slot}", hourlyLimit=what.limit
        )
    if what is not shown.RESERVE:
        await phone.start()


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


async def _administer(account: Business, reserve: ShelfPhone, second: ShelfPhone) -> None:
    ask = account.console.ask
    await ask("PATCH", f"/console/devices/{reserve.device_id}", isEnabled=False)
    await ask("PATCH", f"/console/devices/{second.device_id}/sims/1", isEnabled=False)
    await ask("POST", "/console/members", email=shown.INVITED, role="operator")
    await ask("POST", "/console/members", email=shown.VIEWER, role="viewer")
    await ask("POST", "/console/opt-outs", number=shown.number("68 999"), reason="Asked by phone")
    await ask("PATCH", "/console/settings", retentionDays=180, timeZone=past.TIME_ZONE, confirmOptOut=True)
    await ask("PATCH", "/console/settings", waitForPhone=True, quietHours=shown.QUIET)
    await ask("POST", "/console/clients", name=shown.STAGING, limit=500, test=True)
    reminders = await _client_id(account, shown.REMINDERS)
    await ask("POST", f"/console/clients/{reminders}/suspend")
    await ask("POST", f"/console/clients/{await _client_id(account, shown.CODES)}/rotate-key", slot=2)


async def _route(account: Business, front: ShelfPhone, kisumu: ShelfPhone, first: ShelfPhone) -> None:
    """Each network's numbers by its own SIMs, where messages between them cost less."""
    slots = ((shown.SAFARICOM, 0, (first, kisumu, front), "any"), (shown.AIRTEL, 1, (front, kisumu), "wait"))
    rules = [
        {
            "name": network.name,
            "prefixes": list(network.prefixes),
            "sims": [{"deviceId": phone.device_id, "simSlot": slot} for phone in phones],
            "fallback": fallback,
        }
        for network, slot, phones, fallback in slots
    ]
    await account.console.ask("PUT", "/console/routing-rules", rules=rules)


async def _client_id(account: Business, name: str) -> str:
    found = await account.console.ask("GET", "/console/clients")
    return next(str(client["clientId"]) for client in found["clients"] if client["name"] == name)

"""What goes wrong in a business's day."""

from __future__ import annotations

import asyncio

from smskit_phone import ErrorRule, Faults
from smskit_pictures import business as shown
from smskit_pictures.account import Business
from smskit_pictures.shelf import SEND_SECONDS, USUAL, ShelfPhone

_PATIENCE = 300
_SHORTEST = 30


async def fail_over(account: Business, first: ShelfPhone, front: ShelfPhone) -> str:
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
    first.faults.set(USUAL)
    return job_id


async def _enable(account: Business, phone: ShelfPhone, *, is_enabled: bool) -> None:
    for sim in phone.shown.sims:
        path = f"/console/devices/{phone.device_id}/sims/{sim.sim_slot}"
        await account.console.ask("PATCH", path, isEnabled=is_enabled)


async def leave_little(account: Business, phone: ShelfPhone) -> None:
    """Set the limits of its SIMs so that this hour's are nearly spent."""
    path = f"/console/devices/{phone.device_id}"
    for sim in (await account.console.ask("GET", path))["sims"]:
        spent = sim["hourlyLimit"] - sim["leftThisHour"]
        await account.console.ask("PATCH", f"{path}/sims/{sim['simSlot']}", hourlyLimit=spent + 1)


async def fail(
    account: Business, front: ShelfPhone, kisumu: ShelfPhone, mombasa: ShelfPhone, second: ShelfPhone
) -> None:
    """What goes wrong: a number that isn't one, a SIM without service, a phone whose battery is empty."""
    nobody, far, waiting, unconfirmed = (shown.number(end) for end in ("01 335", "22 418", "22 905", "12 331"))
    kisumu.faults.set(
        Faults(
            send_latency=SEND_SECONDS,
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
    kisumu.faults.set(USUAL)

"""Texts that are kept, and what is sent to many at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from smskit.platform.times import now_ms
from smskit.platform.zones import zone
from smskit_pictures import business as shown
from smskit_pictures.account import Business, until
from smskit_pictures.past import TIME_ZONE

_PATIENCE = 300
_MORNING = 8


async def keep_templates(account: Business) -> None:
    """What the business writes often."""
    for text in shown.TEMPLATES:
        await account.desk.ask("POST", "/console/templates", name=text.name, message=text.message, longest=text.longest)


async def remind_all(account: Business) -> str:
    """A batch of a person's, by a template, which has gone out, but for an opted-out number and a wrong one; its id."""
    page = await account.console.ask("GET", "/console/templates")
    template_id = next(one["templateId"] for one in page["templates"] if one["name"] == shown.INSTALMENT.name)
    rows = [_row(*debtor) for debtor in shown.DEBTORS]
    wrong = [_row("0722 00 90", "Otieno", "900"), _row(shown.STOPPED, "Njoki", "1,100"), rows[0]]
    accepted = await account.desk.ask(
        "POST", "/console/batches", templateId=template_id, recipients=[*rows, *wrong], priority=5
    )
    batch_id = str(accepted["batchId"])

    async def look() -> bool:
        found = await account.console.ask("GET", f"/console/batches/{batch_id}/messages?limit=100")
        return all(message["status"] == "Delivered" for message in found["messages"]) and bool(found["messages"])

    await until(look, _PATIENCE, "a batch doesn't arrive")
    return batch_id


async def announce(account: Business) -> None:
    """A batch of a program's, for tomorrow morning."""
    tomorrow = datetime.fromtimestamp(now_ms() / 1000, zone(TIME_ZONE)) + timedelta(days=1)
    at = tomorrow.replace(hour=_MORNING, minute=0, second=0, microsecond=0)
    recipients = [_row(number, name, "") for number, name, _ in shown.DEBTORS[:3]]
    await account.clients[shown.REMINDERS].ask(
        "POST", "/api/sms/send/bulk", message=shown.ANNOUNCEMENT, recipients=recipients, sendAt=at.isoformat()
    )


def _row(number: str, name: str, amount: str) -> dict[str, Any]:
    return {"recipient": number, "variables": {"name": name, "amount": amount}}

"""Contacts: one item for an account and a number, with its opt-out and the SIM that it wrote to last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smskit.models.job import Target
from smskit.store import table
from smskit.store.codec import Item


@dataclass(frozen=True, slots=True)
class Contact:
    """What an account knows of a number. `owner` is the SIM that the number wrote to last."""

    number: str
    opted_out: bool = False
    owner: Target | None = None


def _key(account_id: str, number: str) -> Item:
    return {"pk": account_id, "sk": f"contact#{number}"}


def _contact_of(item: Item) -> Contact:
    owner = Target(item["ownerDeviceId"], item["ownerSimSlot"]) if "ownerDeviceId" in item else None
    return Contact(item["sk"].removeprefix("contact#"), item.get("optedOut", False), owner)


def get(account_id: str, number: str) -> Contact:
    """The contact; an unknown number is one that has never written. Eventually consistent: half a read unit."""
    item = table.get("contacts", _key(account_id, number), consistent=False)
    return _contact_of(item) if item else Contact(number)


def opted_out(account_id: str, numbers: Iterable[str]) -> set[str]:
    """Those of the numbers that have opted out. Eventually consistent: half a read unit a number."""
    keys = [_key(account_id, number) for number in dict.fromkeys(numbers)]
    found = [_contact_of(item) for item in table.get_many("contacts", keys, consistent=False)]
    return {contact.number for contact in found if contact.opted_out}

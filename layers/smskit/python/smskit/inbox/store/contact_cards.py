"""What people call a number, and what they note about it.

The name is in the contact's item, where lists of conversations find it. The note has an item beside that: it may be
long, and each message that comes in writes the contact.
"""

from __future__ import annotations

from smskit.accounts.store import audit_log
from smskit.errors import ConditionFailedError
from smskit.models.audit import Entry
from smskit.platform import table
from smskit.platform.codec import Item

_NAME = {"#name": "name"}


def _contact_key(account_id: str, number: str) -> Item:
    return {"pk": account_id, "sk": f"contact#{number}"}


def _note_key(account_id: str, number: str) -> Item:
    return {"pk": account_id, "sk": f"note#{number}"}


def note_of(account_id: str, number: str) -> str | None:
    """What people noted about the number."""
    item = table.get("contacts", _note_key(account_id, number))
    return item.get("note") if item else None


def change(account_id: str, number: str, entry: Entry, *, name: str | None, note: str | None) -> None:
    """Set what isn't None, or take it away where it is empty, and note that in the audit log."""
    operations = [audit_log.put_op(entry)]
    if name is not None:
        operations.append(_set_op(_contact_key(account_id, number), "#name", name, _NAME))
    if note is not None:
        operations.append(_set_op(_note_key(account_id, number), "note", note, None))
    table.transact(operations)


def _set_op(key: Item, path: str, text: str, names: dict[str, str] | None) -> Item:
    if text:
        return table.update_op("contacts", key, f"SET {path} = :text", {":text": text}, names=names)
    return table.update_op("contacts", key, f"REMOVE {path}", {}, names=names)


def forget(account_id: str, number: str) -> None:
    """Erase both; the rest of the contact stays."""
    table.delete("contacts", _note_key(account_id, number))
    try:
        key = _contact_key(account_id, number)
        table.update("contacts", key, "REMOVE #name", {}, condition="attribute_exists(#name)", names=_NAME)
    except ConditionFailedError:
        return

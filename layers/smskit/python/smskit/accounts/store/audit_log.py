"""The audit log of an account: one item an action, in a partition of its own, kept for `settings.audit_seconds`."""

from __future__ import annotations

from smskit import settings
from smskit.models.audit import Action, Entry
from smskit.platform import table
from smskit.platform.codec import Item


def put(entry: Entry) -> None:
    """Store an entry."""
    table.put("accounts", _item(entry))


def put_op(entry: Entry) -> Item:
    """Storing the entry as one operation of a transaction: the action and its entry, or neither."""
    return table.put_op("accounts", _item(entry))


def put_ops(entry: Entry | None) -> list[Item]:
    """The same, none when there is no entry."""
    return [put_op(entry)] if entry else []


def list_page(account_id: str, limit: int, after: tuple[int, str] | None, now: int) -> tuple[list[Entry], bool]:
    """A page of entries that haven't expired, newest first, behind the one of (time, id); whether there are more."""
    oldest = max(now - settings.audit_seconds() * 1000 + 1, 0)
    if after and after[0] < oldest:
        return [], False  # DynamoDB refuses a page that would begin outside of the range
    values: Item = {":log": _partition(account_id), ":oldest": f"{oldest:013d}"}
    start = {"pk": _partition(account_id), "sk": _sort(*after)} if after else None
    found, more = table.query(
        "accounts", "pk = :log AND sk >= :oldest", values, limit=limit, newest_first=True, after=start
    )
    return [_entry(item) for item in found], more


def _partition(account_id: str) -> str:
    return f"{account_id}#audit"


def _sort(at: int, entry_id: str) -> str:
    return f"{at:013d}#{entry_id}"


def _item(entry: Entry) -> Item:
    return {
        "pk": _partition(entry.account_id),
        "sk": _sort(entry.at, entry.entry_id),
        "entryId": entry.entry_id,
        "accountId": entry.account_id,
        "at": entry.at,
        "personId": entry.person_id,
        "email": entry.email,
        "action": entry.action.value,
        "subject": entry.subject,
        "details": dict(entry.details) or None,
        "ttl": entry.at // 1000 + settings.audit_seconds(),
    }


def _entry(item: Item) -> Entry:
    return Entry(
        item["entryId"], item["accountId"], item["at"], item["personId"], item["email"], Action(item["action"]),
        item["subject"], item.get("details", {}),
    )  # fmt: skip

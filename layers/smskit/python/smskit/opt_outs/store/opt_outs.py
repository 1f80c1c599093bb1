"""Opt-outs: a flag on the contact, and an entry in the audit trail written in the same transaction.

A contact's `optChangedAt` moves on with every change and is the condition of the next one: nobody decides on a state
that is no more, and a number's entries are in the order of its changes whatever the clocks say.
"""

from __future__ import annotations

from collections.abc import Sequence

from smskit.contacts.store import ContactChange
from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.models.opt_out import Effect, OptOut, OptOutState, TrailEntry
from smskit.opt_outs.store.items import trail_entry_of
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.platform.ids import derived_id

INDEX = "by_opt_out"
_GONE = ("optOuts", "optedOutAt", "optOutSource", "optOutReason")


def _key(account_id: str, number: str) -> Item:
    return {"pk": account_id, "sk": f"contact#{number}"}


def unchanged(changed_at: int | None) -> ContactChange:
    """No change, but only if the contact's opt-out is still as it was when it last changed."""
    if changed_at is None:
        return ContactChange("attribute_not_exists(optChangedAt)", {})
    return ContactChange("optChangedAt = :ooSeen", {":ooSeen": changed_at})


def contact_change(entry: TrailEntry, changed_at: int | None) -> ContactChange:
    """The opt-out or opt-in that the entry tells of."""
    same = unchanged(changed_at)
    values: Item = same.values | {":ooFlag": entry.effect is Effect.OPTED_OUT, ":ooAt": entry.at}
    sets = ["optedOut = :ooFlag", "optChangedAt = :ooAt"]
    if entry.effect is not Effect.OPTED_OUT:
        return ContactChange(same.condition, values, tuple(sets), _GONE)
    sets += ["optOuts = :ooAccount", "optedOutAt = :ooAt", "optOutSource = :ooSource"]
    values |= {":ooAccount": entry.account_id, ":ooSource": entry.source}
    if entry.reason is None:
        return ContactChange(same.condition, values, tuple(sets), ("optOutReason",))
    return ContactChange(same.condition, values | {":ooReason": entry.reason}, (*sets, "optOutReason = :ooReason"))


def audit_id(entry: TrailEntry) -> str:
    """The id of an entry: a number changes once in a millisecond."""
    return derived_id("aud", entry.account_id, entry.number, str(entry.at))


def trail_op(entry: TrailEntry) -> Item:
    """The operation that adds the entry to the trail."""
    made = audit_id(entry)
    item: Item = {
        "pk": entry.account_id,
        "sk": f"{_trail(entry.number)}{entry.at:013d}#{made}",
        "direction": "audit",
        "auditId": made,
        "accountId": entry.account_id,
        "number": entry.number,
        "effect": entry.effect.value,
        "at": entry.at,
        "source": entry.source,
        "reason": entry.reason,
    }
    return table.put_op("messages", item, "attribute_not_exists(pk)")


def _trail(number: str) -> str:
    return f"audit#{number}#"


def state(account_id: str, number: str) -> OptOutState:
    """How the contact stands, strongly consistent."""
    item = table.get("contacts", _key(account_id, number))
    if item is None:
        return OptOutState(None, None)
    return OptOutState(_opt_out_of(item) if item.get("optedOut") else None, item.get("optChangedAt"))


def _opt_out_of(item: Item) -> OptOut:
    number = item["sk"].removeprefix("contact#")
    return OptOut(item["pk"], number, item["optedOutAt"], item["optOutSource"], item.get("optOutReason"))


def apply(entry: TrailEntry, changed_at: int | None, also: Sequence[Item] = ()) -> None:
    """Make the change that the entry tells of, with the entry and the operations in `also`. Raises ConditionFailedError
    when another change was first."""
    change = contact_change(entry, changed_at)
    key = _key(entry.account_id, entry.number)
    update = table.update_op("contacts", key, change.expression(), change.values, change.condition)
    try:
        table.transact([update, trail_op(entry), *also])
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None


def list_page(account_id: str, limit: int, after: tuple[int, str] | None) -> tuple[list[OptOut], bool]:
    """A page of the account's opt-outs behind (time, number), and whether there may be more. Eventually consistent."""
    start: Item | None = None
    if after is not None:
        at, number = after
        start = _key(account_id, number) | {"optOuts": account_id, "optedOutAt": at}
    condition, values = "optOuts = :account", {":account": account_id}
    items, more = table.query(
        "contacts", condition, values, limit=limit, index=INDEX, newest_first=True, after=start
    )  # fmt: skip
    return [_opt_out_of(item) for item in items], more


def list_trail(account_id: str, number: str, limit: int, before: int | None) -> tuple[list[TrailEntry], bool]:
    """A page of the number's entries before a time, newest first, and whether there may be more."""
    prefix = _trail(number)
    values = {":account": account_id, ":from": prefix, ":to": f"{prefix}{before:013d}" if before else f"{prefix}:"}
    condition = "pk = :account AND sk BETWEEN :from AND :to"
    items, more = table.query("messages", condition, values, limit=limit, newest_first=True)
    return [trail_entry_of(item) for item in items], more

"""Batches: one item each, which says all but the texts; an index lists those of an account by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.models.batch import Batch
from smskit.platform import table
from smskit.platform.codec import Item

_SORT = "batch"
_PLAIN = {
    "accountId": "account_id",
    "clientId": "client_id",
    "attempt": "attempt",
    "createdAt": "created_at",
    "begins": "begins",
    "expiresAt": "expires_at",
    "refused": "refused",
    "merged": "merged",
    "segments": "segments",
    "priority": "priority",
    "later": "is_later",
    "quiet": "is_quiet",
    "requestHash": "request_hash",
    "cancelledAt": "cancelled_at",
    "ttl": "kept_until",
}
Position = tuple[int, str]


def create(batch: Batch) -> bool:
    """Store a new batch: from here on it is accepted. False when there is one with its id."""
    try:
        table.put("batches", _item(batch), "attribute_not_exists(pk)")
    except ConditionFailedError as refused:
        known = _batch_of(refused.item) if refused.item else None
        # An answer may have been lost: then this meets itself.
        return known is not None and known.attempt == batch.attempt
    return True


def get(batch_id: str) -> Batch | None:
    """The batch, or None."""
    item = table.get("batches", _key(batch_id))
    return _batch_of(item) if item else None


def mark_cancelled(batch: Batch, now: int, also: Sequence[Item]) -> Batch:
    """Note that its messages are to be withdrawn, together with the operations in `also`; once. The batch, as it is.

    Raises ConditionFailedError when it is gone.
    """
    values: Item = {":now": now, ":account": batch.account_id}
    expression, condition = "SET cancelledAt = if_not_exists(cancelledAt, :now)", "accountId = :account"
    if not also:
        return _batch_of(table.update("batches", _key(batch.batch_id), expression, values, condition=condition))
    try:
        table.transact([table.update_op("batches", _key(batch.batch_id), expression, values, condition), *also])
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None
    return replace(batch, cancelled_at=batch.cancelled_at or now)


def list_page(account_id: str, limit: int, since: int, behind: Position | None) -> tuple[list[Batch], bool]:
    """Batches of an account, the newest first, behind a place (time, id); and whether there are more.

    Eventually consistent: one that was just accepted may be missing for a moment.
    """
    if behind is not None and behind[0] < since:
        return [], False  # DynamoDB refuses a place outside of the condition's range
    after = {"accountId": account_id, "createdAt": behind[0]} | _key(behind[1]) if behind else None
    places, more = table.query(
        "batches", "accountId = :account AND createdAt >= :since", {":account": account_id, ":since": since},
        limit=limit, index="by_account", newest_first=True, after=after,
    )  # fmt: skip
    keys = [_key(place["pk"]) for place in places]
    found = {item["pk"]: _batch_of(item) for item in table.get_many("batches", keys, consistent=False)}
    return [found[place["pk"]] for place in places if place["pk"] in found], more


def _key(batch_id: str) -> Item:
    return {"pk": batch_id, "sk": _SORT}


def _item(batch: Batch) -> Item:
    plain = {name: getattr(batch, field) for name, field in _PLAIN.items()}
    return _key(batch.batch_id) | plain | {"rows": _bits(batch.rows)}


def _batch_of(item: Item) -> Batch:
    plain = {field: item[name] for name, field in _PLAIN.items() if name in item}
    return Batch(batch_id=item["pk"], rows=_rows(item["rows"]), **plain)


def _bits(rows: Sequence[int]) -> str:
    """One bit a row, as hexadecimal digits: 250 for a thousand rows."""
    return f"{sum(1 << row for row in rows):x}"


def _rows(bits: str) -> tuple[int, ...]:
    number = int(bits, 16)
    return tuple(row for row in range(number.bit_length()) if number >> row & 1)

"""Usage: one item for an account and six hours, with its figures by quarter of an hour and how far it has counted.

An item knows for each shard of the stream the last record that is in its figures. A shard's records come in order and
their sequence numbers grow, so a record that comes again, in whatever batch, is known by its number.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from smskit.errors import ConditionFailedError, ContentionError
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.platform.ids import encode
from smskit.usage.figures import FIGURES, SLOT_MS, SLOTS_A_BLOCK, Figures

KEPT_SECONDS = 400 * 86_400
MAX_BLOCKS = 400
_RECENT = 20
_TRIES = 6
_LETTERS = dict(zip(FIGURES, "agsdfx", strict=True))
_NAMES = {letter: figure for figure, letter in _LETTERS.items()}
Change = Mapping[tuple[int, str], int]  # by slot and name of the figure


def block_of(slot: int) -> int:
    """The item that holds a slot's figures."""
    return slot // SLOTS_A_BLOCK


def count(account_id: str, block: int, shard: str, changes: Sequence[tuple[int, Change]]) -> None:
    """Add the changes of a shard's records (sequence number, change), in order; each record counts once."""
    seen_name, seen = _seen_name(shard), ""
    for _ in range(_TRIES):
        new = [(number, change) for number, change in changes if _place(number) > seen]
        if not new:
            return
        values: Item = {":last": _place(new[-1][0]), ":ttl": _ttl(block)}
        if seen:
            condition, values[":seen"] = "#seen = :seen", seen
        else:
            condition, values[":first"] = "attribute_not_exists(#seen) OR #seen < :first", _place(new[0][0])
        adds = _adds([change for _, change in new], values)
        expression = f"SET #seen = :last, #ttl = :ttl{adds}"
        names = {"#seen": seen_name, "#ttl": "ttl"}
        try:
            table.update("usage", _key(account_id, block), expression, values, condition=condition, names=names)
        except ConditionFailedError as refused:
            seen = str((refused.item or {}).get(seen_name, ""))
        else:
            return
    raise ContentionError(f"usage of {account_id} changed under every try")


def _adds(changes: Sequence[Change], values: Item) -> str:
    total: Counter[str] = Counter()
    for change in changes:
        for (slot, figure), by in change.items():
            total[f"{_LETTERS[figure]}{slot % SLOTS_A_BLOCK:02d}"] += by
    wanted = {name: by for name, by in sorted(total.items()) if by}
    values |= {f":{name}": by for name, by in wanted.items()}
    return " ADD " + ", ".join(f"{name} :{name}" for name in wanted) if wanted else ""


def read(account_id: str, first_slot: int, last_slot: int) -> dict[int, Figures]:
    """The figures of slots in which there were any. Eventually consistent."""
    values = {
        ":pk": account_id, ":from": f"{block_of(first_slot):06d}", ":to": f"{block_of(last_slot):06d}",
    }  # fmt: skip
    condition = "pk = :pk AND sk BETWEEN :from AND :to"
    items, _ = table.query("usage", condition, values, limit=MAX_BLOCKS, consistent=False)
    found: dict[int, Figures] = {}
    for item in items:
        for name, value in item.items():
            if len(name) == 3 and name[0] in _NAMES and name[1:].isdigit():
                slot = int(item["sk"]) * SLOTS_A_BLOCK + int(name[1:])
                found[slot] = found.get(slot, Figures()) + Figures(**{_NAMES[name[0]]: value})
    return {slot: figures for slot, figures in found.items() if first_slot <= slot <= last_slot}


def has_accepted(account_id: str) -> bool:
    """Whether a message was accepted, as far as figures are kept. Eventually consistent."""
    items, _ = table.query("usage", "pk = :pk", {":pk": account_id}, limit=_RECENT, consistent=False, newest_first=True)
    letter = _LETTERS["accepted"]
    return any(name[0] == letter and name[1:].isdigit() and value > 0 for item in items for name, value in item.items())


def _key(account_id: str, block: int) -> Item:
    return {"pk": account_id, "sk": f"{block:06d}"}


def _ttl(block: int) -> int:
    return (block + 1) * SLOTS_A_BLOCK * SLOT_MS // 1000 + KEPT_SECONDS


def _place(number: int) -> str:
    """A sequence number, of up to 40 digits, as text that compares as the number does; DynamoDB's numbers end at 38."""
    return encode(number, 27)


def _seen_name(shard: str) -> str:
    return f"q{hashlib.sha256(shard.encode()).hexdigest()[:10]}"

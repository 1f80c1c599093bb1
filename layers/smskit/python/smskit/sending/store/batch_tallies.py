"""What state each message of a batch is in, as the stream told it: an item for 25 rows.

Each row keeps the number of the record that told it. A record that comes again, or behind a later one of its message,
changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from smskit.errors import ConditionFailedError, ContentionError
from smskit.models.job import JobStatus
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.platform.ids import encode

ROWS = 25  # their states and numbers fit one write unit
_MOST = 60
_TRIES = 6
_DIGITS = 27  # of a sequence number, of up to 40 decimal digits, in base 32: as text it compares as the number does
_LETTERS = dict(zip(JobStatus, "cpasdfxw", strict=True))
_STATES = {letter: status for status, letter in _LETTERS.items()}
Told = tuple[int, JobStatus]


def group_of(row: int) -> int:
    """The item that holds a row's state."""
    return row // ROWS


def tell(batch_id: str, group: int, told: Mapping[int, Told], ttl: int | None) -> None:
    """Note the states of rows of one item by the records (sequence number, state) that told them."""
    new = {_name(row): encode(number, _DIGITS) + _LETTERS[status] for row, (number, status) in told.items()}
    for _ in range(_TRIES):
        if not new:
            return
        values: Item = {f":{name}": value for name, value in new.items()} | {":ttl": ttl or 0}
        sets = ", ".join(f"{name} = :{name}" for name in new)
        condition = " AND ".join(f"(attribute_not_exists({name}) OR {name} < :{name})" for name in new)
        try:
            table.update(
                "batches", _key(batch_id, group), f"SET {sets}, #ttl = :ttl", values, condition=condition,
                names={"#ttl": "ttl"},
            )  # fmt: skip
        except ConditionFailedError as refused:
            seen = refused.item or {}
            new = {name: value for name, value in new.items() if str(seen.get(name, "")) < value}
        else:
            return
    raise ContentionError(f"the tally of {batch_id} changed under every try")


def read(batch_id: str) -> dict[int, JobStatus]:
    """The states of the rows of which the stream told anything. Eventually consistent."""
    values = {":pk": batch_id, ":tally": "tally#"}
    items, _ = table.query("batches", "pk = :pk AND begins_with(sk, :tally)", values, limit=_MOST, consistent=False)
    found: dict[int, JobStatus] = {}
    for item in items:
        first = int(str(item["sk"]).removeprefix("tally#")) * ROWS
        for name, value in item.items():
            if name[0] == "r" and name[1:].isdigit():
                found[first + int(name[1:])] = _STATES[value[-1]]
    return found


def _key(batch_id: str, group: int) -> Item:
    return {"pk": batch_id, "sk": f"tally#{group:02d}"}


def _name(row: int) -> str:
    return f"r{row % ROWS:02d}"

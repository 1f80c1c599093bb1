"""What a batch is made of until its messages are made, in pieces; and what was said of its rows.

Each piece has a partition of its own: the texts of a thousand long messages are more than one partition takes at once.
What all messages of a piece have in common is written once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from smskit.dispatch.store.job_items import job_item, job_of
from smskit.models.batch import Merged, Refused, Why
from smskit.models.job import Job
from smskit.platform import table
from smskit.platform.codec import Item

_PIECE, _SAID = "piece", "said"


def put(batch_id: str, attempt: str, pieces: Sequence[Sequence[Job]], said: tuple[Sequence[Refused], Sequence[Merged]],
        ttl: int | None) -> None:  # fmt: skip
    """Store the messages of a batch that isn't accepted yet, and what is said of the other rows."""
    items = [
        _key(batch_id, attempt, number) | _packed([job_item(job) for job in piece]) | {"ttl": ttl}
        for number, piece in enumerate(pieces)
    ]
    if said[0] or said[1]:
        items.append(_said_key(batch_id, attempt) | _said_item(*said) | {"ttl": ttl})
    table.put_many("batches", items)


def get(batch_id: str, attempt: str, number: int) -> list[Job]:
    """The messages of a piece; none once it has been forgotten."""
    item = table.get("batches", _key(batch_id, attempt, number))
    return [job_of(item["common"] | row) for row in item["rows"]] if item else []


def said(batch_id: str, attempt: str) -> tuple[list[Refused], list[Merged]]:
    """What was said of the rows that became no messages."""
    item = table.get("batches", _said_key(batch_id, attempt)) or {"refused": [], "merged": []}
    refused = [Refused(row["r"], Why(row["w"]), row["f"], row["d"]) for row in item["refused"]]
    return refused, [Merged(row["r"], row["i"]) for row in item["merged"]]


def forget(batch_id: str, attempt: str, number: int) -> None:
    """Remove a piece whose messages are made."""
    table.delete("batches", _key(batch_id, attempt, number))


def forget_all(batch_id: str, attempt: str, pieces: int) -> None:
    """Remove what a request left that was not accepted."""
    keys = [_key(batch_id, attempt, number) for number in range(pieces)]
    table.delete_many("batches", [*keys, _said_key(batch_id, attempt)])


def _key(batch_id: str, attempt: str, number: int) -> Item:
    return {"pk": f"{batch_id}#{attempt}#{number}", "sk": _PIECE}


def _said_key(batch_id: str, attempt: str) -> Item:
    return {"pk": f"{batch_id}#{attempt}", "sk": _SAID}


def _packed(items: Sequence[Mapping[str, object]]) -> Item:
    first = items[0]
    common = {name: value for name, value in first.items() if all(item.get(name) == value for item in items)}
    rows = [{name: value for name, value in item.items() if name not in common} for item in items]
    return {"common": common, "rows": rows}


def _said_item(refused: Sequence[Refused], merged: Sequence[Merged]) -> Item:
    return {
        "refused": [{"r": each.row, "w": each.why.value, "f": each.field, "d": each.detail} for each in refused],
        "merged": [{"r": each.row, "i": each.into} for each in merged],
    }

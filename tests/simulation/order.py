"""The order in which the account's pool empties: how late an entry was taken, and whether a better one stood there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from smskit.store.codec import decode
from tests.simulation.capacity import Capacity
from tests.simulation.dynamodb import Tables
from tests.simulation.handlers import current
from tests.support.dynamodb.keys import schema_of
from tests.support.dynamodb.ranges import key_range
from tests.support.dynamodb.tables import Place


class WatchedTables(Tables):
    """Notes when each entry of the account's pool was taken.

    An inversion: a lane took an entry although its own look had shown one of higher priority that still stood. A
    dispatcher, which looks for a lane for one particular job, can make none.
    """

    def __init__(self, capacity: Capacity, hold: Callable[[], None], scope: str, now: Callable[[], float]) -> None:
        super().__init__(capacity, hold)
        self._scope, self._now = scope, now
        self.taken: list[tuple[float, str]] = []
        self.inversions = 0

    def query(self, **arguments: Any) -> dict[str, Any]:
        answer = super().query(**arguments)
        invocation = current()
        if invocation is not None and arguments["TableName"] == "pool":
            wanted = key_range(arguments, schema_of("pool"))
            if wanted.partition == self._scope:
                goes_on = wanted.low is not None or "ExclusiveStartKey" in arguments
                before = invocation.seen if goes_on else set()
                invocation.seen = before | {decode(item["sk"]) for item in answer.get("Items", [])}
        return answer

    def store(self, table: str, place: Place, row: dict[str, Any]) -> None:
        """Every change goes through here: one that takes an entry out is noted."""
        if table == "pool" and not row and place[0] == self._scope and place in self.tables["pool"]:
            self._note(place[1])
        super().store(table, place, row)

    def _note(self, order: str) -> None:
        self.taken.append((self._now(), order))
        invocation = current()
        if invocation is None or order not in invocation.seen or invocation.kind == "dispatcher":
            return
        invocation.seen.discard(order)
        better = [one for one in invocation.seen if one[:2] < order[:2]]
        self.inversions += any((self._scope, one) in self.tables["pool"] for one in better)


def lateness(taken: Iterable[tuple[float, str]], backlog: Iterable[str], end: float) -> list[float]:
    """Seconds by which each entry of a backlog of one priority was taken behind strict order.

    Strict order takes the n-th entry when the n-th one was taken at all. An entry that still waits at the end though
    its moment has come is as late as it is by then.
    """
    rank = {order: number for number, order in enumerate(sorted(backlog))}
    times = [(at, rank.pop(order)) for at, order in taken if order in rank]
    due = [at for at, _ in times]
    late = [max(0.0, at - due[number]) for at, number in times if number < len(due)]
    late += [end - due[number] for number in rank.values() if number < len(due)]
    return [ms / 1000 for ms in late]


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share of them doesn't exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

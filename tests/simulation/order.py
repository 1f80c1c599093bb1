"""The order in which the account's pool empties: how late an entry was taken, and whether a better one stood there."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from smskit.platform.codec import decode
from tests.simulation.capacity import Capacity
from tests.simulation.dynamodb import Tables
from tests.simulation.handlers import current
from tests.support.dynamodb.keys import schema_of
from tests.support.dynamodb.ranges import key_range
from tests.support.dynamodb.tables import Place


class Move(Enum):
    """How an entry changes. REMOVED: by somebody who wasn't looking for what goes next, but for this very job."""

    PUT = "put"
    TAKEN = "taken"
    REMOVED = "removed"


Change = tuple[float, str, Move]
"""When, and which entry: its place in the order (the sort key)."""


class WatchedTables(Tables):
    """Notes when each entry of the account's pool was put in and taken.

    An inversion: a lane took an entry although its own look had shown one of higher priority that still stood. A
    dispatcher, which looks for a lane for one particular job, can make none.
    """

    def __init__(self, capacity: Capacity, hold: Callable[[], None], scope: str, now: Callable[[], float]) -> None:
        super().__init__(capacity, hold)
        self._scope, self._now = scope, now
        self.changes: list[Change] = []
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
        """Every change goes through here."""
        if table == "pool" and place[0] == self._scope and bool(row) != (place in self.tables["pool"]):
            move = Move.PUT if row else self._taken(place[1])
            self.changes.append((self._now(), place[1], move))
        super().store(table, place, row)

    def _taken(self, order: str) -> Move:
        invocation = current()
        if invocation is None or order not in invocation.seen or invocation.kind == "dispatcher":
            return Move.REMOVED
        invocation.seen.discard(order)
        better = [one for one in invocation.seen if one[:2] < order[:2]]
        self.inversions += any((self._scope, one) in self.tables["pool"] for one in better)
        return Move.TAKEN


def lateness(changes: Iterable[Change], end: float) -> list[float]:
    """Seconds by which each entry was taken behind strict order.

    Whenever an entry is taken, strict order takes the best that it has; when one comes back that it has still, the best
    that it took too early comes back to it. An entry that strict order took and that still waits at the end is as late
    as it is by then.
    """
    waiting, strict = set[str](), set[str]()  # in the pool, and in that of strict order: always as many
    heap: list[str] = []
    due: dict[str, float] = {}  # when strict order took what still waits
    late: list[float] = []
    for at, order, change in changes:
        if change is Move.PUT:
            waiting.add(order)
            back = min(due) if order in strict else order
            due.pop(back, None)
            strict.add(back)
            heapq.heappush(heap, back)
            continue
        waiting.discard(order)
        if change is Move.TAKEN:
            late.append(at - due.get(order, at))
        elif order in strict:
            strict.discard(order)
            continue
        due.pop(order, None)
        best = heapq.heappop(heap)
        while best not in strict:  # it left by another way
            best = heapq.heappop(heap)
        strict.discard(best)
        if best in waiting:
            due[best] = at
    return [ms / 1000 for ms in late + [end - at for at in due.values()]]


def percentile(values: Iterable[float], share: float) -> float:
    """The value that this share of them doesn't exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0

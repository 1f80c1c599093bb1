"""A table in memory: its rows in a dictionary, and its partitions and indexes as sorted lists beside it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any

from infra.config.table_specs import TableSpec
from tests.support.dynamodb.ranges import KeyRange

Item = dict[str, Any]
Place = tuple[str, str]  # pk and sk; "" for the sk of a table without
Spot = tuple[Any, str, str]  # the sort key of the table or the index, then the place


class Table(dict[Place, Item]):
    """Rows in plain values by place, always in order for queries, however they were put in."""

    def __init__(self, spec: TableSpec) -> None:
        super().__init__()
        self.spec = spec
        self.previous: dict[Place, Item] = {}  # as it was before the last write, {} for what wasn't there
        self._partitions: defaultdict[tuple[str, str], list[Spot]] = defaultdict(list)
        self._keys = [("pk", "sk" if spec.has_sort_key else "")] + [(index.pk, index.sk) for index in spec.indexes]

    def __setitem__(self, place: Place, row: Item) -> None:
        old = self.get(place)
        super().__setitem__(place, row)
        self._move(place, old, row)

    def __delitem__(self, place: Place) -> None:
        old = self[place]
        super().__delitem__(place)
        self._move(place, old, None)

    def _move(self, place: Place, old: Item | None, new: Item | None) -> None:
        for partition, sort in self._keys:
            before, after = self._spot(place, old, partition, sort), self._spot(place, new, partition, sort)
            if before == after:
                continue
            if before is not None:
                found = self._partitions[before[0]]
                del found[bisect_left(found, before[1])]
            if after is not None:
                insort(self._partitions[after[0]], after[1])

    def _spot(self, place: Place, row: Item | None, partition: str, sort: str) -> tuple[tuple[str, str], Spot] | None:
        """Where a row stands in the table or the index; None where it has no place."""
        if row is None or partition not in row or (sort and sort not in row):
            return None
        return (partition, row[partition]), (row[sort] if sort else "", *place)

    def within(self, wanted: KeyRange, forward: bool, start: Spot | None) -> Iterator[Item]:
        """The rows of a range in order, or backwards, from behind `start` on."""
        spots = self._partitions.get((wanted.partition_name, wanted.partition), [])
        low, high = _bounds(spots, wanted)
        if start is not None and forward:
            low = max(low, bisect_right(spots, start))
        elif start is not None:
            high = min(high, bisect_left(spots, start))
        order = range(low, high) if forward else range(high - 1, low - 1, -1)
        return (self[spots[number][1:]] for number in order)

    def stale_within(self, wanted: KeyRange, forward: bool, start: Spot | None, stale: set[Place]) -> Iterator[Item]:
        """As `within`, where the rows at `stale` are as they were before their last write."""
        partition, sort = wanted.partition_name, wanted.sort_name
        rows = {**self, **{place: self.previous[place] for place in stale if place in self.previous}}
        spots = [(self._spot(place, row, partition, sort), row) for place, row in rows.items() if row]
        found = [(spot[1], row) for spot, row in spots if spot and spot[0][1] == wanted.partition]
        found = [(spot, row) for spot, row in found if not sort or wanted.covers(spot[0])]
        found.sort(key=lambda entry: entry[0], reverse=not forward)
        return (row for spot, row in found if start is None or (spot > start if forward else spot < start))


def _bounds(spots: list[Spot], wanted: KeyRange) -> tuple[int, int]:
    if wanted.prefix is not None:
        low = bisect_left(spots, wanted.prefix, key=_sort)
        return low, low + sum(1 for _ in _while_prefix(spots, low, wanted.prefix))
    low, high = 0, len(spots)
    if wanted.low is not None:
        low = (bisect_left if wanted.includes_low else bisect_right)(spots, wanted.low, key=_sort)
    if wanted.high is not None:
        high = (bisect_right if wanted.includes_high else bisect_left)(spots, wanted.high, key=_sort)
    return low, high


def _sort(spot: Spot) -> Any:
    return spot[0]


def _while_prefix(spots: list[Spot], low: int, prefix: str) -> Iterator[Spot]:
    for spot in islice(spots, low, None):
        if not spot[0].startswith(prefix):
            return
        yield spot

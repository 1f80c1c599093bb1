"""What requests cost, and what a partition key gives: 1,000 write and 3,000 read units a second, in tables and indexes.

Units as AWS documents them: 1 KB a write, 4 KB a read, half if it may be old, double in transactions; a refused write
pays too, a cancelled transaction pays for its prepare; an index that an item enters or leaves pays one, two where it
moves. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/capacity-mode.html
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any

from infra.config.table_specs import TABLES
from tests.simulation.clock import Clock
from tests.support.dynamodb.values import item_bytes
from tests.support.memory import typed

RATE = {"w": 1_000.0, "r": 3_000.0}
BURST_SECONDS = 1.0  # AWS documents up to 300, as best effort
Item = dict[str, Any]
Place = tuple[str, str]
"""A table, or `table/index`, and a partition key."""

_INDEXES = {spec.name: spec.indexes for spec in TABLES}


def write_units(*versions: Item) -> int:
    """What a write costs that meets or leaves these versions of an item."""
    return max(1, math.ceil(max(item_bytes(typed(row)) for row in versions) / 1024))


def read_units(size: int, consistent: bool) -> float:
    """What a read of so many bytes costs."""
    return max(1, math.ceil(size / 4096)) * (1.0 if consistent else 0.5)


def places_of(table: str, item: Item) -> Iterator[Place]:
    """The partition keys that a write of the item may touch: its own, and those of its places in indexes."""
    yield table, item["pk"]
    for index in _INDEXES[table]:
        if index.pk in item:
            yield f"{table}/{index.name}", item[index.pk]


def index_writes(table: str, old: Item, new: Item) -> Iterator[Place]:
    """The places in indexes that the change leaves or enters, or writes anew because they hold more than keys."""
    for index in _INDEXES[table]:
        before, after = ([one[index.pk], one[index.sk]] if index.pk in one else [] for one in (old, new))
        if before == after and (index.projection == "KEYS_ONLY" or old == new):
            continue
        for place in (before, after) if before != after else (after,):
            if place:
                yield f"{table}/{index.name}", place[0]


class Capacity:
    """A bucket for each place, refilled at its rate. Who meets an empty one is throttled; the last one overdraws it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._levels: dict[tuple[str, Place], tuple[float, float]] = {}
        self.enforced = True
        self.units = {"w": 0.0, "r": 0.0}
        self.throttled: Counter[str] = Counter()  # by "w" or "r", and table or index

    def is_empty(self, kind: str, place: Place) -> bool:
        """Whether a request here is throttled now."""
        if not self.enforced or self._level(kind, place) > 0:
            return False
        self.throttled[f"{kind} {place[0]}"] += 1
        return True

    def charge(self, kind: str, place: Place, units: float) -> None:
        """Pay."""
        if self.enforced:
            self.units[kind] += units
            self._levels[(kind, place)] = self._level(kind, place) - units, self._clock.now

    def _level(self, kind: str, place: Place) -> float:
        most = RATE[kind] * BURST_SECONDS
        level, since = self._levels.get((kind, place), (most, self._clock.now))
        return min(most, level + RATE[kind] * (self._clock.now - since) / 1000)

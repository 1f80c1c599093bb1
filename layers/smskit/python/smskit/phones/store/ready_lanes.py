"""The ready lanes of an account: one query of one page, in which each lane of the best class comes first equally often.

An urgent job may also go to a busy lane, which has a credit more for it and no marker that says so: where no lane is
free, some that are online are looked at. Whichever of the others has room looks into the pool with its next report.

The markers of a fleet form a ring. A process remembers where the lanes of the best class stood when it last read them,
and begins at one of these; a random point instead would favour whatever stands behind a wide gap. A new process first
goes once around, page by page. Where all of a large fleet has only its reserve left, a burst of urgent jobs begins at
random points: those that stand first have one credit each.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from smskit.caches import kept
from smskit.models.lane import LaneKey
from smskit.phones.store.lane_items import online_partition
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.platform.times import hour_of, now_ms

PAGE = 25  # as many as one read unit holds
_FIRST, _END = "ready#", "ready#~"
_ONLINE = "online#"
_BEST, _BEST_END = "ready#a#", "ready#a#~"
_REMEMBERED = 1_000
BEST = "a"
ORDINARY = "as"  # the classes that take any job, the best first
FREE = "au"  # have a credit left; where one of them is there, busy ones aren't looked at
BUSY, FAILING = "b", "f"  # may have room for an urgent job
RESERVE = "u"
PREFERRED = "p"  # the SIM that the contact knows, whatever its state
URGENT = "aubsvf"  # an urgent job goes rather to a busy phone than to one that left an offer unanswered
_MOST_BUSY = 5  # so many of them are tried


@dataclass(slots=True)
class Ring:
    """Sort keys of the best class, in order; whole once a page has reached the end."""

    keys: list[str] = field(default_factory=list)
    is_whole: bool = False

    def choose(self) -> tuple[str | None, str]:
        """The lane to begin at, and where its page starts: so early that all but one of a page are known to follow."""
        if not self.keys:
            return None, _FIRST
        if not self.is_whole:
            return self.keys[-1], self.keys[-1]
        turn = random.randrange(len(self.keys))
        first = min(turn, len(self.keys) - PAGE + 1)
        return self.keys[turn], self.keys[first] if first > 0 else _FIRST

    def learn(self, start: str, seen: list[str], end: str) -> None:
        """Put in place what a page showed: `start` and `end` are the first and the last key that it covers."""
        before, after = self.keys[: bisect_left(self.keys, start)], self.keys[bisect_right(self.keys, end) :]
        self.is_whole = end > _BEST_END or (self.is_whole and end <= (self.keys[-1] if self.keys else ""))
        self.keys = before + seen + after


_rings: OrderedDict[str, Ring] = kept(OrderedDict())


def ready(account_id: str, urgent: bool, may: Callable[[LaneKey], bool] = lambda _: True) -> list[tuple[str, LaneKey]]:
    """Ready lanes with their class, the best class first and begun at a random one of it; a page of them at most.

    Strongly consistent. Lanes that take only urgent jobs are left out unless `urgent`. Class `b`: lanes that may have
    room for one; they are looked at only where none is free. Class `f`: the same, but the last jobs came to nothing.
    `may`: whether the job at hand may go to a lane at all.
    """
    ring = _ring(account_id)
    begin, start = ring.choose()
    items = _page(account_id, ring, start)
    if start != _FIRST and not _is_any_best(account_id, items, may):
        items = _page(account_id, ring, _FIRST)  # those that stood there have gone; there may be others before
    if urgent and len(items) == PAGE and not _is_any_best(account_id, items, may):
        begin, items = None, [item for item in items if _class_of(item) != RESERVE] + _reserves(account_id, may)
    classes = URGENT if urgent else ORDINARY
    usable = [item for item in items if _class_of(item) in classes and may(_lane_of(account_id, item))]
    if urgent and not any(_class_of(item) in FREE for item in usable):
        known = {_lane_of(account_id, item) for item in usable}
        usable += _online(account_id, lambda key: key not in known and may(key))
    if not usable:
        return []
    place = _place(begin or random.choice(usable)["sk"])
    usable.sort(key=lambda item: (URGENT.index(_class_of(item)), _place(item["sk"]) < place, item["sk"]))
    return [(_class_of(item), _lane_of(account_id, item)) for item in usable]


def busy(account_id: str, may: Callable[[LaneKey], bool]) -> list[tuple[str, LaneKey]]:
    """Some of the lanes that may have room for an urgent job although no marker says so, with their class."""
    return [(_class_of(item), _lane_of(account_id, item)) for item in _online(account_id, may)]


def _online(account_id: str, may: Callable[[LaneKey], bool]) -> list[Item]:
    """Some other lanes that are online and may have room, from a random point on, and the first ones where few stand
    behind that; such as fail what they are given come last."""
    seen: dict[str, Item] = {}
    sound: list[Item] = []
    for items in _from_anywhere(online_partition(account_id), _ONLINE):
        seen |= {item["sk"]: item for item in items if _may_have_room(item) and may(_lane_of(account_id, item))}
        sound = [item for item in seen.values() if _class_of(item) == BUSY]
        if len(sound) >= _MOST_BUSY:
            break
    failing = [item for item in seen.values() if _class_of(item) == FAILING]
    return [*sound, *failing][:_MOST_BUSY]


def _reserves(account_id: str, may: Callable[[LaneKey], bool]) -> list[Item]:
    """Some of the lanes that have a credit left for an urgent job, but only the reserve of their hour."""
    seen: dict[str, Item] = {}
    for items in _from_anywhere(account_id, f"{_FIRST}{RESERVE}#"):
        seen |= {item["sk"]: item for item in items if may(_lane_of(account_id, item))}
        if len(seen) >= PAGE:
            break
    return list(seen.values())[:PAGE]


def _from_anywhere(partition: str, prefix: str) -> Iterator[list[Item]]:
    """The markers behind a random point, and the first ones in case few stand behind it."""
    for start in (f"{prefix}{random.randrange(16**8):08x}", prefix):
        condition, values = "pk = :pk AND sk BETWEEN :from AND :to", {":pk": partition, ":from": start}
        items, _ = table.query("devices", condition, values | {":to": f"{prefix}~"}, limit=PAGE)
        yield items


def _may_have_room(online: Item) -> bool:
    return "isOut" not in online and online.get("emptyIn") != hour_of(now_ms())


def _ring(account_id: str) -> Ring:
    ring = _rings.setdefault(account_id, Ring())
    _rings.move_to_end(account_id)
    if len(_rings) > _REMEMBERED:
        _rings.popitem(last=False)
    return ring


def _page(account_id: str, ring: Ring, start: str) -> list[Item]:
    condition, values = "pk = :pk AND sk BETWEEN :from AND :to", {":pk": account_id, ":from": start, ":to": _END}
    items, more = table.query("devices", condition, values, limit=PAGE)
    ring.learn(start, [item["sk"] for item in items if _is_best(item)], items[-1]["sk"] if more else _END)
    return items


def _is_best(marker: Item) -> bool:
    return str(marker["sk"]).startswith(_BEST)


def _is_any_best(account_id: str, items: list[Item], may: Callable[[LaneKey], bool]) -> bool:
    return any(_is_best(item) and may(_lane_of(account_id, item)) for item in items)


def _lane_of(account_id: str, marker: Item) -> LaneKey:
    return LaneKey(account_id, marker["deviceId"], marker["simSlot"])


def _class_of(marker: Item) -> str:
    kind, name, *_ = str(marker["sk"]).split("#")
    if kind == "online":
        return FAILING if "isFailing" in marker else BUSY
    return name


def _place(sort_key: str) -> str:
    return "#".join(sort_key.split("#")[-3:])

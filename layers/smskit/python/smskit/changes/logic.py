"""Whether an account has changed since a page looked last, for one small read.

What happens is noted only while somebody looks, and at most every two seconds: whoever looks in the seconds behind a
noted change is told to look again each time, so what wasn't noted in between is seen as well. And each value changes
with time, so that what nobody notes, or a note that was lost, is seen soon after.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from enum import StrEnum

from smskit.caches import kept
from smskit.changes import store
from smskit.changes.store import Watch
from smskit.webhooks.store import watched


class Area(StrEnum):
    """A part of what an account has, as pages show it."""

    MESSAGES = "messages"
    INBOX = "inbox"
    PHONES = "phones"
    WEBHOOKS = "webhooks"
    ACCOUNT = "account"


WATCHED_MS = 300_000  # an open page asks far more often
TOLD_EVERY_MS = 2_000
FRESH_MS = 5_000  # longer than TOLD_EVERY_MS, an index's lag, and what clocks differ by
AT_THE_LATEST_MS = dict.fromkeys(Area, 30_000) | {Area.WEBHOOKS: 10_000}  # no stream tells of these
_REMEMBERED = 5_000
_told_at: OrderedDict[tuple[str, Area], int] = kept(OrderedDict())
_OF_EVENTS = {"sms": Area.MESSAGES, "contact": Area.INBOX, "device": Area.PHONES, "sim": Area.PHONES}


def look(account_id: str, now: int, unnoted_ms: int = 0) -> dict[Area, str]:
    """A value for each area, which is another one once something there may have changed. What nobody notes may go
    unseen for `unnoted_ms`, if that is longer than usual. One read; now and then the watch is written, which tells
    others that somebody looks."""
    seen = store.get(account_id)
    if seen is None or seen.until < now:
        seen = Watch(now, now + WATCHED_MS, {})
        watched.note(account_id, seen.until)  # first: a watch that the fan-out doesn't know of would be told nothing
        store.begin(account_id, seen.since, seen.until)
    elif seen.until < now + WATCHED_MS // 2:
        watched.note(account_id, now + WATCHED_MS)
        store.go_on(account_id, seen.since, now + WATCHED_MS)
    return {area: _value(seen, area, now, max(unnoted_ms, AT_THE_LATEST_MS[area])) for area in Area}


def _value(seen: Watch, area: Area, now: int, at_the_latest_ms: int) -> str:
    """What changed before the watch is new to who begins to look."""
    at = max(seen.since, seen.changed_at.get(area, 0))
    moment = now if now - at < FRESH_MS else now // at_the_latest_ms
    return f"{at:x}-{moment:x}"


def tell(account_id: str, areas: Collection[Area], watched_until: int, now: int) -> None:
    """Note what has changed, if somebody looks; what this process has noted a moment ago is not noted again."""
    due = [area for area in areas if now - _told_at.get((account_id, area), 0) >= TOLD_EVERY_MS]
    if watched_until <= now or not due or not store.tell(account_id, due, now):
        return
    for area in due:
        _told_at[account_id, area] = now
        _told_at.move_to_end((account_id, area))
    while len(_told_at) > _REMEMBERED:
        _told_at.popitem(last=False)


def tell_all(account_id: str, area: Area, now: int) -> None:
    """Note what a person has changed: the others who look shall see it."""
    store.tell(account_id, [area], now)


def area_of(event: str) -> Area:
    """What an event of webhooks changes."""
    return Area.INBOX if event == "sms:received" else _OF_EVENTS[event.partition(":")[0]]

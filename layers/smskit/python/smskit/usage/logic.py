"""Usage: what a change of a job adds to the figures, and the figures by day in the account's time zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from smskit.models.job import Job, JobStatus
from smskit.platform.zones import zone
from smskit.usage import store as usage_store
from smskit.usage.figures import SLOT_MS, Figures

MAX_DAYS = 92
_MARGIN = 8  # slots, two hours: where the clock changes at midnight, a day may begin or end beside its midnight


@dataclass(frozen=True, slots=True)
class JobChange:
    """A job before and after a change; `number` is the record's place in its shard."""

    number: int
    old: Job | None
    new: Job | None


def shows(job: Job | None) -> Counter[tuple[int, str]]:
    """What a job counts as, in its present state: figures by the slot in which each happened.

    The figures of a change are those after it less those before it, so all changes of a job add up to its last state,
    also where a guess is corrected.
    """
    counted: Counter[tuple[int, str]] = Counter()
    if job is None:
        return counted
    counted[_slot(job.created_at), "accepted"] += 1
    counted[_slot(job.created_at), "segments"] += job.segments
    sent_at = job.sent_at or job.delivered_at
    if sent_at is not None:
        counted[_slot(sent_at), "sent"] += 1
    if job.delivered_at is not None:
        counted[_slot(job.delivered_at), "delivered"] += 1
    if job.failed_at is not None and job.status in (JobStatus.FAILED, JobStatus.DEAD_LETTER):
        counted[_slot(job.failed_at), "failed" if job.status is JobStatus.FAILED else "dead"] += 1
    return counted


def count(shard: str, changes: Iterable[JobChange]) -> dict[int, Exception]:
    """Count changes of one shard, in order. The records that could not be counted, by number, with the reason.

    Each record counts once, however often and in whatever company it comes.
    """
    by_item: dict[tuple[str, int], list[tuple[int, Counter[tuple[int, str]]]]] = {}
    for change in sorted(changes, key=lambda change: change.number):
        job = change.new or change.old
        if job is None:
            continue
        difference = shows(change.new)
        difference.subtract(shows(change.old))
        for block in sorted({usage_store.block_of(slot) for (slot, _), by in difference.items() if by}):
            own = Counter({key: by for key, by in difference.items() if usage_store.block_of(key[0]) == block})
            by_item.setdefault((job.account_id, block), []).append((change.number, own))
    failed: dict[int, Exception] = {}
    for (account_id, block), counted in by_item.items():
        try:
            usage_store.count(account_id, block, shard, counted)
        except Exception as error:
            failed[counted[0][0]] = error
    return failed


def by_day(account_id: str, first: date, last: date, zone_name: str) -> list[tuple[date, Figures]]:
    """The figures of each day from `first` to `last`, in this time zone; at most 92 days."""
    tz = zone(zone_name)
    begins = _slot(_ms(datetime.combine(first, time(), tz))) - _MARGIN
    ends = _slot(_ms(datetime.combine(last + timedelta(days=1), time(), tz)) - 1) + _MARGIN
    days = {first + timedelta(days=number): Figures() for number in range((last - first).days + 1)}
    for slot, figures in usage_store.read(account_id, begins, ends).items():
        day = datetime.fromtimestamp(slot * SLOT_MS / 1000, tz).date()
        if day in days:
            days[day] += figures
    return list(days.items())


def by_hour(account_id: str, day: date, zone_name: str, now: int) -> list[tuple[int, Figures]]:
    """The figures of each hour of a day in this time zone by when it begins, ms; none of hours to come."""
    tz = zone(zone_name)
    begins = _slot(_ms(datetime.combine(day, time(), tz))) - _MARGIN
    ends = _slot(_ms(datetime.combine(day + timedelta(days=1), time(), tz)) - 1) + _MARGIN
    found = usage_store.read(account_id, begins, ends)
    hours: dict[int, Figures] = {}
    for slot in range(begins, min(ends, _slot(now)) + 1):
        moment = datetime.fromtimestamp(slot * SLOT_MS / 1000, tz)
        if moment.date() == day:
            begin = slot * SLOT_MS - moment.minute * 60_000
            hours[begin] = hours.get(begin, Figures()) + found.get(slot, Figures())
    return list(hours.items())


def today(zone_name: str, now: int) -> date:
    """The date in this time zone."""
    return datetime.fromtimestamp(now / 1000, zone(zone_name)).date()


def _slot(ms: int) -> int:
    return ms // SLOT_MS


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)

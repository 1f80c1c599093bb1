"""Which of the jobs that wait a lane takes next.

Of a pool's entries a lane takes the highest priority first, always. Among equal ones it takes the oldest while it is
alone, and chooses among more of the first as far as others take them from under its hands: `Lane.spread`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import merge
from itertools import chain, groupby, islice

from smskit.dispatch.logic import expiry, offers
from smskit.dispatch.store import jobs, pool
from smskit.dispatch.store.pool import Entry
from smskit.models.job import Job, Rank
from smskit.models.lane import Lane

MOST_ENDED = 5  # so many overdue jobs a look ends; the janitor is at the others
_NOWHERE = ""  # the scope of a newcomer, which has no entry yet


@dataclass(frozen=True, slots=True)
class Pick:
    """A job that the lane takes, and the scope of the entry by which it takes it."""

    job: Job
    scope: str

    def is_removed(self) -> bool | None:
        """Take the job out of the pool, as `pool.take` does; a newcomer isn't there."""
        return self.scope == _NOWHERE or pool.take(self.scope, self.job)


def pick(
    lane: Lane, most: int, now: int, tries: offers.Tries, newcomers: Mapping[str, Job]
) -> tuple[Lane, list[Pick], bool]:
    """The lane with the jobs held that it takes next, in the order of the pool; marked when its budget is too short.

    `newcomers`, jobs by id that aren't in the pool, stand in line with what is.

    And whether so many overdue jobs stood before them that some were left to the janitor, and what is behind unseen.
    """
    urgent_only = lane.room < 1 or lane.bulk_left < 1
    seen = pool.entries(lane.key, urgent_only, max(pool.PAGE, lane.spread))
    waiting = _spread(merge(seen, _entries(newcomers), key=lambda entry: entry.order), lane.spread)
    picks: list[Pick] = []
    is_short, overdue = False, 0
    while len(picks) < most:
        chunk, too_long, waiting = _fitting(waiting, lane, most - len(picks))
        is_short = is_short or too_long
        if not chunk:
            break
        found = {**newcomers, **jobs.get_many([entry.job_id for entry in chunk if entry.scope])}
        for entry in chunk:
            job = found.get(entry.job_id)
            if job is None or pool.order_of(job) != entry.order:
                _strike_out(entry)
            elif job.rank == Rank.PENDING and job.expires_at <= now:
                overdue += 1
                if overdue <= MOST_ENDED:
                    expiry.expire(job.job_id, now)
            elif _takeable(job, lane, now) and job.job_id not in lane.held:
                if lane.fits(job.segments, job.is_urgent):
                    lane = lane.take(job.job_id, tries.new_hold(job, now))
                    picks.append(Pick(job, entry.scope))
                else:
                    is_short = is_short or lane.budget(job.is_urgent) < job.segments
    if is_short and lane.wake < lane.hour:
        lane = replace(lane, wake=lane.hour)
    return lane, picks, len(picks) < most and overdue > MOST_ENDED


def _entries(newcomers: Mapping[str, Job]) -> list[Entry]:
    """What the newcomers will stand in line by."""
    ordered = sorted(newcomers.values(), key=pool.order_of)
    return [Entry(_NOWHERE, pool.order_of(job), job.job_id, job.segments) for job in ordered]


def _spread(entries: Iterator[Entry], spread: int) -> Iterator[Entry]:
    """The entries by priority; the first `spread` of each in an order of this look's own."""
    for _, same in groupby(entries, key=lambda entry: entry.priority):
        group = iter(same)
        front = list(islice(group, spread))
        random.shuffle(front)
        yield from chain(front, group)


def _fitting(waiting: Iterator[Entry], lane: Lane, most: int) -> tuple[list[Entry], bool, Iterator[Entry]]:
    """The next entries for which the lane has room, each by itself; whether one was left out because it is too long for
    its budget; and what comes behind them.

    One that there is too little budget for behind another isn't left out: the lane may not take that one.
    What comes behind an entry for which there is no room at all is no more urgent, so nothing more is read.
    """
    fitting: list[Entry] = []
    too_long = False
    for entry in waiting:
        if not lane.fits(1, entry.is_urgent):
            return fitting, too_long, chain([entry], waiting)  # there is room for it if one before it isn't taken
        if lane.fits(entry.segments, entry.is_urgent):
            lane = replace(lane, credits=lane.room - 1)
            fitting.append(entry)
            if len(fitting) == most:
                break
        else:
            too_long = True
    return fitting, too_long, waiting


def _strike_out(entry: Entry) -> None:
    """The entry is of a job that was taken back, and perhaps made anew under its key."""
    if entry.scope != _NOWHERE:
        pool.remove_entry(entry)


def _takeable(job: Job, lane: Lane, now: int) -> bool:
    """An Assigned job may be Pending again, so its entry stays; that of a job which can't be is removed here."""
    if job.rank != Rank.PENDING:
        if job.rank > Rank.ASSIGNED:
            pool.withdraw(job)
        return False
    return not job.avoids(lane.key.device_id, lane.key.sim_slot, now)

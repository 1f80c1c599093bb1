"""Changing a lane, and filling the credits that the change frees from the lane's pools.

A lane publishes that it is ready and then looks in its pools once more; a job publishes that it waits and then looks
for a ready lane once more. Both sides read what the other wrote, so neither waits unseen.

Of a pool's entries a lane takes the highest priority first, always. Among equal ones it takes the oldest while it is
alone, and chooses among more of the first as far as others take them from under its hands: `Lane.spread`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, groupby, islice

from smskit.dispatch.logic import connections, expiry, offers, timers
from smskit.dispatch.store import jobs, pool
from smskit.dispatch.store.pool import Entry
from smskit.errors import ConditionFailedError
from smskit.models.job import Job, Rank
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import lanes
from smskit.platform.patience import Patience
from smskit.platform.retries import until_written
from smskit.platform.times import now_ms

Change = Callable[[Lane], Lane]
MOST_ENDED = 5  # so many overdue jobs a look ends; the janitor is at the others
MISSES = 2  # so often a look may lose to others; then it leaves the rest to a timer


@dataclass(frozen=True, slots=True)
class Pick:
    """A job that the lane takes, and the scope of the entry by which it takes it."""

    job: Job
    scope: str


@dataclass(frozen=True, slots=True)
class Missed:
    """Holds (id → token) of jobs that a lane didn't get: those that another one took first, and those of which nobody
    knows."""

    lost: dict[str, str]
    unknown: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.lost or self.unknown)


def change_and_fill(
    key: LaneKey, change: Change, now: int, *, known: Lane | None = None, look: bool = False
) -> Lane | None:
    """Apply `change` to the lane and give it as many waiting jobs as it has room for.

    `known` saves a read when the caller has just seen the lane. `look` looks in the pools although nothing freed room:
    a run may have died behind the write that did, or given back the credit of an urgent job.
    The lane as it is afterwards, None when there is none.
    """
    current, patience, misses, is_told = known or lanes.get(key), Patience(), 0, False
    tries = offers.Tries()
    while current is not None:
        wanted = change(current).at(now)
        picks: list[Pick] = []
        is_cut = False
        is_due = is_told or wanted.readiness > current.readiness or look
        if wanted.readiness and is_due and misses < MISSES:
            wanted, picks, is_cut = _pick(wanted, 1 if misses else wanted.room + 1, now, tries)
            if picks and not misses:
                wanted = wanted.after_look(lost=False)
        try:
            saved = hold(current, wanted, [pick.job for pick in picks], now, tries)
        except ConditionFailedError:
            patience.wait(f"lane {key.device_id}#{key.sim_slot} changed under every try")
            current = lanes.get(key)
            continue
        if misses == MISSES or is_cut:
            timers.set_fill(key)  # behind the write: it must not look before the lane can take what it sees
        if misses == MISSES:
            return saved
        was_told, missed = take(saved, picks, now)
        if not was_told:
            return lanes.get(key)
        if not missed and saved.readiness <= current.readiness:
            return saved  # it was as ready before, so whoever published meanwhile has seen that
        # What was published between the look and this write found the lane as it was: also an urgent job, at credit 0.
        is_told = saved.readiness > current.readiness
        current, look, tries = saved, True, offers.Tries()
        misses, change = (misses + 1, partial(_released, missed)) if missed else (misses, unchanged)
    return None


def change_and_fill_later(key: LaneKey, change: Change, now: int) -> None:
    """Apply `change`, and let a timer fill the lane: its pools are too busy to be looked at now."""

    def write(current: Lane | None) -> Lane | None:
        return hold(current, change(current).at(now), [], now, offers.Tries()) if current is not None else None

    reason = f"lane {key.device_id}#{key.sim_slot} changed under every try"
    if until_written(partial(lanes.get, key), write, reason) is not None:
        timers.set_fill(key)


def was_waited_for(lane: Lane, now: int) -> bool:
    """Whether the end of its hour or its rest has come that something in its pools may wait for. What it is given
    before it looks there is younger, or less urgent."""
    turned = lane.at(now)
    return turned.readiness > lane.readiness or (turned.hour > lane.hour and lane.wake >= lane.hour)


def woken(lane: Lane, now: int) -> Lane | None:
    """The lane, filled with what waits for such an end, if it has come: this may be faster than the timer."""
    if not was_waited_for(lane, now):
        return lane
    return change_and_fill(lane.key, unchanged, now, known=lane, look=True)


def unchanged(lane: Lane) -> Lane:
    """The change of who only looks for work."""
    return lane


def hold(current: Lane, wanted: Lane, taken: Sequence[Job], now: int, tries: offers.Tries) -> Lane:
    """Write the change of a lane and the jobs that it holds with it, behind the timers of their offers."""
    wanted = with_wake(current, wanted, now)
    timers.watch_rest(current, wanted, now)
    if taken:
        tries.arm(wanted.key, taken, wanted.held)
    return lanes.save(current, wanted) if wanted != current else current


def take(lane: Lane, picks: Sequence[Pick], now: int) -> tuple[bool, Missed]:
    """Take the jobs that the lane holds out of the pool, and offer them to its phone.

    Whether the phone could be told; and what the lane didn't get. Behind the time to claim nothing is taken out: the
    timer of the offer, which would look after it, may have come and gone.
    """
    mine: list[Job] = []
    missed = Missed({}, {})
    for pick in picks:
        job_id, hold = pick.job.job_id, lane.held[pick.job.job_id]
        is_mine = pool.take(pick.scope, pick.job) if now_ms() <= hold.claim_by else None
        if is_mine:
            mine.append(pick.job)
        else:
            (missed.unknown if is_mine is None else missed.lost)[job_id] = hold.token
    if mine and not offers.send(lane, mine):
        connections.return_offers(lane.key, missed.lost | missed.unknown, {}, now)
        connections.offers_undeliverable(lane, mine, now)
        return False, Missed({}, {})
    return True, missed


def drop(key: LaneKey, missed: Missed, now: int) -> None:
    """Let go of jobs that a lane didn't get, and fill it with others."""
    change_and_fill(key, partial(_released, missed), now, look=True)


def _released(missed: Missed, lane: Lane) -> Lane:
    for job_id, token in (missed.lost | missed.unknown).items():
        if lane.holds(job_id, token):
            lane = lane.lose(job_id) if job_id in missed.lost else lane.release(job_id, refund=True)
    return lane.after_look(lost=True)


def with_wake(current: Lane, wanted: Lane, now: int) -> Lane:
    """A lane short of budget gets one timer for the end of the hour."""
    if wanted.wake == current.wake and wanted.is_online and wanted.bulk_left < 1 and wanted.wake < wanted.hour:
        wanted = replace(wanted, wake=wanted.hour)
    if wanted.wake > current.wake:
        timers.set_wake(wanted, now)
    return wanted


def _pick(lane: Lane, most: int, now: int, tries: offers.Tries) -> tuple[Lane, list[Pick], bool]:
    """The lane with the jobs held that it takes next, in the order of the pool; marked when its budget is too short.

    And whether so many overdue jobs stood before them that some were left to the janitor, and what is behind unseen.
    """
    urgent_only = lane.room < 1 or lane.bulk_left < 1
    seen = pool.entries(lane.key, urgent_only, max(pool.PAGE, lane.spread))
    waiting = _spread(seen, lane.spread)
    picks: list[Pick] = []
    is_short, overdue = False, 0
    while len(picks) < most:
        chunk, too_long, waiting = _fitting(waiting, lane, most - len(picks))
        is_short = is_short or too_long
        if not chunk:
            break
        found = jobs.get_many([entry.job_id for entry in chunk])
        for entry in chunk:
            job = found.get(entry.job_id)
            if job is None or pool.order_of(job) != entry.order:
                pool.remove_entry(entry)  # of a job that was taken back, and perhaps made anew under its key
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


def _spread(entries: Iterator[Entry], spread: int) -> Iterator[Entry]:
    """The entries by priority; the first `spread` of each in an order of this look's own."""
    for _, same in groupby(entries, key=lambda entry: entry.priority):
        group = iter(same)
        front = list(islice(group, spread))
        random.shuffle(front)
        yield from chain(front, group)


def _fitting(waiting: Iterator[Entry], lane: Lane, most: int) -> tuple[list[Entry], bool, Iterator[Entry]]:
    """The next entries that the lane has room for all together; whether one was left out because it is too long for its
    budget; and what comes behind them.

    What comes behind an entry for which there is no room at all is no more urgent, so nothing more is read.
    """
    fitting: list[Entry] = []
    too_long = False
    for entry in waiting:
        if not lane.fits(1, entry.is_urgent):
            return fitting, too_long, chain([entry], waiting)  # there is room for it if one before it isn't taken
        if lane.fits(entry.segments, entry.is_urgent):
            lane = replace(lane, credits=lane.room - 1, left=lane.left - entry.segments)
            fitting.append(entry)
            if len(fitting) == most:
                break
        else:
            too_long = True
    return fitting, too_long, waiting


def _takeable(job: Job, lane: Lane, now: int) -> bool:
    """An Assigned job may be Pending again, so its entry stays; that of a job which can't be is removed here."""
    if job.rank != Rank.PENDING:
        if job.rank > Rank.ASSIGNED:
            pool.withdraw(job)
        return False
    return not job.avoids(lane.key.device_id, lane.key.sim_slot, now)

"""Changing a lane, and filling the credits that the change frees from the lane's pools.

A lane publishes that it is ready and then looks in its pools once more; a job publishes that it waits and then looks
for a ready lane once more. Both sides read what the other wrote, so neither waits unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from smskit.errors import ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.logic import expiry, offers, phones, timers
from smskit.models.job import Job, Rank
from smskit.models.lane import Lane, LaneKey
from smskit.models.times import hour_of
from smskit.store import jobs, lanes, pool

Change = Callable[[Lane], Lane]
TRIES = 24
LOOK_AHEAD = 8
_CLASSES = {None: 0, "u": 1, "s": 2, "a": 2}


def settle(key: LaneKey, change: Change, now: int, *, known: Lane | None = None, look: bool = False) -> Lane | None:
    """Apply `change` to the lane and give it as many waiting jobs as it has room for.

    `known` saves a read when the caller has just seen the lane; `look` looks in the pools although nothing freed room.
    The lane as it is afterwards, None when there is none.
    """
    current = known or lanes.get(key)
    lost: set[str] = set()
    for _ in range(TRIES):
        if current is None:
            return None
        wanted = change(current).in_hour(hour_of(now))
        flips = _CLASSES[wanted.ready_class] > _CLASSES[current.ready_class]
        picks: list[Job] = []
        if wanted.ready_class and (flips or look):
            wanted, picks = _pick(wanted, lost, now)
        try:
            saved, sent = _save(current, wanted, picks, now)
        except TransactionRefusedError as refused:
            lost |= _lost(picks, refused)
            continue
        except ConditionFailedError:
            current = lanes.get(key)
            continue
        if not sent:
            return phones.lost_offers(saved, picks, now)
        if not flips and not picks:
            return saved
        current, look = saved, True
        change = _same
    raise ContentionError(f"lane {key.device_id}#{key.sim_slot} changed under {TRIES} tries")


def _same(lane: Lane) -> Lane:
    return lane


def _save(current: Lane, wanted: Lane, picks: Sequence[Job], now: int) -> tuple[Lane, bool]:
    """Write the change and the jobs taken with it, as one; and send the offers."""
    wanted = with_wake(current, wanted, now)
    if not picks:
        return (lanes.save(current, wanted) if wanted != current else current), True
    holds = offers.new_holds(picks, now)
    offers.arm(wanted.key, holds)
    for job_id, hold in holds.items():
        wanted = wanted.take(job_id, hold)
    saved = lanes.save(current, wanted, pool.remove_ops(picks))
    return saved, offers.send(saved, picks)


def with_wake(current: Lane, wanted: Lane, now: int) -> Lane:
    """A lane short of budget gets one timer for the end of the hour."""
    if wanted.wake == current.wake and wanted.is_online and wanted.bulk_left < 1 and wanted.wake < wanted.hour:
        wanted = replace(wanted, wake=wanted.hour)
    if wanted.wake > current.wake:
        timers.set_wake(wanted, now)
    return wanted


def _pick(lane: Lane, lost: set[str], now: int) -> tuple[Lane, list[Job]]:
    """The jobs that the lane takes next, in the order of the pool; and the lane, marked when its budget is short."""
    entries = pool.head(lane.key, lane.bulk_left < 1, lane.credits + LOOK_AHEAD)
    picks: list[Job] = []
    trial, short, index = lane, False, 0
    while index < len(entries) and trial.credits > 0 and pool_ops(picks) < 80:
        chunk = [entry for entry in entries[index : index + trial.credits] if entry.job_id not in lost]
        index += trial.credits
        found = jobs.get_many([entry.job_id for entry in chunk])
        for entry in chunk:
            job = found.get(entry.job_id)
            if job is None:
                pool.remove_entry(entry)
            elif _takeable(job, lane, now) and job.job_id not in trial.held:
                if trial.fits(job.segments, job.is_urgent):
                    trial = trial.take(job.job_id, offers.new_holds([job], now)[job.job_id])
                    picks.append(job)
                else:
                    short = short or trial.budget(job.is_urgent) < job.segments
    if short and lane.wake < lane.hour:
        lane = replace(lane, wake=lane.hour)
    return lane, picks


def pool_ops(picks: Sequence[Job]) -> int:
    """Operations that taking these jobs out of the pool needs; a transaction holds 100."""
    return sum(2 * len(job.targets) if job.targets else 1 for job in picks)


def _takeable(job: Job, lane: Lane, now: int) -> bool:
    if job.rank != Rank.PENDING:
        pool.withdraw(job)
        return False
    if job.expires_at <= now:
        expiry.expire(job.job_id, now)
        return False
    return not job.avoids(lane.key.device_id, lane.key.sim_slot, now)


def _lost(picks: Sequence[Job], refused: TransactionRefusedError) -> set[str]:
    """Those of the picks that another lane took first."""
    lost: set[str] = set()
    position = 0
    for job in picks:
        size = len(pool.scopes(job))
        if any(reason != "None" for reason in refused.reasons[position : position + size]):
            lost.add(job.job_id)
        position += size
    return lost

"""Changing a lane, and filling the credits that the change frees from the lane's pools.

A lane publishes that it is ready and then looks in its pools once more; a job publishes that it waits and then looks
for a ready lane once more. Both sides read what the other wrote, so neither waits unseen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from smskit.dispatch.logic import connections, offers, timers
from smskit.dispatch.logic.lane_picks import Pick, pick
from smskit.errors import ConditionFailedError
from smskit.models.job import Job
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import lanes
from smskit.platform.patience import Patience
from smskit.platform.retries import until_written
from smskit.platform.times import now_ms

Change = Callable[[Lane], Lane]
MISSES = 2  # so often a look may lose to others; then it leaves the rest to a timer


@dataclass(frozen=True, slots=True)
class Missed:
    """Holds (id → token) of jobs that a lane didn't get: those that another one took first, and those of which nobody
    knows."""

    lost: dict[str, str]
    unknown: dict[str, str]

    def __bool__(self) -> bool:
        return bool(self.lost or self.unknown)


def change_and_fill(
    key: LaneKey, change: Change, now: int, *, known: Lane | None = None, look: bool = False,
    newcomers: dict[str, Job] | None = None,
) -> Lane | None:  # fmt: skip
    """Apply `change` to the lane and give it as many waiting jobs as it has room for.

    `known` saves a read when the caller has just seen the lane. `look` looks in the pools although nothing freed room:
    a run may have died behind the write that did, or given back the credit of an urgent job.
    `newcomers`: jobs by id that aren't in the pool and stand in line with those that are; what it is given of them is
    taken out.
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
            wanted, picks, is_cut = pick(wanted, 1 if misses else wanted.room + 1, now, tries, newcomers or {})
            if picks and not misses:
                wanted = wanted.after_look(lost=False)
        try:
            saved = hold(current, wanted, [each.job for each in picks], now, tries)
        except ConditionFailedError:
            patience.wait(f"lane {key.device_id}#{key.sim_slot} changed under every try")
            current = lanes.get(key)
            continue
        if misses == MISSES or is_cut:
            timers.set_fill(key)  # behind the write: it must not look before the lane can take what it sees
        if misses == MISSES:
            return saved
        was_told, missed = take(saved, picks, now)
        _strike_off(newcomers or {}, picks, missed)
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


def woken(lane: Lane, now: int, newcomers: dict[str, Job] | None = None) -> Lane | None:
    """The lane, filled with what waits for such an end, if it has come: this may be faster than the timer."""
    if not was_waited_for(lane, now):
        return lane
    return change_and_fill(lane.key, unchanged, now, known=lane, look=True, newcomers=newcomers)


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
    for each in picks:
        job_id, hold = each.job.job_id, lane.held[each.job.job_id]
        is_mine = each.is_removed() if now_ms() <= hold.claim_by else None
        if is_mine:
            mine.append(each.job)
        else:
            (missed.unknown if is_mine is None else missed.lost)[job_id] = hold.token
    if mine and not offers.send(lane, mine):
        connections.return_offers(lane.key, missed.lost | missed.unknown, {}, now)
        connections.offers_undeliverable(lane, mine, now)
        return False, missed
    return True, missed


def drop(key: LaneKey, missed: Missed, now: int) -> None:
    """Let go of jobs that a lane didn't get, and fill it with others."""
    change_and_fill(key, partial(_released, missed), now, look=True)


def _released(missed: Missed, lane: Lane) -> Lane:
    for job_id, token in (missed.lost | missed.unknown).items():
        if lane.holds(job_id, token):
            lane = lane.lose(job_id) if job_id in missed.lost else lane.release(job_id, refund=True)
    return lane.after_look(lost=True)


def _strike_off(newcomers: dict[str, Job], picks: Sequence[Pick], missed: Missed) -> None:
    """Take out those that the lane took, if only to give them back to the pool."""
    for each in picks:
        if each.job.job_id not in missed.unknown:
            newcomers.pop(each.job.job_id, None)


def with_wake(current: Lane, wanted: Lane, now: int) -> Lane:
    """A lane short of budget gets one timer for the end of the hour."""
    if wanted.wake == current.wake and wanted.is_online and wanted.bulk_left < 1 and wanted.wake < wanted.hour:
        wanted = replace(wanted, wake=wanted.hour)
    if wanted.wake > current.wake:
        timers.set_wake(wanted, now)
    return wanted

"""Jobs that wait in the pool, and the lane that is found for one of them."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace

from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.logic import expiry, filling, offers, phones, timers
from smskit.models.job import Job, JobError
from smskit.models.lane import Lane, LaneKey
from smskit.models.times import hour_of
from smskit.store import lanes, pool, ready_lanes


def publish(jobs: Sequence[Job], now: int) -> None:
    """Put jobs into the pool, with a timer at the deadline of those that end soon."""
    timers.watch_deadlines(jobs, now)
    pool.publish(jobs)


def candidates(job: Job) -> list[tuple[str, LaneKey]]:
    """Lanes that look ready for the job, with their class: the preferred one first, then the best class."""
    if not job.targets:
        found = ready_lanes.ready(job.account_id, job.is_urgent)
        return _preferred_first(job, found)
    worst = "u" if job.is_urgent else "s"
    found = [
        (lane.ready_class, lane.key)
        for target in random.sample(job.targets, len(job.targets))
        for lane in lanes.of_device(job.account_id, target.device_id)
        if target.sim_slot in (None, lane.key.sim_slot) and lane.ready_class and lane.ready_class <= worst
    ]
    return sorted(found, key=lambda entry: entry[0])


def _preferred_first(job: Job, found: list[tuple[str, LaneKey]]) -> list[tuple[str, LaneKey]]:
    if job.preferred is None or job.preferred.sim_slot is None:
        return found
    owner = LaneKey(job.account_id, job.preferred.device_id, job.preferred.sim_slot)
    return [("a", owner)] + [entry for entry in found if entry[1] != owner]


def end_if_refused(job: Job, now: int, seen: dict[str, list[Lane]]) -> bool:
    """End a Pending job of which every lane that it names is one that people don't want used; True when it is ended.

    `seen`: lanes by phone, as read before; what is read is added.
    """
    for target in job.targets:
        if target.device_id not in seen:
            seen[target.device_id] = lanes.of_device(job.account_id, target.device_id)
    named = named_lanes(job, seen)
    reasons = {lane.refusal for lane in named}
    if not named or None in reasons:
        return False
    code = next(code for code in reversed(expiry.REFUSED) if code in reasons)
    return expiry.give_up(job, JobError(code, expiry.REFUSED[code]), now) is not None


def named_lanes(job: Job, seen: Mapping[str, Sequence[Lane]]) -> list[Lane]:
    """The lanes that a targeted job may go to, whatever their state."""
    return [
        lane
        for target in job.targets
        for lane in seen.get(target.device_id, ())
        if target.sim_slot in (None, lane.key.sim_slot)
    ]


def match(job: Job, now: int, exclude: LaneKey | None = None) -> bool:
    """Offer a job of the pool to a ready lane; True when it is offered or no longer waits.

    A job that names only lanes which people don't want used ends here: it may have been published after they were.
    """
    found = candidates(job)
    if job.targets and not found and end_if_refused(job, now, {}):
        return True
    for _, key in found:
        if key == exclude or job.avoids(key.device_id, key.sim_slot, now):
            continue
        taken = _take_from_pool(job, key, now)
        if taken is not None:
            return taken
    return False


def _take_from_pool(job: Job, key: LaneKey, now: int) -> bool | None:
    """Move the job from the pool to the lane: True when it was moved or is gone, None when the lane has no room."""
    for _ in range(3):
        lane = lanes.get(key)
        if lane is None:
            return None
        wanted = lane.in_hour(hour_of(now))
        if not wanted.fits(job.segments, job.is_urgent):
            _wake_if_short(wanted, job, now)
            return None
        holds = offers.new_holds([job], now)
        offers.arm(key, holds)
        try:
            taken = filling.with_wake(lane, wanted.take(job.job_id, holds[job.job_id]), now)
            saved = lanes.save(lane, taken, pool.remove_ops([job]))
        except TransactionRefusedError:
            return True
        except ConditionFailedError:
            continue
        if not offers.send(saved, [job]):
            phones.lost_offers(saved, [job], now)
        return True
    return None


def _wake_if_short(lane: Lane, job: Job, now: int) -> None:
    if lane.ready_class and lane.wake < lane.hour and lane.budget(job.is_urgent) < job.segments:
        filling.settle(lane.key, lambda current: replace(current, wake=max(current.wake, current.hour)), now)

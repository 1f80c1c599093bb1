"""What happens when a timer comes back: jobs without a lane, hours that ended, deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import assert_never

from smskit.dispatch.logic import due_offers, expiry, janitor, lane_filling, matching, phone_changes, schedules, timers
from smskit.dispatch.store import jobs
from smskit.models.job import Rank
from smskit.models.lane import MAX_STRIKES, Lane, LaneKey
from smskit.models.timer import JobsTimer, LaneTimer, OffersTimer, PhoneTimer, TimerKind
from smskit.phones.store import lanes
from smskit.platform.times import hour_of

AGAIN_S = 60
EARLY_MS = 4_000  # set_fill looks again behind it


def handle(timer: OffersTimer | JobsTimer | LaneTimer | PhoneTimer, now: int) -> None:
    """Act on one timer. An earlier run may have died at any step of it."""
    match timer:
        case OffersTimer():
            due_offers.handle(timer, now)
        case JobsTimer():
            _look_after_jobs(timer, now)
        case LaneTimer():
            _look_after_lane(timer, now)
        case PhoneTimer():
            _look_after_phone(timer, now)
        case _:
            assert_never(timer)


def _look_after_jobs(timer: JobsTimer, now: int) -> None:
    match timer.kind:
        case TimerKind.MATCH:
            matching.match_pending(list(jobs.get_many(timer.job_ids).values()), now)
        case TimerKind.DUE:
            schedules.release(timer.job_ids, now)
        case TimerKind.EXPIRE:
            _expire(timer.job_ids[0], now)
        case TimerKind.END:
            janitor.end_unplaced(timer.job_ids[0], timer.since, now)
        case TimerKind.STRAY:
            _stray(timer.job_ids, timer.since, now)
        case _:
            assert_never(timer.kind)


def _look_after_lane(timer: LaneTimer, now: int) -> None:
    match timer.kind:
        case TimerKind.FILL:
            _fill(timer.lane, now)
        case TimerKind.WAKE:
            _wake(timer.lane, timer.hour, now)
        case _:
            assert_never(timer.kind)


def _look_after_phone(timer: PhoneTimer, now: int) -> None:
    if timer.scope is None:
        phone_changes.follow(timer.account_id, timer.device_id, now)
    else:
        phone_changes.end_refused(timer.account_id, timer.device_id, timer.scope, timer.after, now)


def _stray(job_ids: Sequence[str], since: int, now: int) -> None:
    """Jobs that a lane lost to others, whose timers look after them: each offer ends in a line of the timeline, if not
    in a claim. One that has no line since then is in nobody's hands."""
    found = jobs.get_many(job_ids).values()
    left = [job for job in found if job.rank == Rank.PENDING and not any(entry.at >= since for entry in job.timeline)]
    matching.publish(left, now)
    matching.match_pending(left, now)


def _expire(job_id: str, now: int) -> None:
    job = jobs.get(job_id)
    if job is None or job.rank > Rank.ASSIGNED:
        return
    if job.expires_at > now:
        timers.watch_deadlines([job], now)
    elif job.rank == Rank.ASSIGNED:
        timers.set_expiry(job_id, AGAIN_S)  # its phone may be about to give it back
    else:
        expiry.expire(job_id, now)


def _fill(key: LaneKey, now: int) -> None:
    """A timer may come a little before the rest is over that it was set for: clocks differ."""
    lane = lane_filling.change_and_fill(key, _once_more, now, look=True)
    if lane is not None and 0 < lane.rests_until - now <= EARLY_MS:
        timers.set_fill(key)


def _once_more(lane: Lane) -> Lane:
    """A phone that left everything unanswered may have been told nothing, and have nothing to say of itself."""
    return replace(lane, strikes=MAX_STRIKES - 1) if lane.strikes >= MAX_STRIKES else lane


def _wake(key: LaneKey, hour: int, now: int) -> None:
    """A phone that is away now may be back before the hour ends, so the wait goes on."""
    lane = lanes.get(key)
    if lane is None:
        return
    if hour_of(now) <= hour:
        timers.set_wake(lane, now)
    elif lane.is_online:
        lane_filling.change_and_fill(key, lane_filling.unchanged, now, known=lane, look=True)

"""The timers that look after what may be forgotten. Each is set before the step that it guards."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import assert_never

from smskit import settings
from smskit.dispatch.store import deadlines
from smskit.models.job import Job
from smskit.models.lane import Lane, LaneKey
from smskit.models.timer import JobsTimer, LaneTimer, Timer, TimerKind, message_of, queue_of
from smskit.platform import timer_queue

WAKE_SPREAD_S = 30
PROBE_S = 60
STRAY_S = 60  # each offer of a job leaves its trace within ten


def is_lasting(kind: TimerKind) -> bool:
    """Whether what it looks after doesn't end with the jobs that it names: a lane's credits, a phone, an erasure, a
    batch; or those may not end with it, since they are only to be queued."""
    match kind:
        case TimerKind.EARLY | TimerKind.OFFER | TimerKind.REPORT | TimerKind.WAKE | TimerKind.FILL:
            return True
        case TimerKind.PHONE | TimerKind.ERASE | TimerKind.DUE | TimerKind.BATCH | TimerKind.WITHDRAW:
            return True
        case TimerKind.MATCH | TimerKind.EXPIRE | TimerKind.END | TimerKind.STRAY:
            return False
        case _:
            assert_never(kind)


def set_timer(timer: Timer, delay_seconds: int) -> None:
    """A timer that comes back after the delay, at most 15 minutes."""
    timer_queue.set_timer(message_of(timer), delay_seconds, queue_of(timer.kind))


def set_due(wanted: Sequence[tuple[tuple[str, ...], int]]) -> None:
    """Queue Scheduled jobs, those of one timer together, after their delays; several timers a request."""
    messages = [(message_of(JobsTimer(TimerKind.DUE, job_ids)), delay) for job_ids, delay in wanted]
    timer_queue.set_timers(messages, queue_of(TimerKind.DUE))


def set_wake(lane: Lane, now: int) -> None:
    """Look at a lane short of budget when its hour ends, or in 15 minutes if that is sooner.

    All lanes' hours end together: spread over half a minute, a thousand of them look as many do at any time.
    """
    left_ms = (lane.hour + 1) * 3_600_000 - now
    set_timer(LaneTimer(TimerKind.WAKE, lane.key, lane.hour), left_ms // 1000 + random.randint(1, WAKE_SPREAD_S))


def set_fill(key: LaneKey) -> None:
    """Look for work for a lane that lost to others, when they have gone their ways."""
    set_timer(LaneTimer(TimerKind.FILL, key), random.randint(1, 4))


def set_probe(key: LaneKey) -> None:
    """Look for work once more for a lane whose phone leaves unanswered what it is offered."""
    set_timer(LaneTimer(TimerKind.FILL, key), PROBE_S)


def watch_rest(before: Lane, after: Lane, now: int) -> None:
    """Look for work for a lane that is about to begin a rest, when that is over."""
    if after.rests_until > before.rests_until:
        left = (after.rests_until - now) // 1000 + 1
        set_timer(LaneTimer(TimerKind.FILL, after.key), min(left, timer_queue.MAX_DELAY_SECONDS))


def set_match(jobs: Sequence[Job], delay_seconds: int) -> None:
    """Look for a lane for jobs of the pool after the delay."""
    if jobs:
        set_timer(JobsTimer(TimerKind.MATCH, tuple(job.job_id for job in jobs)), delay_seconds)


def set_again(timer: Timer) -> int:
    """Set a timer again that could not be handled, in 15 minutes; how many times that has been done by now."""
    again = timer._replace(dead_lettered=timer.dead_lettered + 1)
    set_timer(again, timer_queue.MAX_DELAY_SECONDS)
    return again.dead_lettered


def set_stray(jobs: Sequence[Job], now: int) -> None:
    """See, after a minute, that jobs which were left to other lanes have come on since."""
    if jobs:
        set_timer(JobsTimer(TimerKind.STRAY, tuple(job.job_id for job in jobs), since=now), STRAY_S)


def set_expiry(job_id: str, delay_seconds: int) -> None:
    """End the job after the delay if its deadline has passed by then."""
    set_timer(JobsTimer(TimerKind.EXPIRE, (job_id,)), delay_seconds)


def set_end(job_id: str, now: int) -> None:
    """End a job that is in nobody's hands, once every offer of it that may stand has been claimed or taken back."""
    set_timer(JobsTimer(TimerKind.END, (job_id,), since=now), 2 * settings.timeouts().offer_timer)


def watch_deadlines(jobs: Iterable[Job], now: int) -> None:
    """See to the end of jobs that are about to be put into the pool.

    Short-lived ones end on time by a timer of their own; the janitor ends the rest within about a minute.
    """
    long_lived = []
    for job in jobs:
        left = (job.expires_at - now) // 1000 + 1
        if left <= timer_queue.MAX_DELAY_SECONDS:
            set_expiry(job.job_id, left)
        else:
            long_lived.append(job)
    deadlines.watch(long_lived)

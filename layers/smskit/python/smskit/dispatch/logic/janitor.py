"""Once a minute: phones that fell silent, jobs whose deadline has passed; and what landed in a dead-letter queue."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import assert_never

from smskit.dispatch.logic import claims, connections, expiry, timers
from smskit.dispatch.store import deadlines, jobs, pool
from smskit.errors import ContentionError
from smskit.models.device import silent_before
from smskit.models.job import Job, JobError, Rank
from smskit.models.timer import BatchTimer, EraseTimer, JobsTimer, LaneTimer, OffersTimer, PhoneTimer, Timer, TimerKind
from smskit.phones.store import devices, lanes
from smskit.platform import side_by_side
from smskit.platform.times import now_ms

PAGE = 100
MOST_RUNS = 5  # the first one, which isn't counted, and four that were
DISPATCH_ERROR = JobError("dispatch-error", "The job could not be dispatched, after several tries")


def sweep(now: int, deadline: int) -> tuple[int, int]:
    """Take silent phones offline and end overdue jobs, until done or `deadline`; how many of each.

    The phones have half of the time, and what fails with one of them is raised behind the jobs: neither a fleet that
    falls silent at once nor a phone that can't be posted to holds up a job's end.
    """
    try:
        offline = _silent_phones(now, (now + deadline) // 2)
    finally:
        ended = _overdue_jobs(now, deadline)
    return offline, ended


def _silent_phones(now: int, deadline: int) -> int:
    count = 0
    for shard in range(devices.HEARTBEAT_SHARDS):
        if now_ms() >= deadline:
            break
        silent = devices.silent_since(shard, silent_before(now), PAGE)
        count += sum(side_by_side.run(lambda phone: now_ms() < deadline and _give_up(*phone, now), silent))
    return count


def _give_up(account_id: str, device_id: str, now: int) -> bool:
    """Take a silent phone offline. One that speaks while its lanes go offline has them back."""
    device = devices.get(account_id, device_id)
    connection_id = (device.connection_id or device.silent_on) if device is not None else None
    if device is None or connection_id is None:
        return False
    with suppress(ContentionError):  # the next sweep finds it again, and this one goes on
        if connections.give_up(account_id, device_id, connection_id, now):
            return True
        spoken = devices.get(account_id, device_id)
        if spoken is not None and spoken.connection_id == connection_id:
            caller = claims.Caller(account_id, device_id, connection_id, spoken.connected_at)
            for lane in lanes.of_device(account_id, device_id):
                claims.record_activity(lane, caller, {}, now_ms())
    return False


def _overdue_jobs(now: int, deadline: int) -> int:
    count = 0
    for shard in range(deadlines.SHARDS):
        due = deadlines.due(shard, now, PAGE)
        while due and now_ms() < deadline:
            count += _end([job_id for entry in due for job_id in entry.job_ids], now)
            deadlines.forget(due)
            due = deadlines.due(shard, now, PAGE) if len(due) == PAGE else []
    return count


def _end(job_ids: Sequence[str], now: int) -> int:
    """End those of the jobs that still wait, side by side. One that comes back to the pool later is noted again."""
    found = jobs.get_many(job_ids, consistent=False)
    waiting = [job_id for job_id, job in found.items() if job.rank == Rank.PENDING]
    return sum(side_by_side.run(lambda job_id: expiry.expire(job_id, now) is not None, waiting))


def jobs_of_timer(timer: Timer) -> list[str]:
    """The jobs that a timer names, and that end with it: those that were only to be queued are not given up."""
    match timer:
        case OffersTimer():
            return [job_id for job_id, _ in timer.offers]
        case JobsTimer(kind=TimerKind.DUE):
            return []
        case JobsTimer():
            return list(timer.job_ids)
        case LaneTimer() | PhoneTimer() | EraseTimer() | BatchTimer():
            return []
        case _:
            assert_never(timer)


def has_run_too_often(job_id: str) -> bool:
    """Count a further run for the job's message; True when it had five before.

    What failed is a run, and not a receive: where Lambda has no concurrency left, messages are received and given back
    unseen, as often as that lasts.
    """
    return jobs.count_run(job_id) >= MOST_RUNS


def give_up(job_id: str, now: int) -> bool:
    """Let go of a message that has run too often; False where its job waits in the pool, and only needs a lane.

    One of its runs may have come as far as an offer, or a lane have taken the job from the pool a moment ago: so the
    job ends by a timer, behind that of any offer.
    """
    job = jobs.get(job_id)
    if job is not None and _waits(job, now):
        timers.set_match([job], 0)
        return False
    if job is not None and job.expires_at > now:
        timers.set_end(job_id, now)
    else:
        dead_letter([job_id], now)
    return True


def end_unplaced(job_id: str, since: int, now: int) -> None:
    """End a job whose message was let go, unless it has come to a phone since, or back from one: then it goes round."""
    job = jobs.get(job_id)
    if job is not None and not _waits(job, now) and not any(entry.at >= since for entry in job.timeline):
        dead_letter([job_id], now)


def _waits(job: Job, now: int) -> bool:
    return job.rank == Rank.PENDING and job.expires_at > now and pool.contains(job)


def dead_letter(job_ids: Sequence[str], now: int) -> list[str]:
    """End jobs whose message could not be handled; the ids of those that had not moved on."""
    found = jobs.get_many(job_ids)
    pending = [job for job in found.values() if job.rank == Rank.PENDING]
    return [job.job_id for job in pending if expiry.give_up(job, DISPATCH_ERROR, now) is not None]

"""Jobs that are to be sent later: kept until they are due, then queued as any other.

Once a minute the janitor hands those that are due soon to the background's queue, which brings them back to the second.
What is due sooner than the janitor looks again has such a timer at once. Whatever dies in between, the job's note or
its timer's message finds it again, and a job goes once: only one run makes it Pending.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

from smskit.dispatch.gateways import job_queues
from smskit.dispatch.logic import timers
from smskit.dispatch.store import jobs, schedule
from smskit.dispatch.store.job_items import job_or_none
from smskit.dispatch.store.schedule import Note
from smskit.errors import ConditionFailedError
from smskit.models.job import Job, Rank
from smskit.platform import logs, side_by_side, timer_queue
from smskit.platform.times import now_ms

AHEAD_MS = 120_000  # how far the janitor looks: two of its rounds, so that a late one does no harm
TOGETHER = 10  # jobs of a timer: as many as one request to a queue takes
PAGE = 500
PIECE = 100


def keep(job: Job, now: int) -> bool:
    """Store a new Scheduled job; False when there is a job with its id."""
    if not schedule.create(job):
        return False
    watch([job], now)
    return True


def watch(kept: Iterable[Job], now: int) -> None:
    """See to Scheduled jobs that may be due before the janitor looks. Without it they would be a minute late."""
    soon = [Note(job.job_id, job.created_at) for job in kept if job.created_at < now + AHEAD_MS]
    if soon:
        with logs.errors_logged():
            _set_timers(soon, now)


def hand_over(now: int, deadline: int) -> int:
    """Set timers for jobs that are due soon, until done or `deadline`; how many.

    The timer comes first and the note is forgotten second: a run that dies in between leaves what a later one repeats.
    What fails in one partition is raised behind the others.
    """
    count, failed = 0, list[Exception]()
    for shard in random.sample(range(schedule.SHARDS), schedule.SHARDS):
        try:
            count += _hand_over_of(shard, now, deadline)
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]
    return count


def _hand_over_of(shard: int, now: int, deadline: int) -> int:
    count = 0
    notes = schedule.due(shard, now + AHEAD_MS, PAGE)
    while notes and now_ms() < deadline:
        pieces = [notes[start : start + PIECE] for start in range(0, len(notes), PIECE)]
        side_by_side.run(_hand_over, pieces)
        count += len(notes)
        notes = schedule.due(shard, now + AHEAD_MS, PAGE) if len(notes) == PAGE else []
    return count


def _hand_over(notes: Sequence[Note]) -> None:
    _set_timers(notes, now_ms())
    schedule.forget(notes)


def _set_timers(notes: Iterable[Note], now: int) -> None:
    by_delay: dict[int, list[str]] = {}
    for note in notes:
        by_delay.setdefault(max(0, -(-(note.at - now) // 1000)), []).append(note.job_id)
    timers.set_due([(together, delay) for delay, job_ids in by_delay.items() for together in _pieces(job_ids)])


def _pieces(job_ids: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(job_ids[start : start + TOGETHER]) for start in range(0, len(job_ids), TOGETHER)]


def release(job_ids: Sequence[str], now: int) -> None:
    """Queue those of the jobs that are due. An earlier run may have died at any step of it.

    One that is Pending may not have come as far as the queue; there it is known again if it has. One that isn't due yet
    was moved, and has another note; or this machine's clock is behind, and its timer is set again.
    """
    found = jobs.get_many(job_ids)
    soon = now + timer_queue.MAX_DELAY_SECONDS * 1000
    waiting = [job for job in found.values() if job.rank == Rank.SCHEDULED]
    _set_timers([Note(job.job_id, job.created_at) for job in waiting if now < job.created_at < soon], now)
    fresh: list[Job] = []
    again = [job for job in found.values() if job.rank == Rank.PENDING]
    for job in waiting:
        if job.created_at <= now:
            try:
                fresh.append(schedule.release(job, now))
            except ConditionFailedError as refused:
                moved_on = job_or_none(refused.item)
                again += [moved_on] if moved_on is not None and moved_on.rank == Rank.PENDING else []
    job_queues.enqueue_all(fresh)
    job_queues.enqueue_all(again, again=True)

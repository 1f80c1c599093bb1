"""Making the messages of a batch, piece by piece, and withdrawing them: each by a timer, which may come twice.

A piece is made in steps of which each may be repeated: its jobs are stored, each once; the batch is looked at once
more; they are queued; the piece is forgotten. A batch is marked before its messages are withdrawn, and a piece looks
for the mark behind the writing of its jobs: so one of the two finds every message.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from smskit.dispatch.gateways import job_queues
from smskit.dispatch.logic import expiry, schedules
from smskit.dispatch.store import jobs, pool, schedule
from smskit.errors import QueueUnavailableError, UnavailableError
from smskit.models.batch import Batch
from smskit.models.job import Erased, Job, JobStatus, Rank
from smskit.models.timer import BatchTimer, TimerKind, message_of, queue_of
from smskit.platform import side_by_side, timer_queue
from smskit.sending.store import batch_pieces, batches

FIRST_SECONDS = 1  # by then the request that sets it has come to its end
AGAIN_SECONDS = 3
GIVEN_UP_MS = 120_000  # no request lives as long
_QUEUE = queue_of(TimerKind.BATCH)


def make_soon(batch: Batch, now: int) -> None:
    """Make the messages of a batch that is about to be accepted, or was. Raises UnavailableError."""
    _set_first(BatchTimer(TimerKind.BATCH, batch.batch_id, batch.attempt, now, batch.pieces))


def withdraw_soon(batch: Batch, now: int) -> None:
    """Withdraw the messages of a batch that is about to be cancelled, or was. Raises UnavailableError."""
    _set_first(BatchTimer(TimerKind.WITHDRAW, batch.batch_id, batch.attempt, now, batch.pieces))


def _set_first(timer: BatchTimer) -> None:
    try:
        timer_queue.set_timers([(message_of(timer), FIRST_SECONDS)], _QUEUE)
    except QueueUnavailableError:
        raise UnavailableError("The batch could not be queued; send the same request again") from None


def run(timer: BatchTimer, now: int) -> None:
    """Act on a timer. An earlier run may have died at any step of it."""
    batch = batches.get(timer.batch_id)
    if timer.kind is TimerKind.WITHDRAW:
        _withdraw(timer, batch, now)
    else:
        _make(timer, batch, now)


def _make(timer: BatchTimer, batch: Batch | None, now: int) -> None:
    if batch is not None and batch.attempt == timer.attempt:
        if timer.piece is None:
            _each_piece(timer)
        else:
            _make_piece(batch, timer.piece, now)
    elif _may_come(timer, now):
        timer_queue.set_timer(message_of(timer), AGAIN_SECONDS, _QUEUE)
    else:
        batch_pieces.forget_all(timer.batch_id, timer.attempt, timer.pieces)


def _withdraw(timer: BatchTimer, batch: Batch | None, now: int) -> None:
    if batch is None:
        return
    if batch.cancelled_at is None:
        if _may_come(timer, now):
            timer_queue.set_timer(message_of(timer), AGAIN_SECONDS, _QUEUE)
    elif timer.piece is None:
        _each_piece(timer)
    else:
        _withdraw_rows(batch, batch.rows_of(timer.piece), now)


def _may_come(timer: BatchTimer, now: int) -> bool:
    """Whether the request that set the timer may still be about to do what it is for."""
    return now < timer.asked_at + GIVEN_UP_MS


def _each_piece(timer: BatchTimer) -> None:
    messages = [message_of(timer._replace(piece=piece)) for piece in range(timer.pieces)]
    timer_queue.set_timers([(message, 0) for message in messages], _QUEUE)


class _Kept(NamedTuple):
    """A job that is stored and waits; `is_new`: by this run."""

    job: Job
    is_new: bool


def _make_piece(batch: Batch, piece: int, now: int) -> None:
    made = batch_pieces.get(batch.batch_id, batch.attempt, piece)
    if not made:
        return
    kept = [each for each in side_by_side.run(_keep, made) if each is not None]
    seen = batches.get(batch.batch_id)
    if seen is not None and seen.cancelled_at is not None:
        _withdraw_rows(batch, batch.rows_of(piece), now)
    else:
        schedules.watch([each.job for each in kept if each.job.rank == Rank.SCHEDULED], now)
        pending = [each for each in kept if each.job.rank == Rank.PENDING]
        job_queues.enqueue_all([each.job for each in pending if each.is_new])
        # An earlier run may have died before the queue; where it hadn't, this is known there, or to the dispatcher.
        job_queues.enqueue_all([each.job for each in pending if not each.is_new], again=True)
    batch_pieces.forget(batch.batch_id, batch.attempt, piece)


def _keep(job: Job) -> _Kept | None:
    """Store a job unless it is; None when it is past waiting, or was erased."""
    if job.rank == Rank.SCHEDULED:
        stored = job if schedule.create(job) else jobs.get_known(job.job_id)
    else:
        stored = jobs.create(job) or job
    if stored is None or isinstance(stored, Erased) or stored.rank > Rank.PENDING:
        return None
    return _Kept(stored, is_new=stored is job)


def _withdraw_rows(batch: Batch, rows: Sequence[int], now: int) -> None:
    """What an earlier run withdrew it may have left in the pool."""
    found = jobs.get_many([batch.job_id(row) for row in rows]).values()
    side_by_side.run(lambda job: expiry.withdraw(job, now), [job for job in found if job.rank <= Rank.PENDING])
    side_by_side.run(pool.withdraw, [job for job in found if job.status is JobStatus.CANCELLED])

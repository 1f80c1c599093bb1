"""What becomes of the jobs of a test world, played step by step as the magic numbers say.

Each step is done under the conditions that what phones say is under, and then sets the next one. So a step that is
played twice, late or out of order changes nothing that it shouldn't, and a run that dies in between is made up for when
its message comes again. A job that was cancelled goes no further.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, assert_never

from smskit.dispatch.gateways import job_queues
from smskit.dispatch.logic import expiry, janitor, setbacks, timers
from smskit.dispatch.store import jobs
from smskit.dispatch.store.job_items import job_of, job_or_none
from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.inbox.logic import receive
from smskit.inbox.logic.receive import Received
from smskit.models import magic_numbers
from smskit.models.job import Job, JobError, Rank, TimelineEntry
from smskit.models.lane import LaneKey
from smskit.models.magic_numbers import Act, Step
from smskit.models.worlds import TEST_DEVICE, TEST_SLOT
from smskit.test_world.lost_steps import UNSAID

NUMBER = "+254700000000"  # of the test phone's SIM
_CONNECTION = "test"
_GIVEN_UP = {
    error.code: error
    for error in (
        expiry.OPTED_OUT,
        janitor.DISPATCH_ERROR,
        *(JobError(code, message) for code, message in expiry.REFUSED.items()),
    )
}


class Cue(NamedTuple):
    """A step of a job that is due. `created_at` tells the job from one that was made anew under its key."""

    job_id: str
    created_at: int
    step: int


def handle(message: Mapping[str, Any], now: int) -> None:
    """Act on a message of the test queue: a job that was accepted, or a step that is due."""
    if "step" in message:
        _play(Cue(message["pk"], message["createdAt"], message["step"]), now)
    else:
        _begin(job_of(dict(message)), now)


def _begin(job: Job, now: int) -> None:
    if magic_numbers.steps_of(job):
        _set(job, 0)
    else:
        timers.watch_deadlines([job], now)


def _set(job: Job, number: int) -> None:
    """Set a step, unless the one before was the last. It names the job as its message in a job queue does."""
    steps = magic_numbers.steps_of(job)
    if number < len(steps):
        message = {"pk": job.job_id, "createdAt": job.created_at, "step": number}
        job_queues.set_step(message, steps[number].after)


def _play(cue: Cue, now: int) -> None:
    job = jobs.get(cue.job_id)
    if job is None or job.created_at != cue.created_at or job.rank == Rank.CLOSED:
        return
    steps = magic_numbers.steps_of(job)[: cue.step + 1]
    attempt = sum(step.act is Act.ASSIGN for step in steps)
    if _is_done(job, steps[-1], attempt, now):
        _set(job, cue.step + 1)


def _is_done(job: Job, step: Step, attempt: int, now: int) -> bool:
    """Do the step; whether it is done, now or by an earlier run. False where it isn't its turn."""
    token = _token(attempt)
    match step.act:
        case Act.ASSIGN:
            done = _assign(job, attempt, now)
        case Act.SENT:
            done = _said(partial(jobs.mark_sent, job.job_id, token, now), token, Rank.SENT)
        case Act.DELIVERED:
            done = _said(partial(jobs.mark_delivered, job.job_id, token, now), token, Rank.DELIVERED)
        case Act.FAIL:
            error = JobError(step.said, f"The test phone says {step.said}")
            done = _said(partial(jobs.mark_failed, job.job_id, token, now, error), token, Rank.FAILED)
        case Act.UNKNOWN:
            done = _said(partial(jobs.mark_unknown, job.job_id, token, now, UNSAID), token, Rank.UNKNOWN)
        case Act.FAIL_ATTEMPT:
            done = _fail_attempt(job, step.said, attempt, now)
        case Act.GIVE_UP:
            done = job.rank == Rank.PENDING and expiry.give_up(job, _GIVEN_UP[step.said], now) is not None
        case Act.REPLY:
            done = _reply(job, step.said, now)
        case _:
            assert_never(step.act)
    return done


def _token(attempt: int) -> str:
    return f"test{attempt}"


def _assign(job: Job, attempt: int, now: int) -> bool:
    lane = LaneKey(job.account_id, TEST_DEVICE, TEST_SLOT)
    try:
        jobs.assign(
            job.job_id, _token(attempt), lane, _CONNECTION, now, now, job.created_at, attempts=attempt - 1
        )  # fmt: skip
    except ConditionFailedError as refused:
        there = job_or_none(refused.item)
        if there is None or there.rank == Rank.CLOSED:
            return False
        if there.rank == Rank.PENDING and there.expires_at <= now:
            expiry.expire(there.job_id, now)
            return False
        return there.attempts >= attempt
    return True


def _said(say: Callable[[], Job], token: str, rank: int) -> bool:
    """What the test phone says of a job that it has; it may have said so, or more, before."""
    try:
        say()
    except ConditionFailedError as refused:
        there = job_or_none(refused.item)
        return there is not None and there.token == token and there.rank >= rank
    return True


def _fail_attempt(job: Job, code: str, attempt: int, now: int) -> bool:
    if job.token != _token(attempt) or job.rank != Rank.ASSIGNED:
        return job.attempts >= attempt and job.rank == Rank.PENDING
    if attempt >= setbacks.MAX_ATTEMPTS:
        return expiry.give_up(job, expiry.exhausted(attempt, code), now) is not None
    entry = TimelineEntry("attempt_failed", now, TEST_DEVICE, TEST_SLOT, code)
    try:
        jobs.requeue(job, entry)
    except TransactionRefusedError:
        there = jobs.get(job.job_id)
        return there is not None and there.rank == Rank.PENDING and there.attempts >= attempt
    return True


def _reply(job: Job, text: str, now: int) -> bool:
    """The recipient of a message that was delivered writes back: once, by the job's id."""
    if job.rank != Rank.DELIVERED:
        return False
    line = Received(job.job_id, job.recipient, None, TEST_SLOT, text, now)
    receive.take_in(job.account_id, TEST_DEVICE, [line], {TEST_SLOT: NUMBER}, now)
    return True

"""The end of jobs that were never handed to a phone."""

from __future__ import annotations

from smskit.dispatch.store import job_ends, pool
from smskit.errors import ConditionFailedError
from smskit.models.job import Job, JobError, JobStatus, Rank

EXPIRED = JobError("expired", "The job's validity ended before a phone could send it")
OPTED_OUT = JobError("opted-out", "The recipient opted out before the job was sent")
ATTEMPTS_EXHAUSTED = "attempts-exhausted"
REFUSED = {
    "sim-disabled": "The job may only go out by a SIM that was disabled",
    "device-disabled": "The job may only go out by a phone that was disabled",
    "device-revoked": "The job may only go out by a phone that was removed from the account",
}


def exhausted(attempts: int, last: str | None) -> JobError:
    """So many attempts were in vain; `last` is the code of the last one, if there is any."""
    why = f"; last: {last}" if last else ""
    return JobError(ATTEMPTS_EXHAUSTED, f"{attempts} attempts did not get the message sent{why}")


def expire(job_id: str, now: int) -> Job | None:
    """End a Scheduled or Pending job whose deadline has passed; None when it isn't one."""
    try:
        job = job_ends.close(job_id, JobStatus.DEAD_LETTER, EXPIRED, now, overdue=True)
    except ConditionFailedError:
        return None
    pool.withdraw(job)
    return job


def withdraw(job: Job, now: int) -> Job | None:
    """Cancel a Scheduled or Pending job; None when it isn't one."""
    try:
        cancelled = job_ends.close(job.job_id, JobStatus.CANCELLED, None, now)
    except ConditionFailedError:
        return None
    pool.withdraw(cancelled)
    return cancelled


def give_up(job: Job, error: JobError, now: int) -> Job | None:
    """End a job in the state and under the token that `job` shows; None when it has moved on."""
    if job.rank not in (Rank.PENDING, Rank.ASSIGNED):
        return None
    try:
        closed = job_ends.close(job.job_id, JobStatus.DEAD_LETTER, error, now, from_rank=job.rank, token=job.token)
    except ConditionFailedError:
        return None
    pool.withdraw(closed)
    return closed

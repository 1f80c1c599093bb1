"""Reading a job. One that still waits past its deadline ends when it is read; one that waits says what for."""

from __future__ import annotations

from smskit.accounts.logic import retention
from smskit.dispatch.logic import expiry, limits
from smskit.dispatch.store import jobs
from smskit.errors import NotFoundError
from smskit.models.job import Job, JobStatus
from smskit.platform.ids import is_id


def read(account_id: str, job_id: str, now: int) -> Job:
    """The account's job.

    Raises NotFoundError alike for a malformed or unknown id, another account's job, and one past its retention.
    """
    job = jobs.get(job_id) if is_id("job", job_id) else None
    if job is None or job.account_id != account_id or not retention.to_show(account_id, now).shows(job, now):
        raise not_found()
    if job.status not in (JobStatus.SCHEDULED, JobStatus.PENDING):
        return job
    if job.expires_at > now:
        return limits.noted(job, now) if job.status is JobStatus.PENDING else job
    ended = expiry.expire(job_id, now) or jobs.get(job_id)
    if ended is None:
        raise not_found()
    return ended


def not_found() -> NotFoundError:
    """No job of this account has the id."""
    return NotFoundError("There is no job with this id in the account")

"""Withdrawing a job that no phone has taken yet, or that isn't due yet."""

from __future__ import annotations

from smskit.accounts.logic import audit_log as audit
from smskit.accounts.store import audit_log
from smskit.dispatch.store import job_ends, pool
from smskit.dispatch.store.job_items import job_or_none
from smskit.errors import ConditionFailedError, NotCancellableError
from smskit.models.audit import Action
from smskit.models.job import Job, JobStatus
from smskit.models.member import Person
from smskit.sending.logic import job_status


def cancel(account_id: str, job_id: str, now: int, by: Person | None = None) -> Job:
    """Scheduled or Pending → Cancelled, noted when a person does it. Raises NotFoundError, or NotCancellableError when
    the job has left both."""
    job = job_status.read(account_id, job_id, now)
    noted = audit_log.put_ops(audit.entry_by(by, Action.MESSAGE_CANCELLED, job_id, now))
    try:
        if noted:
            cancelled = job_ends.cancel_with(job, noted, now)
        else:
            cancelled = job_ends.close(job.job_id, JobStatus.CANCELLED, None, now, account_id=account_id)
    except ConditionFailedError as refused:
        ended = job_or_none(refused.item)
        if ended is None:
            raise job_status.not_found() from None
        raise NotCancellableError(f"Only a Pending job can be cancelled; this one is {ended.status}") from None
    pool.withdraw(cancelled)
    return cancelled

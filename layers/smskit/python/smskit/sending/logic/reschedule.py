"""Moving a job that is Scheduled to another time."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from smskit.accounts.logic import audit_log as audit
from smskit.accounts.logic import retention
from smskit.accounts.store import audit_log
from smskit.dispatch.logic import schedules
from smskit.dispatch.store import schedule
from smskit.errors import NotScheduledError
from smskit.models.audit import Action
from smskit.models.job import QUIET, SCHEDULED, Job, JobStatus
from smskit.models.member import Person
from smskit.platform.retries import until_written
from smskit.platform.times import rfc3339
from smskit.sending.logic import job_status, quiet_hours, send_times


def reschedule(account_id: str, job_id: str, send_at: int | None, now: int, by: Person | None = None) -> Job:
    """Let a Scheduled job be due at another time, or at the end of the quiet hours which that is in.

    Its validity counts from there. None leaves it as it is, whatever its state. Noted when a person does it.
    Raises InvalidSendAtError, NotFoundError, or NotScheduledError when the job isn't Scheduled.
    """
    if send_at is None:
        return job_status.read(account_id, job_id, now)
    send_times.require(send_at, now)
    noted = audit_log.put_ops(audit.entry_by(by, Action.MESSAGE_RESCHEDULED, job_id, now, sendAt=rfc3339(send_at)))

    def write(job: Job) -> Job:
        if job.status is not JobStatus.SCHEDULED:
            raise NotScheduledError(f"Only a Scheduled job can be moved; this one is {job.status}")
        quiet_until = quiet_hours.end_of(account_id, job.priority, send_at, now)
        begins = send_at if quiet_until is None else quiet_until
        if job.created_at == begins:
            return job
        expires_at = begins + job.expires_at - job.created_at
        kept_until = retention.of_account(account_id, now).kept_until(begins, expires_at)
        moved = replace(job, created_at=begins, expires_at=expires_at, kept_until=kept_until)
        return schedule.move(job, moved, SCHEDULED if quiet_until is None else QUIET, now, noted)

    reason = f"job {job_id} changed under every try"
    moved = until_written(partial(job_status.read, account_id, job_id, now), write, reason)
    schedules.watch([moved], now)
    return moved

"""Jobs that end without having been handed to a phone: Cancelled and DeadLetter, by one conditional write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from smskit.dispatch.store.job_items import entry_item, job_of, job_or_none
from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.models.job import Job, JobError, JobStatus, Rank, TimelineEntry
from smskit.platform import table
from smskit.platform.codec import Item


class _End(NamedTuple):
    expression: str
    values: Item
    condition: str
    names: dict[str, str]


def close(job_id: str, status: JobStatus, error: JobError | None, now: int, *, from_rank: int = Rank.PENDING,
          account_id: str | None = None, token: str | None = None, overdue: bool = False) -> Job:  # fmt: skip
    """Scheduled or Pending (or `from_rank`) → Cancelled or DeadLetter; with `overdue` only past the deadline.

    Raises ConditionFailedError with the job's item.
    """
    entry = _entry(status, error, now)
    end = _end(status, error, entry, from_rank, account_id)
    condition = end.condition
    if token:
        condition += " AND #token = :token"
        end.names["#token"] = "token"
        end.values[":token"] = token
    if overdue:
        condition += " AND expiresAt <= :now"
        end.values[":now"] = now
    try:
        return job_of(
            table.update("jobs", {"pk": job_id}, end.expression, end.values, condition=condition, names=end.names)
        )
    except ConditionFailedError as refused:
        job = job_or_none(refused.item)
        if job is None or job.timeline[-1:] != (entry,):
            raise
        return job  # an answer was lost, and this met itself


def cancel_with(job: Job, also: Sequence[Item], now: int) -> Job:
    """Scheduled or Pending → Cancelled together with the operations in `also`, or nothing of it.

    Raises ConditionFailedError with the job's item.
    """
    key = {"pk": job.job_id}
    entry = _entry(JobStatus.CANCELLED, None, now)
    end = _end(JobStatus.CANCELLED, None, entry, Rank.PENDING, job.account_id)
    try:
        table.transact([table.update_op("jobs", key, end.expression, end.values, end.condition, end.names), *also])
    except TransactionRefusedError:
        raise ConditionFailedError(table.get("jobs", key)) from None
    cancelled = job_or_none(table.get("jobs", key))
    if cancelled is None:
        raise ConditionFailedError(None)
    return cancelled


def _entry(status: JobStatus, error: JobError | None, now: int) -> TimelineEntry:
    event = "cancelled" if status is JobStatus.CANCELLED else "dead_letter"
    return TimelineEntry(event, now, detail=error.code if error else None)


def _end(
    status: JobStatus, error: JobError | None, entry: TimelineEntry, from_rank: int, account_id: str | None
) -> _End:
    values: Item = {
        ":from": from_rank, ":rank": Rank.CLOSED, ":status": status.value, ":none": [],
        ":entries": [entry_item(entry)],
    }  # fmt: skip
    expression = (
        "SET #status = :status, #rank = :rank, timeline = list_append(if_not_exists(timeline, :none), :entries)"
    )
    names = {"#status": "status", "#rank": "rank"}
    condition = "#rank <= :from" if from_rank == Rank.PENDING else "#rank = :from"
    if error:
        expression += ", #error = :error, failedAt = :now"
        names["#error"] = "error"
        values |= {":error": {"code": error.code, "message": error.message}, ":now": entry.at}
    if account_id:
        condition += " AND accountId = :account"
        values[":account"] = account_id
    return _End(expression, values, condition, names)

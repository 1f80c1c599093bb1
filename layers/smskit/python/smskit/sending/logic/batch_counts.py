"""What the stream of jobs tells of batches: the state of each of their messages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from smskit.models.job import Job, JobStatus
from smskit.sending.store import batch_tallies
from smskit.sending.store.batch_tallies import Told


@dataclass(frozen=True, slots=True)
class StateChange:
    """A job that came from one state into another; `number` is that of the record which tells it."""

    number: int
    job: Job
    before: JobStatus


@dataclass(slots=True)
class _Group:
    rows: dict[int, Told]
    numbers: list[int]
    ttl: int | None


def count(changes: Iterable[StateChange]) -> dict[int, Exception]:
    """Note the new states of messages that are of batches. The records that could not be noted, by number, with the
    reason.

    It doesn't matter how often a record comes, in which order, or in whose company.
    """
    groups: dict[tuple[str, int], _Group] = {}
    for change in changes:
        job = change.job
        if job.batch_id is None or job.batch_row is None or job.status is change.before:
            continue
        key = job.batch_id, batch_tallies.group_of(job.batch_row)
        group = groups.setdefault(key, _Group({}, [], job.kept_until))
        told = change.number, job.status
        group.rows[job.batch_row] = max(told, group.rows.get(job.batch_row, told))
        group.numbers.append(change.number)
    failed: dict[int, Exception] = {}
    for (batch_id, number), group in groups.items():
        try:
            batch_tallies.tell(batch_id, number, group.rows, group.ttl)
        except Exception as error:
            failed[min(group.numbers)] = error
    return failed

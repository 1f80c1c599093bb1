"""Records of the jobs table's stream, as usage and the states of batches are counted from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smskit.dispatch.store.job_items import job_or_none
from smskit.models import worlds
from smskit.models.job import Job, JobStatus
from smskit.platform import logs
from smskit.platform.codec import decode_item
from smskit.sending.logic import batch_counts
from smskit.usage import logic as usage

Record = Mapping[str, Any]
Answer = dict[str, Any]


def count(event: Mapping[str, Any]) -> Answer:
    """Count a batch. The event source goes on at the first record that could not be counted.

    The window that the event source is told to keep makes it name the shard; one that doesn't has one shard.
    """
    shard = str(event.get("shardId") or "0")
    changes = [change for change in map(_change_of, event.get("Records", ())) if change is not None]
    live = [change for change in changes if not _is_of_test(change)]
    failed = batch_counts.count(_state_changes(changes)) | usage.count(shard, live)
    for error in failed.values():
        logs.failure(error)
    items = [{"itemIdentifier": identifier} for identifier in _identifiers(event.get("Records", ()), set(failed))]
    return {"state": event.get("state") or {}, "batchItemFailures": items}


def _state_changes(changes: Sequence[usage.JobChange]) -> list[batch_counts.StateChange]:
    """Those by which messages of batches came from one state into another."""
    return [
        batch_counts.StateChange(change.number, change.new, change.old.status)
        for change in changes
        if change.old is not None and change.new is not None and change.new.batch_id is not None
    ]


def _is_of_test(change: usage.JobChange) -> bool:
    """Test worlds have no usage; batches they have."""
    return any(job is not None and worlds.is_test(job.account_id) for job in (change.old, change.new))


def _identifiers(records: Sequence[Record], numbers: set[int]) -> list[str]:
    return [str(record["dynamodb"]["SequenceNumber"]) for record in records if _number(record) in numbers]


def _number(record: Record) -> int:
    return int(record["dynamodb"]["SequenceNumber"])


def _change_of(record: Record) -> usage.JobChange | None:
    """What a record tells of a job; None for one that tells nothing.

    A job that left by age or by request stays counted; one that was taken back, as it could not be queued, was never
    accepted.
    """
    change = record["dynamodb"]
    try:
        old, new = _job(change.get("OldImage")), _job(change.get("NewImage"))
    except (KeyError, TypeError, ValueError) as error:
        logs.failure(error)
        return None
    if new is None and (old is None or old.status is not JobStatus.PENDING or "userIdentity" in record):
        return None
    return usage.JobChange(_number(record), old, new)


def _job(image: Mapping[str, Any] | None) -> Job | None:
    return job_or_none(decode_item(image)) if image else None

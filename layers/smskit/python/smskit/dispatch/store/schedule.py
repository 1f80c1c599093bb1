"""Jobs that are to be sent later: each has a note of when it is due, in one of a few partitions by time.

The note is written with the job, as one, so an accepted job is always found. What is due is a range of each partition:
it costs the same however many wait behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

from smskit.dispatch.store.job_items import entry_item, job_of
from smskit.dispatch.store.jobs import create_op
from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.models.job import Job, JobStatus, Rank, TimelineEntry
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.platform.times import rfc3339

SHARDS = 8
MOST_MOVES_TOLD = 8  # the timeline is bounded, and what happens behind the moves needs it
_KEPT_S = 7 * 86_400  # the janitor removes it; this is for an installation whose janitor is off
_NAMES = {"#status": "status", "#rank": "rank"}


@dataclass(frozen=True, slots=True)
class Note:
    """A job that was to be due at a time, ms. It may have been moved or cancelled since."""

    job_id: str
    at: int


def create(job: Job) -> bool:
    """Store a new Scheduled job with its note, as one; False when there is a job with its id."""
    try:
        table.transact([create_op(job), _put_op(job)])
    except TransactionRefusedError as refused:
        if refused.reasons[0] == "ConditionalCheckFailed":
            return False
        raise
    return True


def move(job: Job, moved: Job, why: str, now: int, also: Sequence[Item]) -> Job:
    """Make a Scheduled job due at another time, together with the operations in `also`, or nothing of it.

    `why` is what the timeline tells. The job, as it is then. Raises ConditionFailedError when it is no longer as `job`
    has it.
    """
    entry = TimelineEntry(why, now, detail=rfc3339(moved.created_at))
    timeline = (*job.timeline[: MOST_MOVES_TOLD - 1], entry)
    values: Item = {
        ":scheduled": Rank.SCHEDULED, ":seen": job.created_at, ":at": moved.created_at, ":expires": moved.expires_at,
        ":ttl": moved.kept_until, ":timeline": [entry_item(told) for told in timeline],
    }  # fmt: skip
    update = table.update_op(
        "jobs", {"pk": job.job_id},
        "SET createdAt = :at, expiresAt = :expires, #ttl = :ttl, timeline = :timeline", values,
        "#rank = :scheduled AND createdAt = :seen", {"#rank": "rank", "#ttl": "ttl"},
    )  # fmt: skip
    try:
        table.transact([update, _put_op(moved), table.delete_op("pool", _key(job.job_id, job.created_at)), *also])
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None
    return replace(moved, timeline=timeline)


def release(job: Job, now: int) -> Job:
    """Scheduled → Pending, as `job` is due. Raises ConditionFailedError with the item when it has moved on, or to
    another time; also when the answer was lost, and this met itself."""
    values: Item = {
        ":scheduled": Rank.SCHEDULED, ":seen": job.created_at, ":pending": Rank.PENDING,
        ":status": JobStatus.PENDING.value, ":none": [], ":entries": [entry_item(TimelineEntry("due", now))],
    }  # fmt: skip
    expression = (
        "SET #status = :status, #rank = :pending, timeline = list_append(if_not_exists(timeline, :none), :entries)"
    )
    condition = "#rank = :scheduled AND createdAt = :seen"
    return job_of(table.update("jobs", {"pk": job.job_id}, expression, values, condition=condition, names=_NAMES))


def due(shard: int, until: int, limit: int) -> list[Note]:
    """Notes of what is due before a time, the oldest first; eventually consistent."""
    values = {":pk": _partition(shard), ":until": f"{until:013d}"}
    items, _ = table.query("pool", "pk = :pk AND sk < :until", values, limit=limit, consistent=False)
    return [_note_of(item) for item in items]


def forget(notes: Iterable[Note]) -> None:
    """Remove notes of what has been seen to."""
    table.delete_many("pool", [_key(note.job_id, note.at) for note in notes])


def _put_op(job: Job) -> Item:
    return table.put_op("pool", _key(job.job_id, job.created_at) | {"ttl": job.created_at // 1000 + _KEPT_S})


def _key(job_id: str, at: int) -> Item:
    return {"pk": _partition(crc32(job_id.encode()) % SHARDS), "sk": f"{at:013d}#{job_id}"}


def _note_of(item: Item) -> Note:
    at, _, job_id = str(item["sk"]).partition("#")
    return Note(job_id, int(at))


def _partition(shard: int) -> str:
    return f"due#{shard}"

"""The pool: jobs that wait for a lane. A Pending job is in the pool or held by a lane, moved by one transaction.

One entry a scope (the account, a phone, or a SIM); the sort key is the order in which jobs go out: highest priority
first, then the oldest. Scopes of a phone also count their entries, so that a device list costs the same however
many jobs wait.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

from smskit.errors import TransactionRefusedError
from smskit.models.job import Job
from smskit.models.lane import LaneKey
from smskit.store import table
from smskit.store.codec import Item
from smskit.store.jobs import create_op

EXPIRY_SHARDS = 4
TIMED_MS = 900_000  # a job that lives no longer ends by a timer of its own and needs no place in the index
COUNT = "count"  # sorts behind every entry, since those begin with a digit


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the pool; `order` is its sort key."""

    scope: str
    order: str
    job_id: str
    segments: int


def scopes(job: Job) -> list[str]:
    """Where the job waits: the account's pool, or one pool for each of its targets."""
    if not job.targets:
        return [f"pool#{job.account_id}"]
    return [scope_of(target.device_id, target.sim_slot) for target in job.targets]


def scope_of(device_id: str, sim_slot: int | None) -> str:
    """The pool of a phone, or of one SIM of it."""
    return f"pool#{device_id}" if sim_slot is None else f"pool#{device_id}#{sim_slot}"


def order_of(job: Job) -> str:
    """Inverted priority, then time, then id."""
    return f"{10 - job.priority:02d}#{job.created_at:013d}#{job.job_id}"


def _items(job: Job) -> list[Item]:
    order = order_of(job)
    items: list[Item] = [
        {"pk": scope, "sk": order, "jobId": job.job_id, "segments": job.segments} for scope in scopes(job)
    ]
    if job.expires_at - job.created_at > TIMED_MS:
        shard = f"x#{crc32(job.job_id.encode()) % EXPIRY_SHARDS}"
        items[0] |= {"expiryShard": shard, "expiresAt": job.expires_at}
    return items


def put_ops(jobs: Sequence[Job]) -> list[Item]:
    """Operations that add the jobs, entries first. Those of a targeted job are refused when it is there already."""
    puts = [
        table.put_op("pool", item, "attribute_not_exists(pk)" if job.targets else None)
        for job in jobs
        for item in _items(job)
    ]
    return puts + _count_ops(jobs, 1)


def remove_ops(jobs: Sequence[Job]) -> list[Item]:
    """Operations that take the jobs out, entries first and in the jobs' order, as many as `scopes` has for each.

    Refused for a job that is no longer there, so only one taker gets it.
    """
    removes = [
        table.delete_op("pool", {"pk": scope, "sk": order_of(job)}, "attribute_exists(pk)")
        for job in jobs
        for scope in scopes(job)
    ]
    return removes + _count_ops(jobs, -1)


def _count_ops(jobs: Sequence[Job], by: int) -> list[Item]:
    """One operation a scope: a transaction may touch an item once."""
    counted = Counter(scope for job in jobs if job.targets for scope in scopes(job))
    return [_count_op(scope, by * number) for scope, number in counted.items()]


def _count_op(scope: str, by: int) -> Item:
    return table.update_op("pool", {"pk": scope, "sk": COUNT}, "ADD entries :by", {":by": by})


def publish(jobs: Sequence[Job]) -> None:
    """Put jobs into the pool; one that is there already stays."""
    anyone = [item for job in jobs if not job.targets for item in _items(job)]
    if anyone:
        table.put_many("pool", anyone)
    for job in jobs:
        if job.targets:
            _transact_idempotent(put_ops([job]))


def publish_new(job: Job) -> bool:
    """Store a new job and put it into the pool, as one; False when there is a job with its id."""
    try:
        table.transact([create_op(job), *put_ops([job])])
    except TransactionRefusedError as refused:
        if refused.reasons[0] == "ConditionalCheckFailed":
            return False
        raise
    return True


def withdraw(job: Job) -> None:
    """Take the job out of the pool if it is there."""
    _transact_idempotent(remove_ops([job]))


def _transact_idempotent(operations: Sequence[Item]) -> None:
    try:
        table.transact(operations)
    except TransactionRefusedError as refused:
        if "ConditionalCheckFailed" not in refused.reasons:
            raise


def contains(job: Job) -> bool:
    """Whether the job waits in the pool."""
    return table.get("pool", {"pk": scopes(job)[0], "sk": order_of(job)}) is not None


def remove_entry(entry: Entry) -> None:
    """Remove an entry whose job no longer exists."""
    operations = [table.delete_op("pool", {"pk": entry.scope, "sk": entry.order}, "attribute_exists(pk)")]
    if entry.scope.startswith("pool#dvc_"):
        operations.append(_count_op(entry.scope, -1))
    _transact_idempotent(operations)


def head(lane: LaneKey, urgent_only: bool, limit: int) -> list[Entry]:
    """The first entries that the lane may take, in order, from its three pools."""
    own = [f"pool#{lane.account_id}", scope_of(lane.device_id, None), scope_of(lane.device_id, lane.sim_slot)]
    below = "02" if urgent_only else COUNT
    found: list[Entry] = []
    for scope in own:
        items, _ = table.query("pool", "pk = :pk AND sk < :sk", {":pk": scope, ":sk": below}, limit=limit)
        found += [Entry(scope, item["sk"], item["jobId"], item["segments"]) for item in items]
    return sorted(found, key=lambda entry: entry.order)[:limit]


def page(scope: str, after: str, limit: int) -> tuple[list[Entry], bool]:
    """Entries of one scope in order, from behind `after` on; and whether there are more."""
    condition, values = "pk = :pk AND sk BETWEEN :from AND :to", {":pk": scope, ":from": f"{after}!", ":to": "99"}
    items, more = table.query("pool", condition, values, limit=limit)
    return [Entry(scope, item["sk"], item["jobId"], item["segments"]) for item in items], more and bool(items)


def expired(shard: int, now: int, limit: int) -> list[str]:
    """Ids of jobs in the pool whose deadline has passed."""
    condition, values = "expiryShard = :shard AND expiresAt < :now", {":shard": f"x#{shard}", ":now": now}
    items, _ = table.query("pool", condition, values, limit=limit, index="by_expiry")
    return [item["sk"].rpartition("#")[2] for item in items]


def counts(wanted: Sequence[str]) -> dict[str, int]:
    """How many jobs wait in each of these scopes of phones and SIMs."""
    counted: dict[str, int] = {}
    for start in range(0, len(wanted), table.BATCH_GET):
        keys = [{"pk": scope, "sk": COUNT} for scope in wanted[start : start + table.BATCH_GET]]
        counted |= {item["pk"]: item["entries"] for item in table.get_many("pool", keys, consistent=False)}
    return counted

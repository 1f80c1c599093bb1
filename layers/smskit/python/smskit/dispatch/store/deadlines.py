"""When waiting jobs end, for those that live too long for a timer of their own: one item for all that are put into the
pool together and end within seconds of each other, so that a deadline costs next to nothing for each of many.

An item is never changed. The janitor reads those that are due, ends what still waits, and removes them.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from smskit.models.job import Job
from smskit.platform import table
from smskit.platform.codec import Item

SHARDS = 16
_TOGETHER_MS = 10_000
_KEPT_S = 7 * 86_400  # the janitor removes it; this is for an installation whose janitor is off


@dataclass(frozen=True, slots=True)
class Due:
    """Jobs whose deadline has passed; `key` is where that is noted."""

    key: Item
    job_ids: list[str]


def watch(jobs: Iterable[Job]) -> None:
    """Note the deadlines of jobs, before they are put into the pool."""
    together: dict[int, list[Job]] = {}
    for job in jobs:
        together.setdefault(job.expires_at // _TOGETHER_MS, []).append(job)
    table.put_many("pool", [_item(group) for group in together.values()])


def _item(group: list[Job]) -> Item:
    due = max(job.expires_at for job in group)
    return {
        "pk": _partition(random.randrange(SHARDS)),
        "sk": f"{due:013d}#{secrets.token_hex(8)}",
        "jobs": [job.job_id for job in group],
        "ttl": due // 1000 + _KEPT_S,
    }


def due(shard: int, now: int, limit: int) -> list[Due]:
    """What is due by now, the oldest first; eventually consistent."""
    values = {":pk": _partition(shard), ":now": f"{now:013d}"}
    items, _ = table.query("pool", "pk = :pk AND sk < :now", values, limit=limit, consistent=False)
    return [Due({"pk": item["pk"], "sk": item["sk"]}, item["jobs"]) for item in items]


def forget(done: Iterable[Due]) -> None:
    """Remove what has been seen to."""
    table.delete_many("pool", [entry.key for entry in done])


def _partition(shard: int) -> str:
    return f"expiry#{shard}"

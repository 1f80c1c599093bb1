"""Once a minute: phones that fell silent, jobs whose deadline has passed; and what landed in a dead-letter queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from smskit import settings
from smskit.logic import expiry, phones
from smskit.models.job import JobError, Rank
from smskit.models.times import now_ms
from smskit.store import devices, jobs, pool

PAGE = 100
DISPATCH_ERROR = JobError("dispatch-error", "The job could not be dispatched, after several tries")


def sweep(now: int, deadline: int) -> tuple[int, int]:
    """Take silent phones offline and end overdue jobs, until done or `deadline`; how many of each."""
    return _silent_phones(now), _overdue_jobs(now, deadline)


def _silent_phones(now: int) -> int:
    before = now - 2 * settings.pace().heartbeat * 1000
    count = 0
    for shard in range(devices.HEARTBEAT_SHARDS):
        for account_id, device_id in devices.silent_since(shard, before, PAGE):
            device = devices.get(account_id, device_id)
            if device is not None and device.connection_id is not None:
                count += phones.lost(account_id, device_id, device.connection_id, unheard_since=before)
    return count


def _overdue_jobs(now: int, deadline: int) -> int:
    count = 0
    for shard in range(pool.EXPIRY_SHARDS):
        job_ids = pool.expired(shard, now, PAGE)
        while job_ids and now_ms() < deadline:
            for job_id in job_ids:
                count += _end(job_id, now)
            job_ids = pool.expired(shard, now, PAGE) if len(job_ids) == PAGE else []
    return count


def _end(job_id: str, now: int) -> int:
    """End one overdue job; an entry that outlived its job goes with it."""
    if expiry.expire(job_id, now) is not None:
        return 1
    job = jobs.get(job_id)
    if job is not None and job.rank != Rank.PENDING:
        pool.withdraw(job)
    return 0


def jobs_of_timer(body: Mapping[str, Any]) -> list[str]:
    """The jobs that a timer names. Raises ValueError for a kind of timer that isn't known."""
    match body["kind"]:
        case "offer" | "report":
            return [job_id for job_id, _ in body["items"]]
        case "match":
            return list(body["jobIds"])
        case "expire":
            return [body["jobId"]]
        case "wake" | "phone" | "erase":
            return []
        case other:
            raise ValueError(f"unknown timer kind {other!r}")


def dead_letter(job_ids: Sequence[str], now: int) -> list[str]:
    """End jobs whose message could not be handled; the ids of those that had not moved on."""
    found = jobs.get_many(job_ids)
    pending = [job for job in found.values() if job.rank == Rank.PENDING]
    return [job.job_id for job in pending if expiry.give_up(job, DISPATCH_ERROR, now) is not None]

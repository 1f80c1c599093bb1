"""What happens when a timer comes back: offers not claimed, claims not reported, hours that ended, deadlines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from smskit import settings
from smskit.errors import ConditionFailedError
from smskit.logic import erasure, expiry, filling, phone_changes, phones, timers, waiting
from smskit.models.job import Job, Rank, TimelineEntry
from smskit.models.lane import LaneKey
from smskit.models.times import hour_of
from smskit.store import jobs, lanes, pool

NO_REPORT = "The phone took the message and did not say what became of it"


def handle(body: dict[str, Any], now: int, redelivered: bool) -> None:
    """Act on one timer. `redelivered`: an earlier run may have died at any step of it."""
    match body["kind"]:
        case "offer" | "report":
            _offers_due(_key(body), [(job_id, token) for job_id, token in body["items"]], now, redelivered)
        case "match":
            _match(list(jobs.get_many(body["jobIds"]).values()), now)
        case "expire":
            _expire(body["jobId"], now)
        case "wake":
            _wake(_key(body), body["hour"], now)
        case "phone" if "scope" in body:
            phone_changes.end_refused(body["accountId"], body["deviceId"], body["scope"], body["after"], now)
        case "phone":
            phone_changes.follow(body["accountId"], body["deviceId"], now)
        case "erase":
            erasure.run(erasure.piece_of(body), now)
        case other:
            raise ValueError(f"unknown timer kind {other!r}")


def _key(body: dict[str, Any]) -> LaneKey:
    return LaneKey(body["accountId"], body["deviceId"], body["simSlot"])


def _offers_due(key: LaneKey, items: Sequence[tuple[str, str]], now: int, redelivered: bool) -> None:
    found = jobs.get_many([job_id for job_id, _ in items])
    silent: list[tuple[str, str]] = []
    stale: dict[str, str] = {}
    unclaimed: dict[str, Job] = {}
    for job_id, token in items:
        job = found.get(job_id)
        if job is not None and job.token == token and job.rank == Rank.ASSIGNED:
            silent.append((job_id, token))
        elif job is None or job.rank == Rank.PENDING or job.token != token:
            stale[job_id] = token
            if job is not None and job.rank == Rank.PENDING:
                unclaimed[job_id] = job
    if silent:
        _reports_due(key, [(found[job_id], token) for job_id, token in silent], now)
    if stale:
        _unclaimed(key, stale, unclaimed, now, redelivered)


def _unclaimed(key: LaneKey, stale: dict[str, str], unclaimed: dict[str, Job], now: int, redelivered: bool) -> None:
    """Take offers off the lane that nobody claimed; the jobs go to another lane at once."""
    returned = phones.release_to_pool(key, stale, unclaimed, now, strike=True)
    for job in returned:
        jobs.note(job, TimelineEntry("unclaimed", now, key.device_id, key.sim_slot))
    done_before = [job for job in unclaimed.values() if redelivered and job not in returned and pool.contains(job)]
    _match([*returned, *done_before], now, exclude=key)
    filling.settle(key, lambda lane: lane, now, look=True)


def _reports_due(key: LaneKey, silent: Sequence[tuple[Job, str]], now: int) -> None:
    """Claimed and silent: never offered again, since it may have been sent; past the report deadline it is unknown."""
    patience = settings.pace().report * 1000
    due = [(job, token) for job, token in silent if (job.assigned_at or 0) + patience <= now]
    early = [(job, token) for job, token in silent if (job.assigned_at or 0) + patience > now]
    if early:
        wait_ms = min((job.assigned_at or 0) + patience - now for job, _ in early)
        items = [[job.job_id, token] for job, token in early]
        timers.set_lane_timer("report", key, wait_ms // 1000 + 1, items=items)
    for job, token in due:
        try:
            jobs.mark_unknown(job.job_id, token, now, NO_REPORT)
        except ConditionFailedError:
            continue
    if due:
        phones.release_to_pool(key, {job.job_id: token for job, token in due}, {}, now)
        filling.settle(key, lambda lane: lane, now, look=True)


def _match(waiting_jobs: Sequence[Job], now: int, exclude: LaneKey | None = None) -> None:
    for job in waiting_jobs:
        if job.rank != Rank.PENDING:
            continue
        if job.expires_at <= now:
            expiry.expire(job.job_id, now)
        elif pool.contains(job):
            waiting.match(job, now, exclude)


def _expire(job_id: str, now: int) -> None:
    job = jobs.get(job_id)
    if job is None or job.rank != Rank.PENDING:
        return
    if job.expires_at > now:
        timers.watch_deadlines([job], now)
    else:
        expiry.expire(job_id, now)


def _wake(key: LaneKey, hour: int, now: int) -> None:
    lane = lanes.get(key)
    if lane is None or not lane.is_online:
        return
    if hour_of(now) > hour:
        filling.settle(key, lambda current: current, now, known=lane, look=True)
    else:
        timers.set_wake(lane, now)

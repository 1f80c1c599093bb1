"""A phone's connection: lost, and what that means for its lanes and for offers just made to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smskit.errors import ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.logic import timers
from smskit.models.job import Job, TimelineEntry
from smskit.models.lane import Lane, LaneKey
from smskit.models.times import now_ms
from smskit.store import devices, jobs, lanes, pool

TRIES = 8


def lost(account_id: str, device_id: str, connection_id: str, unheard_since: int | None = None) -> bool:
    """Take the phone and its lanes off this connection (with `unheard_since`, only if it was silent since then)."""
    was_current = devices.disconnect(account_id, device_id, connection_id, now_ms(), unheard_since)
    if unheard_since is not None and not was_current:
        return False
    for lane in lanes.of_device(account_id, device_id):
        put_offline(lane, connection_id)
    return was_current


def put_offline(lane: Lane, connection_id: str) -> None:
    """Take one lane off this connection; nothing when it is on another by now."""
    current: Lane | None = lane
    for _ in range(TRIES):
        if current is None or current.connection_id != connection_id:
            return
        try:
            lanes.save(current, replace(current, connection_id=None))
        except ConditionFailedError:
            current = lanes.get(lane.key)
        else:
            return
    raise ContentionError(f"lane {lane.key.device_id}#{lane.key.sim_slot} could not be put offline")


def lost_offers(lane: Lane, offered: Sequence[Job], now: int) -> Lane | None:
    """The post of these offers met a closed connection: the phone is offline, and the jobs look elsewhere at once."""
    if lane.connection_id:
        lost(lane.key.account_id, lane.key.device_id, lane.connection_id)
    tokens = {job.job_id: lane.held[job.job_id].token for job in offered if job.job_id in lane.held}
    released = release_to_pool(lane.key, tokens, {job.job_id: job for job in offered}, now)
    for job in released:
        entry = TimelineEntry("unreachable", now, lane.key.device_id, lane.key.sim_slot)
        jobs.note(job, entry)
    timers.set_match(released, 0)
    return lanes.get(lane.key)


def release_to_pool(
    key: LaneKey, tokens: dict[str, str], back: dict[str, Job], now: int, strike: bool = False
) -> list[Job]:
    """Take offers (id → token) off a lane; those in `back` return to the pool in the same transaction.

    With `strike`, each job that returns counts as an offer left unanswered. The jobs that did return.
    """
    skip: set[str] = set()
    for _ in range(TRIES):
        lane = lanes.get(key)
        standing = [job_id for job_id, token in tokens.items() if lane is not None and lane.holds(job_id, token)]
        if lane is None or not standing:
            return []
        new = lane
        for job_id in standing:
            new = new.release(job_id, refund=True)
        returning = [back[job_id] for job_id in standing if job_id in back]
        if strike:
            new = replace(new, strikes=new.strikes + len(returning))
        operations = pool.put_ops([job for job in returning if job.job_id not in skip])
        try:
            lanes.save(lane, new, operations)
        except TransactionRefusedError:
            skip |= {job.job_id for job in returning if pool.contains(job)}
        except ConditionFailedError:
            continue
        else:
            timers.watch_deadlines(returning, now)
            return returning
    raise ContentionError(f"lane {key.device_id}#{key.sim_slot} could not be released")

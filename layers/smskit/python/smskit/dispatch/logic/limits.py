"""Whether a waiting job waits for the hour to end, since every SIM that may take it has spent this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from smskit.dispatch.logic import matching
from smskit.dispatch.store import jobs, pool
from smskit.models.job import Job, TimelineEntry
from smskit.models.lane import Lane
from smskit.phones.store import lanes
from smskit.phones.store.lanes import OnlineLane
from smskit.platform.times import end_of_hour, hour_of, rfc3339

EVENT = "limited"


def noted(job: Job, now: int) -> Job:
    """A Pending job, with a line in its timeline if it waits for the end of the hour and doesn't say so yet.

    It is found out when somebody looks, so it costs a message nothing.
    """
    said = any(entry.event == EVENT and hour_of(entry.at) == hour_of(now) for entry in job.timeline)
    if said or not _is_limited(job, now) or not pool.contains(job):
        return job
    entry = TimelineEntry(EVENT, now, detail=rfc3339(end_of_hour(now)))
    return replace(job, timeline=(*job.timeline, entry)) if jobs.note(job, entry) else job


def _is_limited(job: Job, now: int) -> bool:
    hours = [_spent_in(lane, job) for lane in _online(job)] if job.targets else _hours_of_account(job, now)
    return bool(hours) and all(hour == hour_of(now) for hour in hours)


def _hours_of_account(job: Job, now: int) -> list[int | None]:
    """Up to the first lane that isn't limited: in most cases that is the only one that is read."""
    hours = []
    for lane in lanes.online(job.account_id):
        hours.append(_spent_in(lane, job))
        if hours[-1] != hour_of(now):
            break
    return hours


def _online(job: Job) -> Iterator[Lane]:
    devices = {target.device_id for target in job.targets}
    found = {device_id: lanes.of_device(job.account_id, device_id, consistent=False) for device_id in devices}
    return (lane for lane in matching.named_lanes(job, found) if lane.is_online)


def _spent_in(lane: Lane | OnlineLane, job: Job) -> int | None:
    return lane.empty_in if job.is_urgent else lane.spent_in

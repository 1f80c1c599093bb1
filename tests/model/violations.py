"""What must hold when a schedule is at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ClientError, ReadTimeoutError

from smskit.dispatch.store import jobs
from smskit.errors import ContentionError, QueueUnavailableError
from smskit.models.job import Job, JobStatus, Target
from smskit.phones.store.lane_items import lane_of, markers
from tests.model.schedules import Schedule

_MOODS = frozenset({
    "ThrottlingException", "ProvisionedThroughputExceededException", "TransactionConflictException",
    "TransactionInProgressException",
})  # fmt: skip
_ENDED = frozenset({"Sent", "Delivered", "Unknown", "Sending", "Claimed", "Go"})


def is_weather(error: BaseException) -> bool:
    """Whether an invocation failed for a mood of AWS: its frame or record comes again."""
    if isinstance(error, ContentionError | ReadTimeoutError | QueueUnavailableError):
        return True
    return isinstance(error, ClientError) and error.response["Error"]["Code"] in _MOODS


def violations(schedule: Schedule) -> list[str]:
    """Everything that does not hold at rest."""
    found = [f"exception {error!r}" for error in schedule.errors if not is_weather(error)]
    found += schedule.world.faults
    for job in schedule.jobs:
        stored = jobs.get(job.job_id)
        assert stored is not None
        found += _of_job(schedule, stored)
    found += _of_lanes(schedule.dynamodb.tables["devices"])
    pool = schedule.dynamodb.tables["pool"].items()
    return found + [f"pool {scope} {order} {row}" for (scope, order), row in pool if scope.startswith("pool#")]


def _of_lanes(rows: dict[tuple[str, str], dict[str, Any]]) -> Iterator[str]:
    """No credit is leaked, and exactly the markers stand that the lanes say."""
    wanted = set[tuple[str, str]]()
    for row in rows.values():
        if "held" not in row:
            continue
        lane = lane_of(row)
        if lane.held or lane.credits != lane.window:
            yield f"{row['sk']} still holds {sorted(lane.held)} with {lane.credits} credits"
        wanted |= {(marker["pk"], sort_key) for sort_key, marker in markers(lane).items()}
        failed = lane.history.failed
        if list(failed) != sorted(set(failed)) or failed[-1:] > (lane.history.number,):
            yield f"{row['sk']} counts its tries wrongly: {lane.history}"
        for sort_key, marker in markers(lane).items():
            if rows.get((marker["pk"], sort_key)) != marker:
                yield f"marker {sort_key} is missing or says something else"
    for partition, sort_key in rows:
        if sort_key.startswith(("ready#", "online#", "unhealthy#")) and (partition, sort_key) not in wanted:
            yield f"stray marker {sort_key}"


def _of_job(schedule: Schedule, stored: Job) -> Iterator[str]:
    """At most one hand-over, an end that fits what phones know, and no word of a phone is lost."""
    hand_overs = schedule.world.radio[stored.job_id]
    entries = [phone.journal[stored.job_id] for phone in schedule.phones if stored.job_id in phone.journal]
    told = {entry["state"] for entry in entries}
    taken = [Target(entry.device_id or "", entry.sim_slot) for entry in stored.timeline if entry.event == "assigned"]
    if stored.targets and not all(sim in stored.targets or Target(sim.device_id) in stored.targets for sim in taken):
        yield f"{stored.job_id} may go by {stored.targets} and went by {taken}"
    if hand_overs > 1:
        yield f"{stored.job_id} was handed to the radio {hand_overs} times"
    if stored.status in (JobStatus.PENDING, JobStatus.ASSIGNED):
        yield f"{stored.job_id} is still {stored.status}: {stored.timeline}"
    if "Sent" in told and stored.status not in (JobStatus.SENT, JobStatus.DELIVERED):
        yield f"{stored.job_id} was sent and is {stored.status} {stored.error}"
    if stored.status is JobStatus.SENT and not hand_overs:
        yield f"{stored.job_id} is Sent without a hand-over"
    if stored.status is JobStatus.DEAD_LETTER and hand_overs:
        yield f"{stored.job_id} is DeadLetter after a hand-over: {stored.error}"
    acknowledged = any(entry["state"] == entry.get("acked") == "Failed" for entry in entries)
    unknown = stored.error is not None and stored.error.code == "outcome_unknown"
    if unknown and acknowledged and not told & _ENDED and stored.job_id not in schedule.world.lost_with_journal:
        yield f"{stored.job_id} is outcome_unknown although a report of it was acknowledged: {stored.timeline}"

"""Jobs: each change of state is one conditional write by status, token and rank, with its line in the timeline."""

from __future__ import annotations

from collections.abc import Sequence

from smskit.dispatch.store.job_items import entry_item, job_item, job_of, job_or_erased, job_or_none
from smskit.errors import ConditionFailedError
from smskit.models.job import OUTCOME_UNKNOWN, TIMELINE_LIMIT, Erased, Job, JobError, JobStatus, Rank, TimelineEntry
from smskit.models.lane import LaneKey
from smskit.platform import table
from smskit.platform.codec import Item

_APPEND = "timeline = list_append(if_not_exists(timeline, :none), :entries)"
_STATUS = {"#status": "status"}


def create(job: Job) -> Job | Erased | None:
    """Store a new job; None when it is stored, else the job that already has this id, or what stays of it."""
    try:
        table.put("jobs", job_item(job), "attribute_not_exists(pk)")
    except ConditionFailedError as refused:
        if refused.item is None:
            raise
        return job_or_erased(refused.item)
    return None


def create_op(job: Job) -> Item:
    """The operation that stores a new job; refused when there is one with this id."""
    return table.put_op("jobs", job_item(job), "attribute_not_exists(pk)")


def get(job_id: str, *, consistent: bool = True) -> Job | None:
    """The job, or None."""
    return job_or_none(table.get("jobs", {"pk": job_id}, consistent=consistent))


def get_known(job_id: str) -> Job | Erased | None:
    """The job, what stays of it when it was erased, or None."""
    return job_or_erased(table.get("jobs", {"pk": job_id}))


def get_many(job_ids: Sequence[str], *, consistent: bool = True) -> dict[str, Job]:
    """Those of the jobs that exist, by id."""
    keys = [{"pk": job_id} for job_id in dict.fromkeys(job_ids)]
    found = [job_or_none(item) for item in table.get_many("jobs", keys, consistent=consistent)]
    return {job.job_id: job for job in found if job is not None}


def mark_replayed(job: Job) -> bool:
    """Bind the job to a repeated request, so that the first one no longer takes it back; False if it is gone, also when
    another one was made anew under its key."""
    values: Item = {":true": True, ":created": job.created_at}
    try:
        table.update("jobs", {"pk": job.job_id}, "SET replayed = :true", values, condition="createdAt = :created")
    except ConditionFailedError:
        return False
    return True


def take_back(job: Job) -> bool:
    """Remove a job that could not be queued; False when it moved on, or a repeated request has bound it, or has made it
    anew while the answer to this one was lost."""
    condition = "#rank = :pending AND attempts = :pending AND createdAt = :created AND attribute_not_exists(replayed)"
    values: Item = {":pending": Rank.PENDING, ":created": job.created_at}
    try:
        table.delete("jobs", {"pk": job.job_id}, condition, values, {"#rank": "rank"})
    except ConditionFailedError:
        return False
    return True


def was_given(job: Job) -> bool:
    """Whether a phone was given this job, and not one that was made anew under its id."""
    known = get(job.job_id)
    return known is not None and known.created_at == job.created_at and known.attempts > 0


def count_run(job_id: str) -> int:
    """Count a run of the function that has the job's message again; how many that makes, 0 for a job that is gone."""
    try:
        item = table.update(
            "jobs", {"pk": job_id}, "ADD repeatedRuns :one", {":one": 1}, condition="attribute_exists(pk)"
        )  # fmt: skip
    except ConditionFailedError:
        return 0
    return int(item["repeatedRuns"])


def assign(job_id: str, token: str, lane: LaneKey, connection_id: str, offered_at: int, now: int,
           created_at: int, attempts: int | None = None) -> Job:  # fmt: skip
    """Pending → Assigned, before the deadline, once under a token, and the very job that was offered, not one that was
    made anew under its key since; with `attempts`, only behind so many. Raises ConditionFailedError with the item."""
    where = {"d": lane.device_id, "s": lane.sim_slot}
    values: Item = {
        ":pending": Rank.PENDING,
        ":rank": Rank.ASSIGNED,
        ":status": JobStatus.ASSIGNED.value,
        ":token": token,
        ":device": lane.device_id,
        ":slot": lane.sim_slot,
        ":conn": connection_id,
        ":now": now,
        ":created": created_at,
        ":one": 1,
        ":none": [],
        ":entries": [{"e": "offered", "t": offered_at} | where, {"e": "assigned", "t": now} | where],
    }
    expression = (
        "SET #status = :status, #rank = :rank, #token = :token, deviceId = :device, simSlot = :slot,"
        f" #conn = :conn, assignedAt = :now, attempts = attempts + :one, {_APPEND} REMOVE lastToken"
    )
    names = _STATUS | {"#rank": "rank", "#token": "token", "#conn": "connection"}
    condition = (
        "#rank = :pending AND expiresAt > :now AND createdAt = :created"
        " AND (attribute_not_exists(lastToken) OR lastToken <> :token)"
    )
    if attempts is not None:
        condition += " AND attempts = :attempts"
        values[":attempts"] = attempts
    return job_of(table.update("jobs", {"pk": job_id}, expression, values, condition=condition, names=names))


def mark_sent(job_id: str, token: str, at: int, *, device_id: str | None = None, now: int | None = None) -> Job:
    """Every part is handed over. Raises ConditionFailedError when this is no news or not this phone's job."""
    return _report(job_id, token, JobStatus.SENT, Rank.SENT, "sentAt", "sent", at, device_id=device_id, now=now)


def mark_delivered(job_id: str, token: str, at: int, *, device_id: str | None = None, now: int | None = None) -> Job:
    """Every part is confirmed. Raises ConditionFailedError when this is no news or not this phone's job."""
    return _report(
        job_id, token, JobStatus.DELIVERED, Rank.DELIVERED, "deliveredAt", "delivered", at, device_id=device_id, now=now
    )


def mark_failed(job_id: str, token: str, at: int, error: JobError, *, device_id: str | None = None,
                now: int | None = None) -> Job:  # fmt: skip
    """The phone or the network says it can't be sent. Raises ConditionFailedError when this is no news."""
    return _report(
        job_id, token, JobStatus.FAILED, Rank.FAILED, "failedAt", "failed", at, error, device_id=device_id, now=now
    )


def mark_unknown(job_id: str, token: str, at: int, message: str, *, device_id: str | None = None,
                 now: int | None = None) -> Job:  # fmt: skip
    """The outcome of an Assigned job is unknown: our guess, which any word of the phone corrects."""
    error = JobError(OUTCOME_UNKNOWN, message)
    return _report(
        job_id, token, JobStatus.FAILED, Rank.UNKNOWN, "failedAt", OUTCOME_UNKNOWN, at, error, device_id=device_id,
        now=now,
    )  # fmt: skip


def _report(
    job_id: str, token: str, status: JobStatus, rank: int, time_name: str, event: str, at: int,
    error: JobError | None = None, *, device_id: str | None, now: int | None,
) -> Job:  # fmt: skip
    """Heard `now`, or else `at`. What a phone (`device_id`) dates before the assignment is refused like no news."""
    entry = TimelineEntry(event, at, detail=error.code if error and event == "failed" else None)
    values: Item = {
        ":token": token, ":status": status.value, ":rank": rank, ":at": at, ":none": [],
        ":entries": [entry_item(entry)], ":heard": at if now is None else now,
    }  # fmt: skip
    expression = f"SET #status = :status, #rank = :rank, {time_name} = :at, heardAt = :heard, {_APPEND}"
    names = _STATUS | {"#rank": "rank", "#token": "token", "#error": "error"}
    if error:
        expression += ", #error = :error"
        values[":error"] = {"code": error.code, "message": error.message}
    else:
        expression += " REMOVE #error, failedAt"
    condition = "#token = :token AND #rank < :rank"
    if device_id is not None:
        condition += " AND deviceId = :device AND assignedAt <= :at"
        values[":device"] = device_id
    return job_of(table.update("jobs", {"pk": job_id}, expression, values, condition=condition, names=names))


def add_sent_time(job_id: str, token: str, at: int, now: int) -> None:
    """Record a Sent that arrived behind its Delivered; nothing when it is known already."""
    values: Item = {":token": token, ":at": at, ":heard": now, ":none": [], ":entries": [{"e": "sent", "t": at}]}
    expression = f"SET sentAt = :at, heardAt = :heard, {_APPEND}"
    condition = "#token = :token AND attribute_not_exists(sentAt) AND attribute_exists(deliveredAt)"
    try:
        table.update("jobs", {"pk": job_id}, expression, values, condition=condition, names={"#token": "token"})
    except ConditionFailedError:
        return


def requeue_op(job: Job, entry: TimelineEntry) -> Item:
    """The operation that makes an Assigned job Pending again; refused when it is no longer as `job` has it.

    `job.avoid` and `job.attempts` are stored as given. The token that held it is kept, so that a repeated frame is
    recognised. A full timeline isn't added to: it keeps what it had before the assignment.
    """
    values: Item = {
        ":token": job.token, ":assigned": Rank.ASSIGNED, ":rank": Rank.PENDING, ":status": JobStatus.PENDING.value,
        ":avoid": dict(job.avoid), ":attempts": job.attempts,
    }  # fmt: skip
    if len(job.timeline) < TIMELINE_LIMIT:
        timeline = _APPEND
        values |= {":none": [], ":entries": [entry_item(entry)]}
    else:
        timeline = "timeline = :entries"
        values[":entries"] = [entry_item(kept) for kept in job.timeline[: TIMELINE_LIMIT - 1]]
    expression = (
        f"SET #status = :status, #rank = :rank, avoid = :avoid, attempts = :attempts, lastToken = #token, {timeline}"
        " REMOVE #token, assignedAt, #conn, deviceId, simSlot"
    )
    names = _STATUS | {"#rank": "rank", "#token": "token", "#conn": "connection"}
    condition = "#token = :token AND #rank = :assigned"
    return table.update_op("jobs", {"pk": job.job_id}, expression, values, condition, names)


def requeue(job: Job, entry: TimelineEntry) -> None:
    """Make an Assigned job Pending again that has no place in a pool. Raises TransactionRefusedError when it is no
    longer as `job` has it."""
    table.transact([requeue_op(job, entry)])


def keep_away(job: Job, entry: TimelineEntry) -> bool:
    """Store `job.avoid` as given, with a line in the timeline unless that is full; False when it isn't Pending."""
    values: Item = {":pending": Rank.PENDING, ":avoid": dict(job.avoid)}
    expression = "SET avoid = :avoid"
    if len(job.timeline) < TIMELINE_LIMIT:
        expression += f", {_APPEND}"
        values |= {":none": [], ":entries": [entry_item(entry)]}
    return _while_pending(job.job_id, expression, values)


def last_token(item: Item) -> str | None:
    """The token under which a Pending job was held before it came back."""
    token = item.get("lastToken")
    return str(token) if token is not None else None


def note(job: Job, entry: TimelineEntry) -> bool:
    """Add a line to the timeline of a job that is still Pending; False when it isn't, or the timeline is full."""
    if len(job.timeline) >= TIMELINE_LIMIT:
        return False
    values: Item = {":pending": Rank.PENDING, ":none": [], ":entries": [entry_item(entry)]}
    return _while_pending(job.job_id, f"SET {_APPEND}", values)


def _while_pending(job_id: str, expression: str, values: Item) -> bool:
    try:
        table.update("jobs", {"pk": job_id}, expression, values, condition="#rank = :pending", names={"#rank": "rank"})
    except ConditionFailedError:
        return False
    return True

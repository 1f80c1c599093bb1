"""What phones say of their jobs. Reports may come twice, late and out of order: each is applied once."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from smskit.dispatch.logic import claims, lane_filling, matching, setbacks
from smskit.dispatch.store import jobs, pool
from smskit.dispatch.store.job_items import job_or_none
from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.models.job import Job, JobError, Rank, TimelineEntry
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import lanes
from smskit.phones.store.lanes import LaneRefusedError
from smskit.platform.codec import Item
from smskit.platform.times import hour_of

TRANSIENT = frozenset(
    {"radio_off", "no_service", "generic_failure", "limit_exceeded", "sim_absent", "no_credit", "null_pdu"}
)
# What says nothing of the message: the SIM would fail any other as well.
OF_SIM = frozenset({"radio_off", "no_service", "limit_exceeded", "sim_absent", "no_credit"})
OF_LANE = TRANSIENT | {"permission_denied", "fdn_blocked"}
RETRY_AWAY_MS = 30_000


@dataclass(frozen=True, slots=True)
class Report:
    """One line of a report frame; `at` is the server's time as the phone knows it, milliseconds."""

    job_id: str
    token: str
    state: str
    at: int
    error: JobError | None = None


@dataclass(slots=True)
class Leaving:
    """Jobs (id → token) that leave a lane, and what that tells of its SIM: some were sent, some failed as any would."""

    tokens: dict[str, str] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)

    def add(self, item: Report) -> None:
        """A job that leaves by this report."""
        self.tokens[item.job_id] = item.token
        if item.state in ("Sent", "Delivered"):
            self.sent.add(item.job_id)
        if item.state == "Failed" and item.error is not None and item.error.code in OF_LANE:
            self.failed.add(item.job_id)


def apply(caller: claims.Caller, items: Sequence[Report], now: int) -> None:
    """Apply the reports of a phone, give back the credits of jobs that left it, and fill its lanes again."""
    own = claims.own_lanes(caller, consistent=False)
    released: dict[LaneKey, Leaving] = {}
    is_back = has_left = False
    for item in items:
        if item.state == "Failed" and any(leaving.sent for leaving in released.values()):
            _release_all(released, now)  # a row of failures begins behind what was sent
        job = _apply_one(caller, item, now)
        is_back = is_back or (job is None and item.state == "Failed")
        left_lane = job is not None and not (item.state == "Delivered" and job.sent_at is not None)
        if job is not None and left_lane and job.device_id is not None and job.sim_slot is not None:
            key = LaneKey(job.account_id, job.device_id, job.sim_slot)
            released.setdefault(key, Leaving()).add(item)
            has_left = True
    for lane in own:
        if not has_left or lane.strikes or lane.connection_id != caller.connection_id:
            claims.record_activity(lane, caller, {}, now)
    _release_all(released, now)
    if is_back:
        setbacks.fill_again(own, now)


def _apply_one(caller: claims.Caller, item: Report, now: int) -> Job | None:
    """Apply one report; the job as it is now if it is this phone's, else None.

    Its time counts from the job's assignment at the earliest and until now at the latest: a phone's clock may be wrong.
    """
    at = min(item.at, now)
    try:
        match item.state:
            case "Sent":
                return jobs.mark_sent(item.job_id, item.token, at, device_id=caller.device_id, now=now)
            case "Delivered":
                return jobs.mark_delivered(item.job_id, item.token, at, device_id=caller.device_id, now=now)
            case "Unknown":
                message = item.error.message if item.error else "The phone does not know whether it sent the message"
                return jobs.mark_unknown(item.job_id, item.token, at, message, device_id=caller.device_id, now=now)
            case _:
                error = item.error or JobError("generic_failure", "The phone gave no reason")
                return _failed(caller, item, error, at, now)
    except ConditionFailedError as refused:
        return _refused(caller, item, refused.item, at, now)


def _failed(caller: claims.Caller, item: Report, error: JobError, at: int, now: int) -> Job | None:
    if error.code not in TRANSIENT:
        return jobs.mark_failed(item.job_id, item.token, at, error, device_id=caller.device_id, now=now)
    job = jobs.get(item.job_id)
    if job is None or not caller.has(job, item.token):
        _repeated(caller, job, item, now)
        return None
    if job.rank == Rank.ASSIGNED:
        key = _lane_key(job)
        lane = lanes.get(key) if key else None
        entry = TimelineEntry("attempt_failed", now, detail=error.code)
        away_ms = RETRY_AWAY_MS * min(job.attempts, setbacks.MAX_ATTEMPTS)
        why = setbacks.Setback(entry, away_ms, error, is_of_sim=error.code in OF_SIM)
        with suppress(TransactionRefusedError):  # somebody guessed what became of it: the phone's word corrects that
            setbacks.disown(job, item.token, lane, why, now)
            return None
    return jobs.mark_failed(item.job_id, item.token, at, error, device_id=caller.device_id, now=now)


def _lane_key(job: Job) -> LaneKey | None:
    if job.device_id is None or job.sim_slot is None:
        return None
    return LaneKey(job.account_id, job.device_id, job.sim_slot)


def _refused(caller: claims.Caller, item: Report, stored: Item | None, at: int, now: int) -> Job | None:
    """A report that is dated before the assignment counts as said then.

    Any other says what the job says already, or less: only the time of a Sent behind its Delivered is new.
    """
    job = job_or_none(stored)
    if stored is None or job is None:
        return None
    if not caller.has(job, item.token):
        _repeated(caller, job, item, now, jobs.last_token(stored))
        return None
    if job.assigned_at is not None and at < job.assigned_at:
        return _apply_one(caller, replace(item, at=job.assigned_at), max(now, job.assigned_at))
    if item.state == "Sent" and job.sent_at is None:
        jobs.add_sent_time(item.job_id, item.token, at, now)
    return job


def _repeated(caller: claims.Caller, job: Job | None, item: Report, now: int, last_token: str | None = None) -> None:
    """An earlier run put the job back and may have died before it found it another lane."""
    own = job is not None and job.account_id == caller.account_id
    waits = own and job is not None and job.rank == Rank.PENDING and last_token in (None, item.token)
    if job is not None and waits and pool.contains(job):
        matching.match(job, now)


def _release_all(released: dict[LaneKey, Leaving], now: int) -> None:
    while released:
        _release(*released.popitem(), now)


def _release(key: LaneKey, leaving: Leaving, now: int) -> None:
    """Give the credits back; a lane that turns ready by it, or was released before, is filled from its pools."""

    def change(current: Lane) -> Lane:
        return _released(current, leaving, now)

    if leaving.failed:
        lane_filling.change_and_fill(key, change, now, look=True)
        return
    try:
        lane = lanes.give_back(key, leaving.tokens, len(leaving.sent))
    except LaneRefusedError as refused:
        lane_filling.change_and_fill(key, change, now, known=refused.lane, look=True)
    else:
        if lane.hour < hour_of(now) and lane.left < lane.limit:
            lane_filling.change_and_fill(key, lane_filling.unchanged, now, known=lane, look=True)


def _released(lane: Lane, leaving: Leaving, now: int) -> Lane:
    standing = [job_id for job_id, token in leaving.tokens.items() if lane.holds(job_id, token)]
    for job_id in standing:
        lane = lane.release(job_id)
    lane = replace(lane, strikes=0)
    for _ in leaving.failed.intersection(standing):
        lane = lane.set_back(now)
    sent = leaving.sent.intersection(standing)
    return lane.after_sent(len(sent)) if sent else lane

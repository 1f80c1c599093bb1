"""What a phone gives back, having sent none of it: declined, lost, or failed for the moment.

A lane counts as setbacks what other jobs would have met there as well; from the third in a row on it rests.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from smskit.dispatch.logic import claims, connections, expiry, lane_filling, matching, offers, timers
from smskit.dispatch.store import jobs, pool
from smskit.errors import ConditionFailedError, TransactionRefusedError
from smskit.models.job import Job, JobError, JobStatus, Rank, TimelineEntry
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import lanes
from smskit.platform.patience import Patience

MAX_ATTEMPTS = 3
AWAY_MS = 30_000  # for so long a lane isn't given again what it declined
OF_THE_MOMENT = frozenset(
    {"expired", "unknown-claim", "shutdown", "sim-disabled"}
)  # declines that don't speak against the lane


@dataclass(frozen=True, slots=True)
class Setback:
    """Why a phone has a job no longer, having sent none of it.

    `is_of_lane`: other jobs would fare as badly there. `is_of_sim`: this says nothing of the job itself.
    """

    entry: TimelineEntry
    avoid_ms: int = AWAY_MS
    error: JobError | None = None
    is_of_lane: bool = True
    is_of_sim: bool = False


def decline(caller: claims.Caller, items: Sequence[tuple[str, str, str]], now: int) -> None:
    """The phone gives jobs (id, token, reason) back, having sent none of them. Repeating it changes nothing."""
    own = claims.own_lanes(caller)
    found = jobs.get_many([job_id for job_id, _, _ in items])
    for job_id, token, reason in items:
        lane = next((lane for lane in own if lane.holds(job_id, token)), None)
        job = found.get(job_id)
        if (
            job is not None
            and (job.account_id != caller.account_id or job.token == token)
            and not caller.has(job, token)
        ):
            continue  # another phone's job
        entry = TimelineEntry("declined", now, detail=reason)
        with suppress(TransactionRefusedError):  # it has moved on, and a decline says nothing of that
            disown(job, token, lane, Setback(entry, is_of_lane=reason not in OF_THE_MOMENT), now)
    for lane in own:
        claims.record_activity(lane, caller, {}, now)
    fill_again(own, now)


def fill_again(own: Sequence[Lane], now: int) -> None:
    """Fill the lanes of a phone once its frame is done; an earlier run may have done the rest, and died before this."""
    for lane in own:
        lane_filling.change_and_fill(lane.key, lane_filling.unchanged, now, look=True)


def disown(job: Job | None, token: str, lane: Lane | None, why: Setback, now: int) -> None:
    """A phone disowns a job or failed it for the moment: Pending again and away from that SIM, or its end.

    The job, the lane's credit and the pool entry change in one transaction; a timer set before it finds the next lane.
    The lane is left to the caller to fill. Raises TransactionRefusedError when the job has moved on since it was read.
    """
    if job is not None and job.token == token and job.rank == Rank.ASSIGNED:
        if job.expires_at <= now:
            expiry.give_up(job, expiry.EXPIRED, now)
        elif _requeue(job, why, now):
            return
    elif job is not None and job.rank == Rank.PENDING and (lane is not None or pool.contains(job)):
        _back_to_pool(job, token, lane, why, now)
        return
    if lane is not None:
        lane_filling.change_and_fill(lane.key, lambda current: _released(current, token, why, now), now)


def _is_trial(lane: Lane, why: Setback) -> bool:
    """Whether the job was with a SIM that fails whatever it is given: that is no attempt of the job's."""
    return why.is_of_sim and lane.is_on_trial


def _released(current: Lane, token: str, why: Setback, now: int) -> Lane:
    job_id = next((job_id for job_id, hold in current.held.items() if hold.token == token), None)
    if job_id is None:
        return current
    freed = current.release(job_id, refund=True)
    return freed.set_back(now) if why.is_of_lane else freed


def _back_to_pool(job: Job, token: str, lane: Lane | None, why: Setback, now: int) -> None:
    """An offer that was declined before it was claimed: away from this SIM for a while, or it came again at once."""
    if lane is None:
        matching.match(job, now)
        return
    timers.set_match([job], AWAY_MS // 1000 + 1)
    away = replace(job, avoid=_away(job, lane.key, now, AWAY_MS))
    if jobs.keep_away(away, offers.came_of(lane, job.job_id, why.entry)):
        connections.return_offers(lane.key, {job.job_id: token}, {job.job_id: away}, now, set_back=why.is_of_lane)
        matching.match(away, now, exclude=lane.key)
    elif (current := jobs.get(job.job_id)) and current.token == token and current.rank == Rank.ASSIGNED:
        disown(current, token, lane, why, now)  # its claim was handled beside this
        return
    lane_filling.change_and_fill(lane.key, lambda current: _released(current, token, why, now), now)


def _away(job: Job, lane: LaneKey, now: int, avoid_ms: int) -> dict[str, int]:
    return {other: until for other, until in job.avoid.items() if until > now} | {
        f"{lane.device_id}#{lane.sim_slot}": now + avoid_ms
    }


def _requeue(job: Job, why: Setback, now: int) -> bool:
    """Assigned → Pending with its pool entries, and the lane's credit back, as one; then find another lane.

    False when it has used up its attempts, and was ended. Raises TransactionRefusedError when it has moved on.
    """
    if job.device_id is None or job.sim_slot is None or job.token is None:
        return True
    key = LaneKey(job.account_id, job.device_id, job.sim_slot)
    back = replace(job, avoid=_away(job, key, now, why.avoid_ms))
    entry = replace(why.entry, device_id=job.device_id, sim_slot=job.sim_slot)
    timers.set_match([job], why.avoid_ms // 1000 + 1)
    timers.watch_deadlines([job], now)
    patience = Patience()
    while (lane := lanes.get(key)) is not None:
        attempts = job.attempts - _is_trial(lane, why)
        if attempts >= MAX_ATTEMPTS:
            expiry.give_up(job, expiry.exhausted(job.attempts, why.error.code if why.error else None), now)
            return False
        operations = [jobs.requeue_op(replace(back, attempts=attempts), entry), *pool.put_ops([job])]
        freed = _released(lane, job.token, why, now)
        timers.watch_rest(lane, freed, now)
        try:
            lanes.save(lane, freed, operations)
        except ConditionFailedError:
            patience.wait(f"job {job.job_id} could not be put back")
            continue
        pending = replace(
            back, attempts=attempts, status=JobStatus.PENDING, rank=Rank.PENDING, token=None, device_id=None,
            sim_slot=None,
        )  # fmt: skip
        matching.match(pending, now, exclude=key)
        break
    return True

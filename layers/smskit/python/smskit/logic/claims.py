"""Claim and go, decline, and what a phone no longer has: the only ways a job comes to be, or ceases to be, Assigned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from smskit.errors import ConditionFailedError, NotFoundError, TransactionRefusedError
from smskit.logic import expiry, filling, phones, timers, waiting
from smskit.models.job import Job, JobError, JobStatus, Rank, TimelineEntry
from smskit.models.lane import Lane, LaneKey
from smskit.store import contacts, devices, jobs, lanes, pool
from smskit.store.job_items import kept_of
from smskit.store.patience import Patience

MAX_ATTEMPTS = 3
AWAY_MS = 30_000  # for so long a lane isn't given again what it declined
OF_THE_MOMENT = frozenset({"expired", "unknown-claim", "shutdown"})  # declines that don't speak against the lane
REPLACED = "Another connection of this phone has replaced this one, or the phone is disabled"


@dataclass(frozen=True, slots=True)
class Caller:
    """The phone and the connection that a frame came from. `connected_at`: milliseconds, the gateway's clock."""

    account_id: str
    device_id: str
    connection_id: str
    connected_at: int

    def has(self, job: Job, token: str) -> bool:
        """Whether the job was assigned to this phone under this token; a token alone proves nothing."""
        return job.token == token and job.account_id == self.account_id and job.device_id == self.device_id


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one claim: go, or gone with the reason."""

    job_id: str
    token: str
    reason: str | None = None


def own_lanes(caller: Caller, *, consistent: bool = True) -> list[Lane]:
    """The lanes of the phone that speaks.

    Raises NotFoundError for a phone that was disabled or revoked: what it says changes nothing, on whatever socket.
    """
    own = lanes.of_device(caller.account_id, caller.device_id, consistent=consistent)
    if any(lane.barred for lane in own) or (not own and _is_barred(caller)):
        raise NotFoundError(REPLACED)
    return own


def _is_barred(caller: Caller) -> bool:
    """Asked of a phone without a lane, whose lanes can't say."""
    device = devices.get(caller.account_id, caller.device_id)
    return device is None or device.bar is not None


def claim(caller: Caller, items: Sequence[tuple[str, str]], now: int) -> list[Verdict]:
    """Decide the claims (job id, token) of a phone. Repeating a claim repeats its verdict."""
    own = own_lanes(caller)
    usable = [lane for lane in own if lane.refusal is None]
    standing = {(job_id, token): lane for job_id, token in items for lane in usable if lane.holds(job_id, token)}
    numbers = [lane.held[job_id].recipient for (job_id, _), lane in standing.items()]
    opted_out = contacts.opted_out(caller.account_id, numbers)
    verdicts, freed = [], dict[LaneKey, list[tuple[str, str]]]()
    for job_id, token in dict.fromkeys(items):
        lane = standing.get((job_id, token))
        if lane is None:
            verdicts.append(Verdict(job_id, token, _unheld(caller, job_id, token)))
            continue
        reason = _decide(caller, lane, job_id, token, opted_out, now)
        verdicts.append(Verdict(job_id, token, reason))
        if reason not in (None, "late"):
            freed.setdefault(lane.key, []).append((job_id, token))
    for lane in own:
        spoken(lane, caller, freed.get(lane.key, ()), now)
    return verdicts


def spoken(lane: Lane, caller: Caller, freed: Sequence[tuple[str, str]], now: int) -> None:
    """What every frame of a phone does to its lanes: it has spoken; and `freed` offers are taken off."""
    moved = lane.connection_id != caller.connection_id and _is_current(caller, now)
    if not freed and not lane.strikes and not moved:
        return

    def change(current: Lane) -> Lane:
        for job_id, token in freed:
            if current.holds(job_id, token):
                current = current.release(job_id, refund=True)
        return current.on(caller.connection_id, caller.connected_at) if moved else replace(current, strikes=0)

    filling.settle(lane.key, change, now, known=lane, look=bool(freed))


def _is_current(caller: Caller, now: int) -> bool:
    """Whether the phone speaks on its own connection, or on the one that was given up since it was silent."""
    device = devices.get(caller.account_id, caller.device_id)
    if device is None or device.silent_on != caller.connection_id:
        return device is not None and device.connection_id == caller.connection_id
    return devices.heard(caller.account_id, caller.device_id, caller.connection_id, now, {}, device) is not None


def _unheld(caller: Caller, job_id: str, token: str) -> str | None:
    """A claim for an offer that no longer stands: go again if it was granted to this phone before, else gone."""
    job = jobs.get(job_id)
    return None if job is not None and caller.has(job, token) and job.rank == Rank.ASSIGNED else "unknown"


def _decide(caller: Caller, lane: Lane, job_id: str, token: str, opted_out: set[str], now: int) -> str | None:
    hold = lane.held[job_id]
    if now > hold.claim_by:
        return None if _unheld(caller, job_id, token) is None else "late"
    if hold.recipient in opted_out and not _is_exempt(job_id):
        return _refuse_opted_out(job_id, token, now)
    try:
        jobs.assign(job_id, token, lane.key, caller.connection_id, hold.offered_at, now, hold.created_at)
    except ConditionFailedError as refused:
        job = kept_of(refused.item)
        return _why_not(job, token, now) if job else "unknown"
    return None


def _is_exempt(job_id: str) -> bool:
    """Whether the job goes out also to who has opted out; read only when that matters."""
    job = jobs.get(job_id)
    return job is not None and job.exempt_from_opt_out


def _refuse_opted_out(job_id: str, token: str, now: int) -> str | None:
    job = jobs.get(job_id)
    if job is not None and job.rank == Rank.PENDING and expiry.give_up(job, expiry.OPTED_OUT, now):
        return "opted-out"
    return None if job is not None and job.token == token and job.rank == Rank.ASSIGNED else "opted-out"


def _why_not(job: Job, token: str, now: int) -> str | None:
    if job.rank == Rank.ASSIGNED and job.token == token:
        return None
    if job.rank == Rank.PENDING:
        expiry.expire(job.job_id, now)
        return "expired"
    return "cancelled" if job.status is JobStatus.CANCELLED else "taken"


def decline(caller: Caller, items: Sequence[tuple[str, str, str]], now: int) -> None:
    """The phone gives jobs (id, token, reason) back, having sent none of them. Repeating it changes nothing."""
    own = own_lanes(caller)
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
        disown(job, token, lane, Setback(entry, is_of_lane=reason not in OF_THE_MOMENT), now)
    for lane in own:
        spoken(lane, caller, (), now)
    fill_again(own, now)


def fill_again(own: Sequence[Lane], now: int) -> None:
    """Fill the lanes of a phone once its frame is done; an earlier run may have done the rest, and died before this."""
    for lane in own:
        filling.settle(lane.key, filling.unchanged, now, look=True)


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


def disown(job: Job | None, token: str, lane: Lane | None, why: Setback, now: int) -> None:
    """A phone disowns a job or failed it for the moment: Pending again and away from that SIM, or its end.

    The job, the lane's credit and the pool entry change in one transaction; a timer set before it finds the next lane.
    The lane is left to the caller to fill.
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
        filling.settle(lane.key, lambda current: _without(current, token, why, now), now)


def _is_trial(lane: Lane, why: Setback) -> bool:
    """Whether the job was with a SIM that fails whatever it is given: that is no attempt of the job's."""
    return why.is_of_sim and lane.is_on_trial


def _without(current: Lane, token: str, why: Setback, now: int) -> Lane:
    job_id = next((job_id for job_id, hold in current.held.items() if hold.token == token), None)
    if job_id is None:
        return current
    freed = current.release(job_id, refund=True)
    return freed.set_back(now) if why.is_of_lane else freed


def _back_to_pool(job: Job, token: str, lane: Lane | None, why: Setback, now: int) -> None:
    """An offer that was declined before it was claimed: away from this SIM for a while, or it came again at once."""
    if lane is None:
        waiting.match(job, now)
        return
    timers.set_match([job], AWAY_MS // 1000 + 1)
    away = replace(job, avoid=_away(job, lane.key, now, AWAY_MS))
    if jobs.keep_away(away, replace(why.entry, device_id=lane.key.device_id, sim_slot=lane.key.sim_slot)):
        phones.release_to_pool(lane.key, {job.job_id: token}, {job.job_id: away}, now, set_back=why.is_of_lane)
        waiting.match(away, now, exclude=lane.key)
    filling.settle(lane.key, lambda current: _without(current, token, why, now), now)


def _away(job: Job, lane: LaneKey, now: int, avoid_ms: int) -> dict[str, int]:
    return {other: until for other, until in job.avoid.items() if until > now} | {
        f"{lane.device_id}#{lane.sim_slot}": now + avoid_ms
    }


def _requeue(job: Job, why: Setback, now: int) -> bool:
    """Assigned → Pending with its pool entries, and the lane's credit back, as one; then find another lane.

    False when it has used up its attempts, and was ended.
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
            last = f"; last: {why.error.code}" if why.error else ""
            message = f"{job.attempts} attempts did not get the message sent{last}"
            expiry.give_up(job, JobError(expiry.ATTEMPTS_EXHAUSTED, message), now)
            return False
        operations = [jobs.requeue_op(replace(back, attempts=attempts), entry), *pool.put_ops([job])]
        freed = _without(lane, job.token, why, now)
        timers.watch_rest(lane, freed, now)
        try:
            lanes.save(lane, freed, operations)
        except TransactionRefusedError:
            return True  # the job has moved on
        except ConditionFailedError:
            patience.wait(f"job {job.job_id} could not be put back")
            continue
        pending = replace(
            back, attempts=attempts, status=JobStatus.PENDING, rank=Rank.PENDING, token=None, device_id=None,
            sim_slot=None,
        )  # fmt: skip
        waiting.match(pending, now, exclude=key)
        break
    return True

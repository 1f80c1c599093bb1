"""Claim and go: the only way a job comes to be Assigned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from smskit import settings
from smskit.contacts import store as contacts
from smskit.dispatch.logic import connections, expiry, lane_filling, offers, timers
from smskit.dispatch.store import jobs
from smskit.dispatch.store.job_items import job_or_none
from smskit.errors import ConditionFailedError, NotFoundError
from smskit.models.device import PhoneState
from smskit.models.job import Job, JobStatus, Rank, TimelineEntry
from smskit.models.lane import Hold, Lane, LaneKey
from smskit.models.timer import OffersTimer, TimerKind
from smskit.phones.store import devices, lanes
from smskit.platform.times import now_ms

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
    """Decide the claims (job id, token) of a phone. Repeating a claim repeats its verdict.

    One that comes after `claim_by` is `late`: the lane is free of its offer at once, which would else count as left
    unanswered by a phone that has just spoken. Lanes that are in time come first then.
    """
    own = own_lanes(caller)
    usable = [lane for lane in own if lane.refusal is None]
    standing = {(job_id, token): lane for job_id, token in items for lane in usable if lane.holds(job_id, token)}
    numbers = [lane.held[job_id].recipient for (job_id, _), lane in standing.items()]
    opted_out = contacts.opted_out(caller.account_id, numbers)
    verdicts, freed, late = [], dict[LaneKey, dict[str, str]](), dict[LaneKey, dict[str, str]]()
    for job_id, token in dict.fromkeys(items):
        lane = standing.get((job_id, token))
        if lane is None:
            verdicts.append(Verdict(job_id, token, _verdict_on_lost_offer(caller, job_id, token)))
            continue
        reason = _decide(caller, lane, job_id, token, opted_out, now)
        verdicts.append(Verdict(job_id, token, reason))
        if reason == "late":
            late.setdefault(lane.key, {})[job_id] = token
        elif reason is not None:
            freed.setdefault(lane.key, {})[job_id] = token
    freed = _without_granted(freed)
    own = [_take_off(lane, late[lane.key], now) if lane.key in late else lane for lane in own]
    # A late claim that is repeated, since its answer was late too, isn't in time by that.
    is_repeated = all(verdict.reason == "unknown" for verdict in verdicts)
    for lane in own:
        strikes = int(lane.key in late or (is_repeated and lane.strikes > 0))
        record_activity(lane, caller, freed.get(lane.key, {}), now, strikes=strikes)
    return verdicts


def _without_granted(freed: Mapping[LaneKey, Mapping[str, str]]) -> dict[LaneKey, dict[str, str]]:
    """Without the jobs that had go under these tokens: a claim that is repeated may come beside its job's report, which
    takes the job off the lane itself, counts it as sent, and gives no budget back."""
    found = jobs.get_many([job_id for offered in freed.values() for job_id in offered])
    had_go = {job.token for job in found.values() if job.token}
    return {key: {job_id: token for job_id, token in offered.items() if token not in had_go}
            for key, offered in freed.items()}  # fmt: skip


def _take_off(lane: Lane, offered: dict[str, str], now: int) -> Lane:
    """Take offers (job id → token) off a lane that were claimed too late; the lane as it is then. Their jobs are left
    to the timer of the offers, which is under way: if both offered them, one offer would lead to two, and each of those
    again."""
    found = jobs.get_many(list(offered))
    granted = {job_id for job_id, job in found.items() if job.token == offered[job_id]}
    connections.return_offers(lane.key, offered, {}, now, spent=granted)
    for job in found.values():
        jobs.note(job, offers.came_of(lane, job.job_id, TimelineEntry("unclaimed", now)))
    return lanes.get(lane.key) or lane


def record_activity(lane: Lane, caller: Caller, freed: Mapping[str, str], now: int, strikes: int = 0) -> None:
    """What every frame of a phone does to its lanes: it has spoken; and `freed` offers (job id → token) are taken off.

    Of a SIM that it no longer has it says nothing by that.
    """
    moved = not lane.is_without_sim and lane.connection_id != caller.connection_id and _is_current(caller, now)
    if not freed and lane.strikes == strikes and not moved:
        return

    def change(current: Lane) -> Lane:
        for job_id, token in freed.items():
            if current.holds(job_id, token):
                current = current.release(job_id, refund=True)
        if moved and not current.is_without_sim:
            return current.on(caller.connection_id, caller.connected_at)
        return replace(current, strikes=strikes)

    lane_filling.change_and_fill(lane.key, change, now, known=lane, look=bool(freed))
    if moved:
        connections.confirm(caller.account_id, caller.device_id, caller.connection_id)


def _is_current(caller: Caller, now: int) -> bool:
    """Whether the phone speaks on its own connection, or on the one that was given up since it was silent."""
    device = devices.get(caller.account_id, caller.device_id)
    if device is None or device.silent_on != caller.connection_id:
        return device is not None and device.connection_id == caller.connection_id
    said = PhoneState()
    known = devices.record_heartbeat(caller.account_id, caller.device_id, caller.connection_id, now, said, device)
    return known is not None


def _verdict_on_lost_offer(caller: Caller, job_id: str, token: str) -> str | None:
    """A claim for an offer that no longer stands: go again if it was granted to this phone before, else gone."""
    job = jobs.get(job_id)
    return None if job is not None and caller.has(job, token) and job.rank == Rank.ASSIGNED else "unknown"


def _decide(caller: Caller, lane: Lane, job_id: str, token: str, opted_out: set[str], now: int) -> str | None:
    hold = lane.held[job_id]
    if now > hold.claim_by:
        return _verdict_on_late_claim(caller, job_id, token)
    if hold.recipient in opted_out and not _is_exempt(job_id):
        return _refuse_opted_out(job_id, hold, now)
    try:
        jobs.assign(job_id, token, lane.key, caller.connection_id, hold.offered_at, now, hold.created_at)
    except ConditionFailedError as refused:
        job = job_or_none(refused.item)
        return _why_not(job, token, now) if job else "unknown"
    if now_ms() > hold.claim_by:  # the offer's timer, which sees to the report, may have been here before
        report = OffersTimer(TimerKind.REPORT, lane.key, ((job_id, token),))
        timers.set_timer(report, settings.timeouts().report)
    return None


def _verdict_on_late_claim(caller: Caller, job_id: str, token: str) -> str | None:
    """A claim in time may be repeated late, also beside its job's report."""
    job = jobs.get(job_id)
    if job is None or not caller.has(job, token):
        return "late"
    return None if job.rank == Rank.ASSIGNED else "taken"


def _is_exempt(job_id: str) -> bool:
    """Whether the job goes out also to who has opted out; read only when that matters."""
    job = jobs.get(job_id)
    return job is not None and job.exempt_from_opt_out


def _refuse_opted_out(job_id: str, hold: Hold, now: int) -> str | None:
    job = jobs.get(job_id)
    if job is None or job.created_at != hold.created_at:
        return "unknown"  # made anew under its key, perhaps for another number
    if job.rank == Rank.PENDING and expiry.give_up(job, expiry.OPTED_OUT, now):
        return "opted-out"
    return None if job.token == hold.token and job.rank == Rank.ASSIGNED else "opted-out"


def _why_not(job: Job, token: str, now: int) -> str | None:
    if job.rank == Rank.ASSIGNED and job.token == token:
        return None
    if job.rank == Rank.PENDING:
        expiry.expire(job.job_id, now)
        return "expired"
    return "cancelled" if job.status is JobStatus.CANCELLED else "taken"

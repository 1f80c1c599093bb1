"""Hello and heartbeat: what a phone says it has is compared with what its lanes hold, and its lanes come online."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from smskit.dispatch.gateways import frames, sockets
from smskit.dispatch.logic import claims, connections, lane_filling, setbacks
from smskit.dispatch.store import jobs
from smskit.errors import ConditionFailedError, ContentionError, NotFoundError, TransactionRefusedError
from smskit.models.device import Device, PhoneState, Sim
from smskit.models.job import Job, Rank, TimelineEntry
from smskit.models.lane import Hold, Lane, LaneKey
from smskit.phones.logic import change_timer
from smskit.phones.logic import lanes as phone_lanes
from smskit.phones.store import devices, lanes

STALE_HOLD_MS = 30_000
OTHER_JOURNAL = "The phone was given the message to send, and has lost the journal that knows what became of it"


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that a phone has in its journal."""

    job_id: str
    token: str
    state: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """What the phone shall do with one of its open jobs: go, drop or report."""

    job_id: str
    token: str
    action: frames.Action


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a hello says: SIMs, open jobs, the id of the journal that has them, and the phone's state."""

    sims: Sequence[Sim]
    opened: Sequence[OpenJob]
    journal_id: str | None
    state: PhoneState


def hello(caller: claims.Caller, said: Greeting, now: int) -> list[Resolution]:
    """Bring the phone's lanes online and settle what it and we hold. Raises NotFoundError if it may not connect."""
    before, known = devices.get_with_lanes(caller.account_id, caller.device_id)
    device = devices.record_heartbeat(
        caller.account_id, caller.device_id, caller.connection_id, now, said.state, before
    )
    if device is None:
        raise NotFoundError(claims.REPLACED)
    for old in {lane.connection_id for lane in known} - {None, caller.connection_id}:
        sockets.close(str(old))
    held = [job_id for lane in known for job_id in lane.held]
    found = jobs.get_many([*held, *(entry.job_id for entry in said.opened)])
    resolved = _resolve_open_jobs(caller, said.opened, known, found, now)
    knows_all = said.journal_id is not None and said.journal_id == device.journal_id
    for lane in known:
        _reconcile_lane(lane, {(entry.job_id, entry.token) for entry in said.opened}, found, now, (caller, knows_all))
    if said.journal_id != device.journal_id:
        devices.keep_journal(device, caller.connection_id, said.journal_id)  # behind it: a hello that died comes again
    _bring_online(caller, device, known, said.sims, now)
    connections.confirm(caller.account_id, caller.device_id, caller.connection_id)
    if device.was_configured or any(lane.refusal for lane in known):
        change_timer.set_phone_check(caller.account_id, caller.device_id, 1)  # `config`, behind the welcome
    return resolved


def heartbeat(caller: claims.Caller, ready: Mapping[int, bool], state: PhoneState, now: int) -> None:
    """Record that the phone lives, and mend its lanes. Raises NotFoundError if another connection replaced it."""
    if devices.record_heartbeat(caller.account_id, caller.device_id, caller.connection_id, now, state) is None:
        raise NotFoundError(claims.REPLACED)
    for lane in _with_all_named(caller, lanes.of_device(caller.account_id, caller.device_id), set(ready), now):
        old = {job_id for job_id, hold in lane.held.items() if hold.offered_at < now - STALE_HOLD_MS}
        if old:
            _reconcile_lane(lane, set(), jobs.get_many(list(old)), now, only=old)
        is_named = lane.key.sim_slot in ready
        if not is_named and (lane.is_without_sim or (ready and lane.connection_id is None)):
            continue
        sim_ready = ready.get(lane.key.sim_slot, lane.sim_ready)

        def change(current: Lane, sim_ready: bool = sim_ready, is_named: bool = is_named) -> Lane:
            if (current.is_without_sim and not is_named) or current.connected_at > caller.connected_at:
                return current
            rests_until = 0 if sim_ready > current.sim_ready else current.rests_until
            said = replace(current, sim_ready=sim_ready, rests_until=rests_until)
            return said.on(caller.connection_id, caller.connected_at)

        lane_filling.change_and_fill(lane.key, change, now, known=None if old else lane, look=True)
    connections.confirm(caller.account_id, caller.device_id, caller.connection_id)


def _with_all_named(caller: claims.Caller, own: list[Lane], named: set[int], now: int) -> list[Lane]:
    """The phone's lanes. Those that counted as without a SIM, and are named now, share its limit again before they are
    given work: they were made smaller by nobody while they were away."""
    back = {lane.key.sim_slot for lane in own if lane.is_without_sim} & named
    if not back:
        return own

    def wanted(device: Device, its_lanes: Sequence[Lane]) -> list[Lane]:
        _require_current(caller, device)
        return phone_lanes.with_back(device, its_lanes, back, now)

    return phone_lanes.apply(caller.account_id, caller.device_id, wanted)[1]


def _resolve_open_jobs(
    caller: claims.Caller, opened: Sequence[OpenJob], known: Sequence[Lane], found: Mapping[str, Job], now: int
) -> list[Resolution]:
    """What to do with each open job. A claim that never reached us is decided now."""
    undecided = [
        (entry.job_id, entry.token)
        for entry in opened
        if entry.state == "Claimed" and any(lane.holds(entry.job_id, entry.token) for lane in known)
    ]
    verdicts = {(v.job_id, v.token): v for v in claims.claim(caller, undecided, now)} if undecided else {}
    resolved = []
    for entry in opened:
        if entry.state == "Sending":
            continue
        action: frames.Action = "report"
        if entry.state == "Claimed":
            verdict = verdicts.get((entry.job_id, entry.token))
            job = found.get(entry.job_id)
            stands = job is not None and caller.has(job, entry.token) and job.rank == Rank.ASSIGNED
            granted = verdict.reason is None if verdict else stands
            action = "go" if granted else "drop"
        resolved.append(Resolution(entry.job_id, entry.token, action))
    return resolved


def _reconcile_lane(
    lane: Lane, opened: set[tuple[str, str]], found: Mapping[str, Job], now: int,
    hello_of: tuple[claims.Caller, bool] | None = None, only: set[str] | None = None,
) -> None:  # fmt: skip
    """Take off a lane what neither the phone nor the jobs know of.

    `hello_of`: who says what it has, and whether by the journal that had all of it. Without that journal nobody knows
    what became of a job that had `go`.
    """
    stale: dict[str, str] = {}
    pending: dict[str, Job] = {}
    spent: set[str] = set()
    for job_id, hold in lane.held.items():
        job = found.get(job_id)
        if (job_id, hold.token) in opened or (only is not None and job_id not in only):
            continue
        if job is not None and job.rank == Rank.PENDING:
            if hello_of is None or _is_of_other(hello_of[0], lane, hold):
                stale[job_id], pending[job_id] = hold.token, job
        elif job is not None and job.rank == Rank.ASSIGNED and job.token == hold.token:
            if hello_of is not None and _is_of_earlier(hello_of[0], job):
                _disown(lane, job, hold.token, now, knows_all=hello_of[1])
        else:
            stale[job_id] = hold.token
            if job is not None and job.token == hold.token:
                spent.add(job_id)  # it had go
    if stale:
        sent = {job_id for job_id in spent if found[job_id].rank in (Rank.SENT, Rank.DELIVERED)}
        connections.return_offers(lane.key, stale, pending, now, spent=spent, sent=sent)


def _is_of_other(caller: claims.Caller, lane: Lane, hold: Hold) -> bool:
    """Whether an offer went over an earlier connection: also such as was made while this one came up."""
    return hold.offered_at < caller.connected_at or lane.connection_id != caller.connection_id


def _disown(lane: Lane, job: Job, token: str, now: int, *, knows_all: bool) -> None:
    if knows_all:
        why = setbacks.Setback(TimelineEntry("disowned", now), avoid_ms=0, is_of_lane=False)
        with suppress(TransactionRefusedError):  # it has been told of meanwhile
            setbacks.disown(job, token, lane, why, now)
        return
    with suppress(ConditionFailedError):  # it has been told of meanwhile
        jobs.mark_unknown(job.job_id, token, now, OTHER_JOURNAL)
    connections.return_offers(lane.key, {job.job_id: token}, {}, now, spent={job.job_id})


def _is_of_earlier(caller: claims.Caller, job: Job) -> bool:
    """Only what was assigned over an earlier connection: a phone journals before it claims, so its hello knew it.

    Both the connection and the time are compared, since a late hello may meet a newer claim and clocks differ.
    """
    return job.connection_id != caller.connection_id and (job.assigned_at or 0) < caller.connected_at


def _bring_online(caller: claims.Caller, device: Device, known: Sequence[Lane], sims: Sequence[Sim], now: int) -> None:
    """Lanes keep the limits that they have unless the phone has other SIMs than before: people set them meanwhile."""
    if not phone_lanes.match_sims(device, known, sims, now):
        _fit_lanes(caller, sims, now)
    for sim in sims:
        _bring_lane_online(caller, sim, now)


def _bring_lane_online(caller: claims.Caller, sim: Sim, now: int) -> None:
    """The lane is online, or the hello fails. A phone is welcome although the pools are too busy to fill its lane.

    One that a hello on a later connection has told of, or left out, stays as that one left it.
    """

    def change(current: Lane) -> Lane:
        if current.connected_at > caller.connected_at:
            return current
        online = phone_lanes.described(current, sim).on(caller.connection_id, caller.connected_at)
        return replace(online, sim_ready=True)

    key = LaneKey(caller.account_id, caller.device_id, sim.sim_slot)
    try:
        lane_filling.change_and_fill(key, change, now, look=True)
    except ContentionError:
        lane_filling.change_and_fill_later(key, change, now)


def _fit_lanes(caller: claims.Caller, sims: Sequence[Sim], now: int) -> None:
    def wanted(device: Device, its_lanes: Sequence[Lane]) -> list[Lane]:
        _require_current(caller, device)
        return phone_lanes.of_sims(device, its_lanes, sims, now)

    phone_lanes.apply(caller.account_id, caller.device_id, wanted)


def _require_current(caller: claims.Caller, device: Device) -> None:
    if device.bar or device.connection_id != caller.connection_id:
        raise NotFoundError(claims.REPLACED)

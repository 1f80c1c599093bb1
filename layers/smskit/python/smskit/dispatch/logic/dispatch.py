"""From the queue to a lane: offer each job to a ready lane at once, or let it wait in the pool."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from smskit.dispatch.logic import connections, expiry, lane_filling, matching, offers
from smskit.dispatch.store import jobs, pool
from smskit.errors import ConditionFailedError, ContentionError
from smskit.models.job import Job, Rank, Target
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import lanes, ready_lanes
from smskit.phones.store.lanes import LaneRefusedError
from smskit.platform.times import hour_of

TRIES = 6
QUICK = (ready_lanes.BEST, ready_lanes.PREFERRED)  # others would refuse the write that needs no read


@dataclass(slots=True)
class Plan:
    """Which lane gets which jobs, and the jobs for which no lane is ready; `busy` lanes are read before they are given
    any, as they may have no room after all."""

    offers: dict[LaneKey, list[Job]] = field(default_factory=dict)
    waiting: list[Job] = field(default_factory=list)
    busy: set[LaneKey] = field(default_factory=set)


def dispatch(arrived: Sequence[Job], now: int, redelivered: frozenset[str] = frozenset()) -> None:
    """Offer these jobs, or put them into the pool. `redelivered`: ids that an earlier run may have handled already."""
    by_id = {job.job_id: job for job in arrived}
    unsure = redelivered | _made_anew(arrived)
    fresh = [job for job in by_id.values() if job.job_id not in unsure and _is_live(job, now)]
    pooled: list[Job] = []
    for job in jobs.get_many([job_id for job_id in by_id if job_id in unsure]).values():
        if job.rank == Rank.PENDING and _is_live(job, now):
            (pooled if pool.contains(job) else fresh).append(job)
    matching.match_all(pooled, now)
    waiting = _offer_all(fresh, now)
    unpreferred = [replace(job, preferred=None) for job in waiting if job.preferred and not job.targets]
    if unpreferred:
        waiting = [job for job in waiting if job.targets or not job.preferred] + _offer_all(unpreferred, now)
    if waiting:
        matching.publish(waiting, now)
        match_waiting(waiting, now)


def _offer_all(wanted: Sequence[Job], now: int) -> list[Job]:
    """Offer jobs that aren't in the pool, each to one lane that looks ready; those for which there was no room."""
    plan = make_plan(sorted(wanted, key=pool.order_of), now)
    for key, given in plan.offers.items():
        try:
            plan.waiting += offer_directly(key, given, now, key in plan.busy)
        except ContentionError:
            plan.waiting += given  # a lane that takes no write keeps the others waiting for nothing
    return plan.waiting


def _made_anew(arrived: Sequence[Job]) -> set[str]:
    """Ids of jobs that were taken back, as their queue gave no answer, and made anew under their keys, where the first
    one's message comes as well. Which one is stored the times don't tell: clocks differ."""
    made_at: dict[str, int] = {}
    return {job.job_id for job in arrived if made_at.setdefault(job.job_id, job.created_at) != job.created_at}


def _is_live(job: Job, now: int) -> bool:
    if job.expires_at > now:
        return True
    expiry.expire(job.job_id, now)
    return False


def make_plan(ordered: Sequence[Job], now: int) -> Plan:
    """Spread the jobs over the ready lanes; one look for all the jobs that name no phone."""
    plan, seen = Plan(), matching.Seen()
    ready: dict[tuple[str, bool], list[tuple[str, LaneKey]]] = {}
    for position, job in enumerate(ordered):
        if job.targets or job.preferred or job.route:
            found = matching.candidates(job, seen, first=True)
        else:
            wanted = (job.account_id, job.is_urgent)
            if wanted not in ready:
                ready[wanted] = ready_lanes.ready(*wanted)
            found = _turned(ready[wanted], position)
        usable = [entry for entry in found if not job.avoids(entry[1].device_id, entry[1].sim_slot, now)]
        if usable:
            kind, key = usable[0]
            plan.offers.setdefault(key, []).append(job)
            if kind not in QUICK:
                plan.busy.add(key)
        else:
            plan.waiting.append(job)
    return plan


def _turned(found: list[tuple[str, LaneKey]], position: int) -> list[tuple[str, LaneKey]]:
    """The best class only, begun at another lane for each job."""
    best = [entry for entry in found if entry[0] == found[0][0]]
    turn = position % len(best) if best else 0
    return best[turn:] + best[:turn]


def match_waiting(published: Sequence[Job], now: int) -> None:
    """Look at the ready lanes once more, for jobs that were just put into the pool; one look for all if none is."""
    kinds = {(job.account_id, job.is_urgent) for job in published if not job.targets}
    any_ready = {kind for kind in kinds if ready_lanes.ready(*kind)}
    hopeful = [job for job in published if job.targets or (job.account_id, job.is_urgent) in any_ready]
    matching.match_all(hopeful, now)


def offer_directly(key: LaneKey, given: Sequence[Job], now: int, is_busy: bool = False) -> list[Job]:
    """Offer jobs that aren't in the pool to a lane; those that it has no room for."""
    tries = offers.Tries()
    if is_busy:
        return _offer_what_fits(key, lanes.get(key), given, now, tries)
    holds = {job.job_id: tries.new_hold(job, now) for job in given}
    tries.arm(key, given, holds)
    try:
        lane = lanes.take(key, holds, hour_of(now))
    except LaneRefusedError as refused:
        # An answer may have been lost: then the lane holds these very offers, and a second try meets the first.
        if refused.lane is None or not all(refused.lane.holds(job_id, hold.token) for job_id, hold in holds.items()):
            return _offer_what_fits(key, refused.lane, given, now, tries)
        lane = refused.lane
    if not offers.send(lane, given):
        connections.offers_undeliverable(lane, given, now)
    return []


def _offer_what_fits(key: LaneKey, lane: Lane | None, given: Sequence[Job], now: int, tries: offers.Tries) -> list[Job]:
    """The slow way, for a lane that turns unready or begins an hour. A job that it holds has a timer already."""
    for _ in range(TRIES):
        if lane is None:
            return list(given)
        if lane_filling.was_waited_for(lane, now):
            return _fill_in_line(lane, given, now)
        wanted, rest = lane.at(now), []
        taken: list[Job] = []
        for job in given:
            if job.job_id in lane.held:
                continue
            if wanted.fits(job.segments, job.is_urgent) and not (wanted.is_doubtful and _is_preference(job, key)):
                wanted = wanted.take(job.job_id, tries.new_hold(job, now))
                taken.append(job)
            else:
                rest.append(job)
        if not taken:
            return rest
        try:
            saved = lane_filling.hold(lane, wanted, taken, now, tries)
        except ConditionFailedError:
            lane = lanes.get(key)
            continue
        if not offers.send(saved, taken):
            connections.offers_undeliverable(saved, taken, now)
        return rest
    return list(given)


def _fill_in_line(lane: Lane, given: Sequence[Job], now: int) -> list[Job]:
    """Let the lane choose among the jobs and what waits for its hour already; those that it has no room for."""
    is_doubtful = lane.at(now).is_doubtful
    newcomers = {job.job_id: job for job in given if not (is_doubtful and _is_preference(job, lane.key))}
    rest = [job for job in given if job.job_id not in newcomers]
    filled: Lane | None = None
    with suppress(ContentionError):
        filled = lane_filling.woken(lane, now, newcomers)
    held = (filled or lane).held
    return [job for job in [*rest, *newcomers.values()] if job.job_id not in held]


def _is_preference(job: Job, key: LaneKey) -> bool:
    """Whether the lane was asked because the contact knows its SIM, and not since it looked ready."""
    return not job.targets and job.preferred == Target(key.device_id, key.sim_slot)

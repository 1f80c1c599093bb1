"""Jobs that wait in the pool, and the lane that is found for one of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from smskit.dispatch.logic import expiry, lane_filling, lane_picks, offers, timers
from smskit.dispatch.store import pool
from smskit.errors import ContentionError
from smskit.models.job import Job, JobError, Rank, Route
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import devices, lanes, ready_lanes
from smskit.platform import patience
from smskit.platform.retries import until_written
from smskit.platform.times import now_ms

SEEN_AS_FREE = ready_lanes.FREE + ready_lanes.PREFERRED  # the contact's own SIM may be the only free one
LEAST_MS = 1_500  # what it takes to match a job, and to say of the others that they weren't


@dataclass(slots=True)
class Seen:
    """The lanes of phones that jobs name, each phone read once for all the jobs of a run.

    Only of use for jobs that were published before the first read: a lane that turns ready after it finds them itself.
    """

    lanes: dict[str, list[Lane]] = field(default_factory=dict)

    def of(self, account_id: str, device_id: str) -> list[Lane]:
        """All lanes of a phone."""
        if device_id not in self.lanes:
            self.lanes[device_id] = lanes.of_device(account_id, device_id)
        return self.lanes[device_id]

    def named(self, job: Job) -> list[Lane]:
        """The lanes that a targeted job may go to, whatever their state."""
        for target in job.targets:
            self.of(job.account_id, target.device_id)
        return named_lanes(job, self.lanes)

    def learn(self, lane: Lane) -> None:
        """Replace a lane by what it is now, where its phone was read: one lane isn't all that a phone has."""
        if lane.key.device_id not in self.lanes:
            return
        known = self.lanes[lane.key.device_id]
        self.lanes[lane.key.device_id] = [lane if other.key == lane.key else other for other in known]


def publish(jobs: Sequence[Job], now: int) -> None:
    """Put jobs into the pool, with a timer at the deadline of those that end soon."""
    timers.watch_deadlines(jobs, now)
    pool.publish(jobs)


def candidates(
    job: Job, seen: Seen, may: Callable[[LaneKey], bool] = lambda _: True, *, first: bool = False
) -> list[tuple[str, LaneKey]]:
    """Lanes that look ready for the job, with their class: first the preferred one, whatever its state, then those of
    its route that are free, in its order, then the best class.

    `may`: whether the job may go to a lane. One that it may not go to is no reason to ask no busy one. `first`: only
    the first one matters, so what comes behind a free one of the route isn't read.
    """
    if job.route is not None:
        own = [entry for entry in _of_route(job, job.route, seen, first) if may(entry[1])]
        if job.targets:
            return own
        is_found = first and any(kind in ready_lanes.FREE for kind, _ in own)
        others = [] if is_found else ready_lanes.ready(job.account_id, job.is_urgent, may)
        return _preferred_first(job, _free_first(own, others))
    if not job.targets:
        found = ready_lanes.ready(job.account_id, job.is_urgent, may)
        return _preferred_first(job, found)
    named = seen.named(job)
    found = _ready_of(job, random.sample(named, len(named)))
    return sorted(found, key=lambda entry: ready_lanes.URGENT.index(entry[0]))


def _ready_of(job: Job, some: Sequence[Lane]) -> list[tuple[str, LaneKey]]:
    """Those of the lanes that look ready for the job, with their class."""
    return [
        (lane.ready_class or (ready_lanes.FAILING if lane.is_doubtful else ready_lanes.BUSY), lane.key)
        for lane in (each.at(now_ms()) for each in some)
        if lane.readiness > (0 if job.is_urgent else 1)
    ]


def _of_route(job: Job, route: Route, seen: Seen, first: bool) -> list[tuple[str, LaneKey]]:
    """Those of its SIMs that look ready for the job: the free ones in its order, then the best class."""
    found: list[tuple[str, LaneKey]] = []
    for sim in route.sims:
        own = seen.of(job.account_id, sim.device_id)
        found += _ready_of(job, [lane for lane in own if sim.sim_slot in (None, lane.key.sim_slot)])
        if first and any(kind in ready_lanes.FREE for kind, _ in found):
            break
    return _free_first(found, [])


def _free_first(own: list[tuple[str, LaneKey]], others: list[tuple[str, LaneKey]]) -> list[tuple[str, LaneKey]]:
    """Those of `own` that are free, then all others of either by their class."""
    known = {key for _, key in own}
    free = [entry for entry in own if entry[0] in ready_lanes.FREE]
    rest = [entry for entry in own if entry not in free] + [entry for entry in others if entry[1] not in known]
    return free + sorted(rest, key=lambda entry: ready_lanes.URGENT.index(entry[0]))


def _preferred_first(job: Job, found: list[tuple[str, LaneKey]]) -> list[tuple[str, LaneKey]]:
    if job.preferred is None or job.preferred.sim_slot is None:
        return found
    owner = LaneKey(job.account_id, job.preferred.device_id, job.preferred.sim_slot)
    if ("s", owner) in found:
        return found  # its last jobs came to nothing
    return [(ready_lanes.PREFERRED, owner)] + [entry for entry in found if entry[1] != owner]


def end_if_refused(job: Job, now: int, seen: Seen) -> bool:
    """End a Pending job of which every lane that it names is one that people don't want used; True when it is ended."""
    named = seen.named(job)
    reasons = {lane.refusal for lane in named}
    without_lane = {target.device_id for target in job.targets} - {lane.key.device_id for lane in named}
    if None not in reasons:
        reasons |= {_refusal_of(job.account_id, device_id) for device_id in without_lane}
    if None in reasons:
        return False
    code = next(code for code in reversed(expiry.REFUSED) if code in reasons)
    return expiry.give_up(job, JobError(code, expiry.REFUSED[code]), now) is not None


def _refusal_of(account_id: str, device_id: str) -> str | None:
    """Why people don't want a phone used that hasn't told of the SIM, as an error code: it may tell of it yet."""
    device = devices.get(account_id, device_id)
    return f"device-{device.bar}" if device is not None and device.bar else None


def named_lanes(job: Job, seen: Mapping[str, Sequence[Lane]]) -> list[Lane]:
    """The lanes that a targeted job may go to, whatever their state."""
    return [
        lane
        for target in job.targets
        for lane in seen.get(target.device_id, ())
        if target.sim_slot in (None, lane.key.sim_slot)
    ]


def match_all(published: Sequence[Job], now: int, exclude: LaneKey | None = None) -> None:
    """Offer jobs of the pool to ready lanes; what there is no time left for is left to a timer."""
    seen = Seen()
    for position, job in enumerate(published):
        if patience.is_short(LEAST_MS):
            timers.set_match(published[position:], 1)
            return
        try:
            match(job, now, exclude, seen=seen)
        except ContentionError:
            timers.set_match([job], 1)  # a lane that takes no write keeps the others waiting for nothing


def match_pending(waiting: Sequence[Job], now: int, exclude: LaneKey | None = None) -> None:
    """Offer those of the jobs that are Pending and in the pool; one past its deadline ends here."""
    pending = [job for job in waiting if job.rank == Rank.PENDING]
    for job in pending:
        if job.expires_at <= now:
            expiry.expire(job.job_id, now)
    match_all([job for job in pending if job.expires_at > now and pool.contains(job)], now, exclude)


def match(
    job: Job, now: int, exclude: LaneKey | None = None, *, whole_phone: bool = False, seen: Seen | None = None
) -> bool:
    """Offer a job of the pool to a ready lane; True when it is offered or no longer waits.

    Not to the lane `exclude`, with `whole_phone` to none of its phone. A job that names only lanes which people don't
    want used ends here: it may have been published after they were.
    """

    def may(key: LaneKey) -> bool:
        is_excluded = exclude is not None and (key == exclude or (whole_phone and key.device_id == exclude.device_id))
        return not is_excluded and not job.avoids(key.device_id, key.sim_slot, now)

    seen = seen or Seen()
    found = candidates(job, seen, may)
    if job.targets and not found and end_if_refused(job, now, seen):
        return True
    doubtful: list[LaneKey] = []
    for kind, key in chain(found, _busy_behind(job, found, may)):
        if may(key) and _take_from_pool(job, key, now, seen, doubtful if kind == ready_lanes.PREFERRED else None):
            return True
    return any(_take_from_pool(job, key, now, seen) for key in doubtful)


def _busy_behind(
    job: Job, found: list[tuple[str, LaneKey]], may: Callable[[LaneKey], bool]
) -> Iterator[tuple[str, LaneKey]]:
    """Busy lanes, once the free ones have refused an urgent job: these may have too little left for a long one."""
    if job.is_urgent and not job.targets and any(kind in SEEN_AS_FREE for kind, _ in found):
        asked = {key for _, key in found}
        yield from ready_lanes.busy(job.account_id, lambda key: key not in asked and may(key))


def _take_from_pool(job: Job, key: LaneKey, now: int, seen: Seen, doubtful: list[LaneKey] | None = None) -> bool:
    """Move the job from the pool to the lane: True when it was moved or is gone, False when the lane has no room.

    One whose last jobs came to nothing is only noted in `doubtful`, where that is given.
    """

    tries, is_given = offers.Tries(), False

    def write(lane: Lane | None) -> Lane | None:
        nonlocal is_given
        if lane is None or job.job_id in lane.held:
            return None  # whoever takes that offer off looks in the pool after it
        lane = lane_filling.woken(lane, now)
        is_given = lane is not None and job.job_id in lane.held
        if lane is None or is_given:
            return None
        wanted = lane.at(now)
        seen.learn(wanted)
        if wanted.is_doubtful and doubtful is not None:
            doubtful[:] = [key]
            return None
        if not wanted.fits(job.segments, job.is_urgent):
            _wake_if_short(wanted, job, now)
            return None
        return lane_filling.hold(lane, wanted.take(job.job_id, tries.new_hold(job, now)), [job], now, tries)

    reason = f"lane {key.device_id}#{key.sim_slot} changed under every try"
    saved = until_written(partial(lanes.get, key), write, reason)
    if saved is None:
        return is_given
    seen.learn(saved)
    _, missed = lane_filling.take(saved, [lane_picks.Pick(job, pool.scope_for(job, key))], now)
    if missed:
        lane_filling.drop(key, missed, now)
    return True


def _wake_if_short(lane: Lane, job: Job, now: int) -> None:
    if lane.readiness and lane.wake < lane.hour and lane.budget(job.is_urgent) < job.segments:
        lane_filling.change_and_fill(
            lane.key, lambda current: replace(current, wake=max(current.wake, current.hour)), now
        )

"""What follows when people change a phone: it is told, offers of unwanted lanes go elsewhere, and jobs that only such
lanes may take end as DeadLetter (`sim-disabled`, `device-disabled`, `device-revoked`).

Every step may be repeated; long queues are gone through piece by piece, each by a timer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from smskit import settings
from smskit.dispatch.gateways import frames, sockets
from smskit.dispatch.logic import connections, lane_filling, matching, timers
from smskit.dispatch.store import jobs, pool
from smskit.errors import ConnectionGoneError
from smskit.models.device import MOST_SLOTS, Device
from smskit.models.job import Rank
from smskit.models.lane import Lane
from smskit.phones.logic import change_timer
from smskit.phones.logic import lanes as phone_lanes
from smskit.phones.store import lanes, pending_counts

PIECE = 25
Step = Callable[[], object]


def follow(account_id: str, device_id: str, now: int) -> None:
    """Bring about what follows from the phone and its lanes as they are now."""
    device, its_lanes = phone_lanes.apply(account_id, device_id, phone_lanes.barred)
    if device is None:
        return
    refused = [lane for lane in its_lanes if lane.refusal]
    # A job may name a SIM that the phone was yet to tell of.
    slots = range(MOST_SLOTS) if device.bar else [lane.key.sim_slot for lane in refused]
    scopes = [pending_counts.scope_of(device_id, slot) for slot in slots]
    if len(refused) == len(its_lanes):
        scopes.append(pending_counts.scope_of(device_id, None))
    steps: list[Step] = [partial(_take_offers_off, lane, now) for lane in refused]
    steps += [partial(end_refused, account_id, device_id, scope, "", now) for scope in scopes]
    steps += [partial(_tell, device, its_lanes), partial(_cut_off, device)]
    steps += [partial(_look_for_work, lane, now) for lane in its_lanes if lane.is_online]
    _take_all(steps)


def _take_all(steps: Sequence[Step]) -> None:
    """Take every step, also behind one that failed: a phone that can't be told keeps no job from going elsewhere.

    The first failure is raised at the end, so that the timer comes back.
    """
    failures: list[Exception] = []
    for step in steps:
        try:
            step()
        except Exception as failed:
            failures.append(failed)
    if failures:
        raise failures[0]


def _look_for_work(lane: Lane, now: int) -> None:
    lane_filling.change_and_fill(lane.key, lambda current: current, now, look=True)


def _tell(device: Device, its_lanes: Sequence[Lane]) -> None:
    """The settings as they are now."""
    connection_id = device.connection_id
    if connection_id is None:
        return
    config = frames.config(settings.timeouts().heartbeat, its_lanes)
    try:
        sockets.post(connection_id, frames.revoked() if device.is_revoked else config)
    except ConnectionGoneError:
        connections.disconnected(device.account_id, device.device_id, connection_id)


def _cut_off(device: Device) -> None:
    """A phone that may not connect any more loses its connection."""
    if device.bar and device.connection_id is not None:
        sockets.close(device.connection_id)
        connections.disconnected(device.account_id, device.device_id, device.connection_id)


def _take_offers_off(seen: Lane, now: int) -> None:
    """Offers that the phone has not claimed go to other lanes; what it has claimed it may have sent already."""
    lane = lanes.get(seen.key)
    held = jobs.get_many(list(lane.held)) if lane is not None else {}
    if lane is None or not held:
        return
    offered = {job_id: job for job_id, job in held.items() if job.rank == Rank.PENDING}
    timers.set_match(list(offered.values()), 1)
    tokens = {job_id: lane.held[job_id].token for job_id in offered}
    matching.match_all(connections.return_offers(lane.key, tokens, offered, now), now, exclude=lane.key)


def end_refused(account_id: str, device_id: str, scope: str, after: str, now: int) -> None:
    """End the jobs of one piece of a pool that only unwanted lanes may take; a timer goes on behind it.

    It is set last: a piece that fails comes again by its own, and one more each time would be ever more of them.
    """
    entries, more = pool.list_page(scope, after, PIECE)
    found = jobs.get_many([entry.job_id for entry in entries])
    seen = matching.Seen()
    for job in found.values():
        if job.rank == Rank.PENDING:
            matching.end_if_refused(job, now, seen)
    if more:
        change_timer.set_phone_check(account_id, device_id, 0, scope=scope, after=entries[-1].order)

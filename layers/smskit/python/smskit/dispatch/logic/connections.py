"""A phone's connection: lost, and what that means for its lanes and for offers just made to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any

from smskit.dispatch.gateways import sockets
from smskit.dispatch.logic import offers, timers
from smskit.dispatch.store import jobs, pool
from smskit.errors import ConditionFailedError
from smskit.models.device import silent_before
from smskit.models.job import Job, Rank, TimelineEntry
from smskit.models.lane import MAX_STRIKES, Lane, LaneKey
from smskit.phones.store import devices, lanes
from smskit.platform.patience import Patience
from smskit.platform.times import now_ms


def connected(account_id: str, device_id: str, connection_id: str, connected_at: int) -> bool:
    """Make this the phone's connection and close the one that it replaces; False when the phone may not connect."""
    before = devices.connect(account_id, device_id, connection_id, connected_at)
    if before is None:
        return False
    for old in {before.connection_id, before.silent_on} - {None, connection_id}:
        sockets.close(str(old))
    return True


def closed(account_id: str, device_id: str, connection_id: str) -> bool:
    """`$disconnect`: take the phone and its lanes off this connection.

    False when another one has replaced it: then the hello of that one takes the lanes over, and a fleet that comes back
    needn't go offline and online again.
    """
    was_current = devices.disconnect(account_id, device_id, connection_id, now_ms())
    if was_current:
        put_all_offline(account_id, device_id, connection_id)
    return was_current


def disconnected(account_id: str, device_id: str, connection_id: str) -> None:
    """A connection that can't be posted to or was closed by us: take the phone, and whatever lane is on it, off it."""
    devices.disconnect(account_id, device_id, connection_id, now_ms())
    put_all_offline(account_id, device_id, connection_id)


def give_up(account_id: str, device_id: str, connection_id: str, now: int) -> bool:
    """Take a silent phone and its lanes offline; False when it has spoken meanwhile, and its lanes are to be looked at.

    It counts as silent until its lanes are offline, so that the next sweep finds it if this one dies.
    """
    if not devices.give_up(account_id, device_id, connection_id, now, silent_before(now)):
        return False
    put_all_offline(account_id, device_id, connection_id)
    return devices.given_up(account_id, device_id, connection_id)


def confirm(account_id: str, device_id: str, connection_id: str) -> None:
    """Behind bringing lanes online: take them off again if the connection was closed or replaced meanwhile.

    Who closes it writes the phone first and the lanes second, so one of the two sees what the other did.
    """
    device = devices.get(account_id, device_id)
    if device is None or device.connection_id != connection_id:
        put_all_offline(account_id, device_id, connection_id)


def release_ended(key: LaneKey, tokens: dict[str, str]) -> bool:
    """Take jobs (id → token) off the lane that are at their end: the run that ended them may have died behind it.

    Whether there were any; the lane is left to the caller to fill.
    """
    lane = lanes.get(key)
    held = [job_id for job_id, token in tokens.items() if lane is not None and lane.holds(job_id, token)]
    found = [job for job in jobs.get_many(held).values() if job.rank > Rank.ASSIGNED]
    ended = {job.job_id: tokens[job.job_id] for job in found}
    if ended:
        spent = {job.job_id for job in found if job.token == tokens[job.job_id]}
        sent = {job.job_id for job in found if job.job_id in spent and job.rank in (Rank.SENT, Rank.DELIVERED)}
        return_offers(key, ended, {}, now_ms(), spent=spent, sent=sent)
    return bool(ended)


def put_all_offline(account_id: str, device_id: str, connection_id: str) -> None:
    """Take the phone's lanes off this connection; those that are on another by now stay."""
    for lane in lanes.of_device(account_id, device_id):
        change_if(lane, lambda current: current.connection_id == connection_id, connection_id=None)


def change_if(lane: Lane, stands: Callable[[Lane], bool], **changes: Any) -> None:
    """Change a lane that takes no work by it, as long as `stands` holds of it."""
    current: Lane | None = lane
    patience = Patience()
    while current is not None and stands(current):
        try:
            lanes.save(current, replace(current, **changes))
        except ConditionFailedError:
            patience.wait(f"lane {lane.key.device_id}#{lane.key.sim_slot} changed under every try")
            current = lanes.get(lane.key)
        else:
            return


def offers_undeliverable(lane: Lane, offered: Sequence[Job], now: int) -> Lane | None:
    """The post of these offers met a closed connection: the phone is offline, and the jobs look elsewhere at once."""
    if lane.connection_id:
        disconnected(lane.key.account_id, lane.key.device_id, lane.connection_id)
    tokens = {job.job_id: lane.held[job.job_id].token for job in offered if job.job_id in lane.held}
    released = return_offers(lane.key, tokens, {job.job_id: job for job in offered}, now)
    for job in released:
        jobs.note(job, offers.came_of(lane, job.job_id, TimelineEntry("unreachable", now)))
    timers.set_match(released, 0)
    return lanes.get(lane.key)


def return_offers(
    key: LaneKey, tokens: dict[str, str], back: dict[str, Job], now: int, *, strike: bool = False,
    set_back: bool = False, spent: Collection[str] = (), sent: Collection[str] = (),
) -> list[Job]:  # fmt: skip
    """Take offers (id → token) off a lane; those in `back` are in the pool again before it.

    With `strike` they count as left unanswered once, however many they are: they went in one frame, and what delays
    that delays them all. Also where another phone has the job. With `set_back` they count as one that came to nothing.
    Jobs in `spent` may have been sent: the hour's budget isn't given back for them. The jobs that did return.
    """
    patience, published = Patience(), False
    while True:
        lane = lanes.get(key)
        standing = [job_id for job_id, token in tokens.items() if lane is not None and lane.holds(job_id, token)]
        if lane is None or not standing:
            return []
        new = lane
        for job_id in standing:
            new = new.release(job_id, refund=job_id not in spent)
        went = sum(job_id in sent for job_id in standing)
        new = new.after_sent(went) if went else new
        returning = [back[job_id] for job_id in standing if job_id in back]
        if strike:
            new = replace(new, strikes=new.strikes + 1)
            if new.strikes == MAX_STRIKES:
                timers.set_probe(key)
        if set_back:
            new = new.set_back(now)
            timers.watch_rest(lane, new, now)
        if not published:
            timers.watch_deadlines(returning, now)
            pool.publish(returning)
            published = True
        try:
            lanes.save(lane, new)
        except ConditionFailedError:
            patience.wait(f"lane {key.device_id}#{key.sim_slot} could not be released")
        else:
            return returning

"""The lanes that a phone has: made, barred and given their share of its limit as the phone is, in one transaction.

The transaction checks the phone, and what people change of a phone is one over its lanes too (`device_settings`): of
two that meet, the second begins again with what the first one left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import partial
from typing import Any

from smskit.models.device import Device, Sim
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import devices, lanes
from smskit.platform.retries import until_written
from smskit.platform.times import hour_of

Wanted = Callable[[Device, Sequence[Lane]], Sequence[Lane]]


def apply(account_id: str, device_id: str, wanted: Wanted) -> tuple[Device | None, list[Lane]]:
    """Make the phone's lanes what `wanted` says of the phone and its lanes; both as they are afterwards."""

    def write(seen: tuple[Device | None, list[Lane]]) -> tuple[Device | None, list[Lane]]:
        device, its_lanes = seen
        changes = _changes(its_lanes, wanted(device, its_lanes)) if device else []
        if device is None or not changes:
            return device, its_lanes
        saved = lanes.save_all(changes, [devices.check_op(device), *_list_ops(device, its_lanes, changes)])
        by_slot = {lane.key.sim_slot: lane for lane in [*its_lanes, *saved]}
        return device, list(by_slot.values())

    # A job may come or go on one of its lanes, and people may change the phone.
    reason = f"phone {device_id} changed under every try"
    return until_written(partial(devices.get_with_lanes, account_id, device_id), write, reason)


def _list_ops(
    device: Device, its_lanes: Sequence[Lane], changes: Sequence[tuple[Lane | None, Lane]]
) -> Iterator[dict[str, Any]]:
    if any(old is None for old, _ in changes):
        yield devices.list_op(device, {lane.key.sim_slot for lane in [*its_lanes, *(new for _, new in changes)]})


def match_sims(device: Device, its_lanes: Sequence[Lane], sims: Sequence[Sim], now: int) -> bool:
    """Whether the phone has the lanes that it should have with these SIMs."""
    return not _changes(its_lanes, of_sims(device, its_lanes, sims, now))


def of_sims(device: Device, its_lanes: Sequence[Lane], sims: Sequence[Sim], now: int) -> list[Lane]:
    """The phone's lanes when it has these SIMs, which share its limit; lanes of other slots keep what they had, and are
    without a SIM.

    A SIM that turns up, or is back, counts as usable from here on: so it turns up once.
    """
    known = {lane.key.sim_slot: lane for lane in its_lanes}
    present = [_back(known[sim.sim_slot]) if sim.sim_slot in known else _new(device, sim, now) for sim in sims]
    slots = {sim.sim_slot for sim in sims}
    gone = [_left_out(lane, device) for slot, lane in known.items() if slot not in slots]
    joins = any(known.get(lane.key.sim_slot) != lane for lane in present)
    return barred(device, [*_with_shares(device, present, gone, now, joins=joins), *gone])


def changed_by_people(device: Device, its_lanes: Sequence[Lane], now: int, *, joins: bool) -> list[Lane]:
    """The lanes, in their order, once people have changed phone or SIMs; those without a SIM keep what they had.

    `joins`: whether a SIM was enabled, which may have had its limit before.
    """
    gone = [lane for lane in its_lanes if lane.is_without_sim]
    kept = [lane.resized(lane.window, lane.own_limit or lane.limit) for lane in gone]
    shared = _with_shares(device, [lane for lane in its_lanes if lane not in gone], kept, now, joins=joins)
    by_slot = {lane.key.sim_slot: lane for lane in [*shared, *kept]}
    return [by_slot[lane.key.sim_slot] for lane in its_lanes]


def with_back(device: Device, its_lanes: Sequence[Lane], slots: AbstractSet[int], now: int) -> list[Lane]:
    """The lanes, in their order, once the SIMs of these slots are there again, which share the phone's limit."""
    there = [_back(lane) if lane.key.sim_slot in slots else lane for lane in its_lanes]
    return changed_by_people(device, there, now, joins=True)


def _left_out(lane: Lane, device: Device) -> Lane:
    """The lane of a SIM that the phone doesn't name on its connection: what it said on an earlier one is older."""
    if lane.is_without_sim or lane.connected_at > device.connected_at:
        return lane
    return replace(lane, connection_id=None, sim_ready=False, connected_at=device.connected_at)


def _back(lane: Lane) -> Lane:
    return replace(lane, sim_ready=True) if lane.is_without_sim else lane


def _with_shares(
    device: Device, its_lanes: Sequence[Lane], gone: Sequence[Lane], now: int, *, joins: bool
) -> list[Lane]:
    """The lanes, each with its own limit, or with an even share of the phone's if it is enabled.

    What doesn't divide goes to the first ones. A disabled SIM keeps what it had. One that `joins` the others may have
    the share of one that is no longer there, to the segment: then no limit moves, but what that one sent does.
    """
    enabled = sorted(lane.key.sim_slot for lane in its_lanes if lane.is_enabled)
    whole, rest = divmod(device.limit, max(1, len(enabled)))
    even = {slot: whole + (1 if position < rest else 0) for position, slot in enumerate(enabled)}
    resized = [
        lane.resized(lane.window, lane.own_limit or even.get(lane.key.sim_slot, lane.limit)) for lane in its_lanes
    ]
    if not joins and all(old.limit == new.limit for old, new in zip(its_lanes, resized, strict=True)):
        return resized
    return _within_the_hour(resized, gone, now)


def _within_the_hour(its_lanes: Sequence[Lane], gone: Sequence[Lane], now: int) -> list[Lane]:
    """The lanes after their shares moved: together they send no more in this hour than their shares, less what was sent
    by those that had the shares before. What is taken off counts as sent if shares move again before the hour ends."""
    current = {lane.key.sim_slot: lane.at(now) for lane in its_lanes}
    sharing = [lane for lane in current.values() if lane.is_enabled and lane.own_limit is None]
    used = sum(lane.limit - lane.left for lane in (*current.values(), *(lane.at(now) for lane in gone))
               if lane.own_limit is None)  # fmt: skip
    over = sum(max(0, lane.left) for lane in sharing) - max(0, sum(lane.limit for lane in sharing) - used)
    fitted = {lane.key.sim_slot: lane for lane in its_lanes}
    for lane in sorted(sharing, key=lambda lane: lane.left, reverse=True):
        taken = min(max(0, over), max(0, lane.left))
        if taken:
            fitted[lane.key.sim_slot] = replace(lane, left=lane.left - taken)
        over -= taken
    return list(fitted.values())


def described(lane: Lane, sim: Sim) -> Lane:
    """The lane, as its phone describes the SIM."""
    sized = lane.resized(sim.window, lane.limit)
    return replace(sized, carrier_name=sim.carrier_name, phone_number=sim.phone_number)


def barred(device: Device, its_lanes: Sequence[Lane]) -> list[Lane]:
    """The lanes, barred while the phone may not be used."""
    return [replace(lane, barred=device.bar) for lane in its_lanes]


def _new(device: Device, sim: Sim, now: int) -> Lane:
    return described(Lane(LaneKey(device.account_id, device.device_id, sim.sim_slot), hour=hour_of(now)), sim)


def _changes(its_lanes: Sequence[Lane], wanted: Sequence[Lane]) -> list[tuple[Lane | None, Lane]]:
    known = {lane.key.sim_slot: lane for lane in its_lanes}
    pairs = [(known.get(lane.key.sim_slot), lane) for lane in wanted]
    return [(old, new) for old, new in pairs if old != new]

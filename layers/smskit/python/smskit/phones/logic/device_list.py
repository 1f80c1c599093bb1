"""The account's phones and SIMs, with the work that waits for each."""

from __future__ import annotations

from dataclasses import dataclass, field

from smskit.models.device import Device
from smskit.models.lane import Lane
from smskit.phones.store import devices, pending_counts

MOST_REMOVED = 100


@dataclass(frozen=True, slots=True)
class SimRow:
    """A SIM, the jobs that are on it or queued for it by name, and when its hour ends if that is spent."""

    lane: Lane
    pending: int
    limited_until: int | None
    rests_until: int | None


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A phone, the jobs that are on it or queued for it or one of its SIMs by name, and its SIMs.

    `offline_since`: since when it has been offline, ms; None while it is online, and before it first was.
    """

    device: Device
    is_online: bool
    pending: int
    sims: list[SimRow] = field(default_factory=list)
    offline_since: int | None = None


def list_all(account_id: str, now: int) -> list[DeviceRow]:
    """Every phone of the account, oldest first; unpaired ones are left out."""
    return list_with_removed(account_id, now)[0]


def list_with_removed(account_id: str, now: int) -> tuple[list[DeviceRow], list[Device]]:
    """The same, and those that were removed, by which messages may still be named: the last paired first, at most
    MOST_REMOVED. No request more."""
    known = list(devices.list_all(account_id))
    phones = [(device, lanes) for device, lanes in known if not device.is_revoked]
    removed = [device for device, _ in reversed(known) if device.is_revoked][:MOST_REMOVED]
    scopes = [scope for device, lanes in phones for scope in _scopes(device, lanes)]
    waiting = pending_counts.counts(scopes)
    return [_row(device, lanes, waiting, now) for device, lanes in phones], removed


def read_one(device: Device, lanes: list[Lane], now: int) -> DeviceRow:
    """One phone, as it was just read."""
    return _row(device, lanes, pending_counts.counts(_scopes(device, lanes)), now)


def _scopes(device: Device, lanes: list[Lane]) -> list[str]:
    own = [pending_counts.scope_of(device.device_id, lane.key.sim_slot) for lane in lanes]
    return [pending_counts.scope_of(device.device_id, None), *own]


def _row(device: Device, lanes: list[Lane], waiting: dict[str, int], now: int) -> DeviceRow:
    def queued(sim_slot: int | None) -> int:
        return waiting[pending_counts.scope_of(device.device_id, sim_slot)]

    ordered = sorted(lanes, key=lambda lane: lane.key.sim_slot)
    on_sims = {lane.key: len(lane.held) + queued(lane.key.sim_slot) for lane in ordered}
    sims = [
        SimRow(
            lane, min(on_sims[lane.key], pending_counts.MOST_COUNTED), lane.limited_until(now), lane.resting_until(now)
        )
        for lane in ordered
    ]
    pending = min(queued(None) + sum(on_sims.values()), pending_counts.MOST_COUNTED)
    is_online = _is_online(device, lanes, now)
    return DeviceRow(device, is_online, pending, sims, None if is_online else _offline_since(device, now))


def _is_online(device: Device, lanes: list[Lane], now: int) -> bool:
    """Connected, has said hello, and was heard within two heartbeats, also while the janitor hasn't come by yet.

    Who waits for a phone to be online and then sends is not to be told that no SIM is; nor is one to be offline, as its
    connection was closed a moment ago, while what is sent is still accepted for a SIM of it.
    """
    if device.is_silent(now):
        return False
    if not device.is_connected:
        return any(lane.is_online for lane in lanes)
    has_lanes = any(lane.connection_id == device.connection_id for lane in lanes)
    return has_lanes or device.heartbeat_at != device.connected_at  # a phone without a SIM says hello, too


def _offline_since(device: Device, now: int) -> int | None:
    """One that is silent, though nobody gave it up yet, has been since it counts as silent."""
    if device.offline_at is not None or not device.is_connected:
        return device.offline_at
    return device.silent_at if device.is_silent(now) else None

"""The account's phones and SIMs, with the work that waits for each."""

from __future__ import annotations

from dataclasses import dataclass, field

from smskit.models.device import Device
from smskit.models.lane import Lane
from smskit.phones.store import devices, pending_counts


@dataclass(frozen=True, slots=True)
class SimRow:
    """A SIM, the jobs that are on it or queued for it by name, and when its hour ends if that is spent."""

    lane: Lane
    pending: int
    limited_until: int | None
    rests_until: int | None


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A phone, the jobs that are on it or queued for it or one of its SIMs by name, and its SIMs."""

    device: Device
    is_online: bool
    pending: int
    sims: list[SimRow] = field(default_factory=list)


def list_all(account_id: str, now: int) -> list[DeviceRow]:
    """Every phone of the account, oldest first; unpaired ones are left out."""
    phones = [(device, lanes) for device, lanes in devices.list_all(account_id) if not device.is_revoked]
    scopes = [scope for device, lanes in phones for scope in _scopes(device, lanes)]
    waiting = pending_counts.counts(scopes)
    return [_row(device, lanes, waiting, now) for device, lanes in phones]


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
    return DeviceRow(device, _is_online(device, lanes, now), pending, sims)


def _is_online(device: Device, lanes: list[Lane], now: int) -> bool:
    """Connected, has said hello, and was heard within two heartbeats, also while the janitor hasn't come by yet.

    Who waits for a phone to be online and then sends is not to be told that no SIM is.
    """
    has_lanes = any(lane.connection_id == device.connection_id for lane in lanes)
    greeted = has_lanes or device.heartbeat_at != device.connected_at  # a phone without a SIM says hello, too
    return device.is_connected and greeted and not device.is_silent(now)

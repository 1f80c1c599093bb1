"""What people change of phones and SIMs: names, limits, whether they may be used; and the end of a phone.

Phone and lanes change in one transaction, so no lane is ever usable that its phone or its people don't want used. What
follows from it (the phone is told, offers go elsewhere, queued jobs end) is `phone_changes`: a timer brings it about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from smskit.accounts.store import audit_log
from smskit.errors import NotFoundError
from smskit.models.audit import Entry
from smskit.models.device import Device
from smskit.models.lane import Lane
from smskit.phones.logic import change_timer, lanes
from smskit.phones.store import devices
from smskit.phones.store import lanes as lane_store
from smskit.platform.ids import is_id
from smskit.platform.retries import until_written
from smskit.platform.times import now_ms

GUARD_SECONDS = 15  # longer than the function that changes a phone may run
Edit = Callable[[Device, Sequence[Lane]], tuple[Device, Sequence[Lane]]]


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """What to change of a phone; None stays. `limit`: segments an hour."""

    name: str | None = None
    is_enabled: bool | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class SimChange:
    """What to change of a SIM; None stays. `even_share`: a share of the phone's limit instead of a limit of its own."""

    is_enabled: bool | None = None
    limit: int | None = None
    even_share: bool = False


def read(account_id: str, device_id: str) -> tuple[Device, list[Lane]]:
    """The account's phone with its lanes. Raises NotFoundError, also for a revoked phone."""
    device, its_lanes = devices.get_with_lanes(account_id, device_id) if is_id("dvc", device_id) else (None, [])
    if device is None or device.is_revoked:
        raise NotFoundError("There is no device with this id in the account")
    return device, its_lanes


def change(account_id: str, device_id: str, wanted: DeviceChange) -> None:
    """Rename, enable or disable a phone, or set its hourly limit. Raises NotFoundError."""

    def edit(device: Device, its_lanes: Sequence[Lane]) -> tuple[Device, Sequence[Lane]]:
        is_enabled = device.is_enabled if wanted.is_enabled is None else wanted.is_enabled
        changed = replace(
            device, name=wanted.name or device.name, limit=wanted.limit or device.limit, is_enabled=is_enabled,
            was_configured=device.was_configured or is_enabled != device.is_enabled,
        )  # fmt: skip
        return changed, lanes.barred(changed, its_lanes)

    _apply(account_id, device_id, edit)


def change_sim(account_id: str, device_id: str, sim_slot: int, wanted: SimChange) -> None:
    """Enable or disable a SIM, or set its hourly limit. Raises NotFoundError."""

    def edit(device: Device, its_lanes: Sequence[Lane]) -> tuple[Device, Sequence[Lane]]:
        if sim_slot not in {lane.key.sim_slot for lane in its_lanes}:
            raise NotFoundError("The device has no SIM in this slot")
        edited = [_changed(lane, wanted) if lane.key.sim_slot == sim_slot else lane for lane in its_lanes]
        was_switched = any(old.is_enabled != new.is_enabled for old, new in zip(its_lanes, edited, strict=True))
        return replace(device, was_configured=device.was_configured or was_switched), edited

    _apply(account_id, device_id, edit)


def _changed(lane: Lane, wanted: SimChange) -> Lane:
    own_limit = None if wanted.even_share else wanted.limit or lane.own_limit
    is_enabled = lane.is_enabled if wanted.is_enabled is None else wanted.is_enabled
    return replace(lane, own_limit=own_limit, is_enabled=is_enabled)


def revoke(account_id: str, device_id: str, entry: Entry | None = None) -> None:
    """End a phone for good: its token and its claims are refused from now on. Raises NotFoundError."""

    def edit(device: Device, its_lanes: Sequence[Lane]) -> tuple[Device, Sequence[Lane]]:
        revoked = replace(device, is_revoked=True)
        return revoked, lanes.barred(revoked, its_lanes)

    _apply(account_id, device_id, edit, entry)


def _apply(account_id: str, device_id: str, edit: Edit, entry: Entry | None = None) -> None:
    """Change phone and lanes as one, with the audit entry, and see to what follows: also when this run dies right after
    the change."""
    is_guarded = False

    def write(seen: tuple[Device, list[Lane]]) -> None:
        nonlocal is_guarded
        device, its_lanes = seen
        new_device, edited = edit(device, its_lanes)
        joins = any(new.is_enabled and not old.is_enabled for old, new in zip(its_lanes, edited, strict=True))
        new_lanes = lanes.changed_by_people(new_device, edited, now_ms(), joins=joins)
        if not is_guarded:
            change_timer.set_phone_check(account_id, device_id, GUARD_SECONDS)
            is_guarded = True
        if (new_device, new_lanes) != (device, its_lanes):
            slots = {lane.key.sim_slot for lane in its_lanes}
            changes = [(old, new) for old, new in zip(its_lanes, new_lanes, strict=True) if old != new]
            of_phone = [devices.change_op(device, new_device), devices.list_check_op(device, slots)]
            lane_store.save_all(changes, [*of_phone, *audit_log.put_ops(entry)])

    # A job may come or go on one of its lanes, and somebody else may change the phone.
    reason = f"phone {device_id} changed under every try"
    until_written(partial(read, account_id, device_id), write, reason)
    change_timer.set_phone_check(account_id, device_id, 0)

"""Which phones and SIMs may take a job: what the client named, or any of the account's."""

from __future__ import annotations

from collections.abc import Iterable

from smskit.errors import ForeignDeviceError, NoEligibleDeviceError
from smskit.models.job import Target
from smskit.models.lane import Lane
from smskit.store import devices, lanes


def merge(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Each target once and in a fixed order; a phone covers its own SIMs."""
    named = set(targets)
    covered = {target for target in named if target.sim_slot is not None and Target(target.device_id) in named}
    return tuple(sorted(named - covered, key=lambda target: (target.device_id, target.sim_slot or 0)))


def require_eligible(account_id: str, targets: tuple[Target, ...]) -> None:
    """At least one online, enabled SIM may take the job, now or as soon as it has a free credit.

    Raises ForeignDeviceError for a phone that the account doesn't have, NoEligibleDeviceError when none can take it.
    """
    if targets:
        _require_of_named(account_id, targets)
    elif not lanes.any_online(account_id):
        raise NoEligibleDeviceError("No phone of the account is online with an enabled SIM")


def _require_of_named(account_id: str, targets: tuple[Target, ...]) -> None:
    usable: dict[str, list[Lane]] = {}
    slots: dict[str, set[int]] = {}
    for device_id in dict.fromkeys(target.device_id for target in targets):
        device, its_lanes = devices.get_with_lanes(account_id, device_id)
        if device is None or device.is_revoked:
            raise ForeignDeviceError(f"{device_id} is no device of this account")
        slots[device_id] = {lane.key.sim_slot for lane in its_lanes}
        usable[device_id] = [lane for lane in its_lanes if device.is_enabled and lane.is_online]
    for target in targets:
        if target.sim_slot is not None and target.sim_slot not in slots[target.device_id]:
            raise NoEligibleDeviceError(f"{target.device_id} has no SIM in slot {target.sim_slot}")
    if not any(_covers(target, lane) for target in targets for lane in usable[target.device_id]):
        raise NoEligibleDeviceError("None of the devices is online with an enabled SIM")


def _covers(target: Target, lane: Lane) -> bool:
    return target.sim_slot is None or target.sim_slot == lane.key.sim_slot


def preferred(owner: Target | None, targets: tuple[Target, ...]) -> Target | None:
    """The SIM that the recipient wrote to last, if it may take the job."""
    if owner is None or not targets:
        return owner
    return owner if owner in targets or Target(owner.device_id) in targets else None

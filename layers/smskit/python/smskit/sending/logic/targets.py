"""Which phones and SIMs may take a job: what the client named, or any of the account's."""

from __future__ import annotations

from collections.abc import Iterable

from smskit.errors import ForeignDeviceError, NoEligibleDeviceError
from smskit.models.job import Job, Target
from smskit.models.lane import Lane, ever_fits
from smskit.phones.logic import presence
from smskit.phones.store import devices, lanes

_TOO_LONG = "The message has more segments than any of these SIMs may send in an hour"


def merge(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Each target once and in a fixed order; a phone covers its own SIMs."""
    named = set(targets)
    covered = {target for target in named if target.sim_slot is not None and Target(target.device_id) in named}
    return tuple(sorted(named - covered, key=lambda target: (target.device_id, target.sim_slot or 0)))


def require_eligible(job: Job, now: int) -> None:
    """At least one online, enabled SIM may take the job, now or as soon as it has a free credit and budget.

    Raises ForeignDeviceError for a phone that the account doesn't have, NoEligibleDeviceError when none can take it.
    """
    if job.targets:
        _require_of_named(job, now)
    else:
        _require_of_account(job, now)


def _require_of_account(job: Job, now: int) -> None:
    found = False
    for lane in lanes.online(job.account_id):
        if presence.is_heard(job.account_id, lane.key.device_id, now):
            found = True
            if ever_fits(job.segments, lane.limit, job.is_urgent):
                return
    raise NoEligibleDeviceError(_TOO_LONG if found else "No phone of the account is online with an enabled SIM")


def _require_of_named(job: Job, now: int) -> None:
    account_id, targets = job.account_id, job.targets
    usable: dict[str, list[Lane]] = {}
    slots: dict[str, set[int]] = {}
    for device_id in dict.fromkeys(target.device_id for target in targets):
        device, its_lanes = devices.get_with_lanes(account_id, device_id)
        if device is None or device.is_revoked:
            raise ForeignDeviceError(f"{device_id} is no device of this account")
        slots[device_id] = {lane.key.sim_slot for lane in its_lanes}
        heard = device.is_enabled and not device.is_silent(now)
        usable[device_id] = [lane for lane in its_lanes if heard and lane.is_online]
    for target in targets:
        if target.sim_slot is not None and target.sim_slot not in slots[target.device_id]:
            raise NoEligibleDeviceError(f"{target.device_id} has no SIM in slot {target.sim_slot}")
    named = [lane for target in targets for lane in usable[target.device_id] if covers(target, lane)]
    if not named:
        raise NoEligibleDeviceError("None of the devices is online with an enabled SIM")
    if not any(ever_fits(job.segments, lane.limit, job.is_urgent) for lane in named):
        raise NoEligibleDeviceError(_TOO_LONG)


def covers(target: Target, lane: Lane) -> bool:
    """Whether the target names this SIM, or its phone."""
    return target.device_id == lane.key.device_id and target.sim_slot in (None, lane.key.sim_slot)


def preferred(owner: Target | None, targets: tuple[Target, ...]) -> Target | None:
    """The SIM that the recipient wrote to last, if it may take the job."""
    if owner is None or not targets:
        return owner
    return owner if owner in targets or Target(owner.device_id) in targets else None

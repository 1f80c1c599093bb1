"""Which phones and SIMs may take a job: what the client named, or any of the account's."""

from __future__ import annotations

from collections.abc import Iterable

from smskit.accounts.logic import retention
from smskit.accounts.logic import settings as account_settings
from smskit.errors import ForeignDeviceError, NoEligibleDeviceError
from smskit.models import magic_numbers, worlds
from smskit.models.device import Device
from smskit.models.hourly_limit import ever_fits
from smskit.models.job import Job, Route, Target
from smskit.models.lane import Lane
from smskit.models.magic_numbers import Refusal
from smskit.phones.logic import presence
from smskit.phones.store import devices, lanes

Found = dict[str, tuple[Device, list[Lane]]]
_NONE_ONLINE = "No phone of the account is online with an enabled SIM"
_TOO_LONG = "The message has more segments than any of these SIMs may send in an hour"


def merge(targets: Iterable[Target]) -> tuple[Target, ...]:
    """Each target once and in a fixed order; a phone covers its own SIMs."""
    named = set(targets)
    covered = {target for target in named if target.sim_slot is not None and Target(target.device_id) in named}
    return tuple(sorted(named - covered, key=lambda target: (target.device_id, target.sim_slot or 0)))


def waits(job: Job, asked: bool | None, now: int) -> bool:
    """Whether the job may be accepted while no phone can take it: as its request asked, or as the account's settings
    say, of which a routing rule that lets it wait for its SIMs is one."""
    if asked is not None:
        return asked
    if job.route is not None and job.targets:
        return True
    return account_settings.current(job.account_id, now, retention.KEPT_MS).wait_for_phone


def require_eligible(job: Job, now: int, *, waits: bool) -> None:
    """At least one online, enabled SIM may take the job, now or as soon as it has a free credit and budget.

    One that `waits` for a phone needs none that is online. Phones that it names must still be some of the account that
    may take it once they are: what never could go out isn't accepted. Raises ForeignDeviceError for a phone that the
    account doesn't have, NoEligibleDeviceError when none can take it. In a test world the job's number alone says so.
    """
    if worlds.is_test(job.account_id):
        if not waits and magic_numbers.refuses(job, Refusal.NO_PHONE):
            raise NoEligibleDeviceError(_NONE_ONLINE)
        return
    if job.route is not None and job.targets:
        _require_of_rule(job, job.route, now, waits)
    elif job.targets:
        found = _named(job)
        _require_slots(job, found, waits)
        if waits:
            _require_hope(job, found)
        else:
            _require_online(job, found, now)
    elif not waits:
        _require_of_account(job, now)


def _require_of_account(job: Job, now: int) -> None:
    found = False
    for lane in lanes.online(job.account_id):
        if presence.is_heard(job.account_id, lane.key.device_id, now):
            found = True
            if ever_fits(job.segments, lane.limit, job.is_urgent):
                return
    raise NoEligibleDeviceError(_TOO_LONG if found else _NONE_ONLINE)


def _require_of_rule(job: Job, route: Route, now: int, waits: bool) -> None:
    """The phones are read in the order of the routing rule, as far as none that was read may take it.

    One that was removed or disabled since the rule was made is left out.
    """
    is_any = False
    for device_id in dict.fromkeys(sim.device_id for sim in route.sims):
        device, its_lanes = devices.get_with_lanes(job.account_id, device_id)
        if device is None or device.bar is not None:
            continue
        if waits and not its_lanes:
            return
        own = [lane for lane in its_lanes if any(covers(sim, lane) for sim in route.sims)]
        usable = [lane for lane in own if (waits or not device.is_silent(now)) and _is_usable(lane, waits)]
        if any(ever_fits(job.segments, lane.limit, job.is_urgent) for lane in usable):
            return
        is_any = is_any or bool(usable)
    none = f'No SIM of the routing rule "{route.rule}" is {"enabled" if waits else "online"}'
    raise NoEligibleDeviceError(_TOO_LONG if is_any else none)


def _is_usable(lane: Lane, waits: bool) -> bool:
    return lane.refusal is None if waits else lane.is_online


def _named(job: Job) -> Found:
    """The phones that the job names, with their lanes. Raises ForeignDeviceError."""
    found: Found = {}
    for device_id in dict.fromkeys(target.device_id for target in job.targets):
        device, its_lanes = devices.get_with_lanes(job.account_id, device_id)
        if device is None or device.is_revoked:
            raise ForeignDeviceError(f"{device_id} is no device of this account")
        found[device_id] = device, its_lanes
    return found


def _require_slots(job: Job, found: Found, waits: bool) -> None:
    """A phone that never connected has not said yet which SIMs it has: a job that waits may hope for them."""
    for target in job.targets:
        slots = {lane.key.sim_slot for lane in found[target.device_id][1]}
        if target.sim_slot is not None and target.sim_slot not in slots and (slots or not waits):
            raise NoEligibleDeviceError(f"{target.device_id} has no SIM in slot {target.sim_slot}")


def _require_online(job: Job, found: Found, now: int) -> None:
    usable: list[Lane] = []
    for target in job.targets:
        device, its_lanes = found[target.device_id]
        if device.is_enabled and not device.is_silent(now):
            usable += [lane for lane in its_lanes if lane.is_online and covers(target, lane)]
    if not usable:
        raise NoEligibleDeviceError("None of the devices is online with an enabled SIM")
    _require_room(job, usable)


def _require_hope(job: Job, found: Found) -> None:
    """Of the phones and SIMs that are named, people want one used, and it may send as much in an hour."""
    wanted: list[Lane] = []
    for target in job.targets:
        device, its_lanes = found[target.device_id]
        if device.is_enabled and not its_lanes:
            return
        wanted += [lane for lane in its_lanes if device.is_enabled and lane.refusal is None and covers(target, lane)]
    if not wanted:
        raise NoEligibleDeviceError("None of the devices is enabled, with an enabled SIM")
    _require_room(job, wanted)


def _require_room(job: Job, usable: Iterable[Lane]) -> None:
    if not any(ever_fits(job.segments, lane.limit, job.is_urgent) for lane in usable):
        raise NoEligibleDeviceError(_TOO_LONG)


def covers(target: Target, lane: Lane) -> bool:
    """Whether the target names this SIM, or its phone."""
    return target.device_id == lane.key.device_id and target.sim_slot in (None, lane.key.sim_slot)


def preferred(owner: Target | None, targets: tuple[Target, ...]) -> Target | None:
    """The SIM that the recipient wrote to last, if it may take the job."""
    if owner is None or not targets:
        return owner
    return owner if owner in targets or Target(owner.device_id) in targets else None

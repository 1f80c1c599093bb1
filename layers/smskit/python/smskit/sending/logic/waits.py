"""What a Pending job waits for: of each SIM that may take it, why that one doesn't send it now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from smskit.models.device import Device
from smskit.models.hourly_limit import ever_fits
from smskit.models.job import Job
from smskit.models.lane import Lane
from smskit.phones.store import devices
from smskit.platform.times import end_of_hour
from smskit.sending.logic import targets

MOST_PHONES = 200  # are looked at: who reads a sentence counts no further


class Reason(StrEnum):
    """Why a SIM doesn't send the job now, in the order in which they are told: first what is closest to sending it."""

    OFFERED = "offered"
    UNCLAIMED = "unclaimed"
    FREE = "free"
    BUSY = "busy"
    AVOIDED = "avoided"
    RESERVED = "reserved"
    LIMITED = "hourly-limit"
    SHORT = "too-little-left"
    RESTING = "resting"
    UNANSWERED = "unanswered"
    TOO_LONG = "too-long"
    NOT_READY = "sim-not-ready"
    OFFLINE = "offline"
    NEVER_CONNECTED = "never-connected"
    SIM_DISABLED = "sim-disabled"
    PHONE_DISABLED = "device-disabled"
    PHONE_REMOVED = "device-revoked"


@dataclass(frozen=True, slots=True)
class Wait:
    """A SIM, or with no slot a phone of which no SIM is known, and why it doesn't send the job. `until`: when that is
    over, ms, where the clock says so."""

    device: Device
    sim_slot: int | None
    reason: Reason
    until: int | None = None


def of(job: Job, now: int) -> tuple[list[Wait], bool]:
    """Of each SIM that may take it, and whether there are phones that weren't looked at. Eventually consistent."""
    found = list(islice(_phones(job), MOST_PHONES + 1))
    waits = [wait for device, its_lanes in found[:MOST_PHONES] for wait in _of_phone(job, device, its_lanes, now)]
    return waits, len(found) > MOST_PHONES


def _phones(job: Job) -> Iterator[tuple[Device, list[Lane]]]:
    if not job.targets:
        yield from (entry for entry in devices.list_all(job.account_id) if not entry[0].is_revoked)
        return
    for device_id in dict.fromkeys(target.device_id for target in job.targets):
        device, its_lanes = devices.get_with_lanes(job.account_id, device_id)
        if device is not None:
            yield device, [lane for lane in its_lanes if any(targets.covers(target, lane) for target in job.targets)]


def _of_phone(job: Job, device: Device, its_lanes: list[Lane], now: int) -> list[Wait]:
    bar = {"revoked": Reason.PHONE_REMOVED, "disabled": Reason.PHONE_DISABLED}.get(device.bar or "")
    if not its_lanes:
        return [Wait(device, None, bar or Reason.NEVER_CONNECTED)]
    ordered = sorted(its_lanes, key=lambda lane: lane.key.sim_slot)
    if bar is not None:
        return [Wait(device, lane.key.sim_slot, bar) for lane in ordered]
    return [Wait(device, lane.key.sim_slot, *_of_lane(job, device, lane.at(now), now)) for lane in ordered]


def _of_lane(job: Job, device: Device, lane: Lane, now: int) -> tuple[Reason, int | None]:
    hold = lane.held.get(job.job_id)
    if hold is not None:
        return (Reason.OFFERED, hold.claim_by) if hold.claim_by > now else (Reason.UNCLAIMED, None)
    if not lane.is_enabled:
        return Reason.SIM_DISABLED, None
    if lane.connection_id is None or device.is_silent(now):
        return Reason.OFFLINE, None
    if not lane.sim_ready:
        return Reason.NOT_READY, None
    if not ever_fits(job.segments, lane.limit, job.is_urgent):
        return Reason.TOO_LONG, None
    return _of_online(job, lane, now)


def _of_online(job: Job, lane: Lane, now: int) -> tuple[Reason, int | None]:
    if lane.rests_until > now:
        return Reason.RESTING, lane.rests_until
    if lane.is_out:
        return Reason.UNANSWERED, None
    if lane.budget(job.is_urgent) < job.segments:
        return _of_budget(job, lane), end_of_hour(now)
    away = job.avoid.get(f"{lane.key.device_id}#{lane.key.sim_slot}", 0)
    if away > now:
        return Reason.AVOIDED, away
    return (Reason.FREE if lane.fits(job.segments, job.is_urgent) else Reason.BUSY), None


def _of_budget(job: Job, lane: Lane) -> Reason:
    if lane.budget(job.is_urgent) > 0:
        return Reason.SHORT
    return Reason.RESERVED if lane.left > 0 else Reason.LIMITED

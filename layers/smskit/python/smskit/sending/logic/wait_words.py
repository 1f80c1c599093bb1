"""What keeps SIMs from sending a message, in words: what holds for several is said once, with their number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from smskit.models.device import Device
from smskit.models.job import Job
from smskit.sending.logic.waits import Reason, Wait
from smskit.sending.logic.wall_clock import Clock


def of_all(job: Job, found: Sequence[Wait], clock: Clock) -> str:
    """What is with each, without a full stop; first what is closest to sending it."""
    groups = [list(group) for _, group in groupby(sorted(found, key=_place), key=_place)]
    named = "of those that it may go out by, " if job.targets and len(groups) > 1 else ""
    return named + "; ".join(_of_group(job, group, found, clock) for group in groups)


def of_one(job: Job, wait: Wait, found: Sequence[Wait], clock: Clock) -> str:
    """What is with one of those that were found."""
    return _of_group(job, [wait], found, clock)


def sim_name(device: Device, sim_slot: int | None) -> str:
    return device.name if sim_slot is None else f"SIM {sim_slot + 1} of {device.name}"


def _place(wait: Wait) -> tuple[int, bool]:
    """Where it is told among others; of those with the same place one thing is told."""
    return list(Reason).index(wait.reason), wait.sim_slot is None


def _of_group(job: Job, group: Sequence[Wait], found: Sequence[Wait], clock: Clock) -> str:
    is_phone = group[0].sim_slot is None
    one, many = (_OF_PHONES if is_phone else _OF_SIMS)[group[0].reason]
    if len(group) == 1:
        subject, verb = sim_name(group[0].device, group[0].sim_slot), one
        subject += ", the only one that may send it," if len(found) == 1 and job.targets else ""
    else:
        subject, verb = (_phones if is_phone else _sims)(len(group), found), many
    until = min((wait.until for wait in group if wait.until is not None), default=None)
    exact = group[0].reason in (Reason.OFFERED, Reason.AVOIDED)
    size = "1 segment" if job.segments == 1 else f"{job.segments} segments"
    return f"{subject} {verb.format(until=clock.at(until, seconds=exact), size=size)}"


def _sims(part: int, found: Sequence[Wait]) -> str:
    whole = sum(wait.sim_slot is not None for wait in found)
    return f"{part} of {whole} SIMs" if part < whole else f"{_all(whole)} SIMs"


def _phones(part: int, found: Sequence[Wait]) -> str:
    return f"{part} phones" if part < len(found) else f"{_all(part)} phones"


def _all(count: int) -> str:
    return "both" if count == 2 else f"all {count}"


# Of one SIM, and of several.
_OF_SIMS: dict[Reason, tuple[str, str]] = {
    Reason.OFFERED: ("was just offered it, and has until {until} to take it",) * 2,
    Reason.UNCLAIMED: ("was offered it and hasn't answered, so another gets it in a moment",) * 2,
    Reason.FREE: ("is free, and gets it in a moment", "are free, and one gets it in a moment"),
    Reason.BUSY: ("is busy with other messages", "are busy with other messages"),
    Reason.AVOIDED: (
        "gave it back a moment ago, and is asked again after {until}",
        "gave it back a moment ago, and the first is asked again after {until}",
    ),
    Reason.RESERVED: (
        "has left until {until} only what is kept for priority 9 and 10",
        "have left until {until} only what is kept for priority 9 and 10",
    ),
    Reason.LIMITED: ("is at its hourly limit until {until}", "are at their hourly limit until {until}"),
    Reason.SHORT: (
        "has too little left for its {size} until {until}",
        "have too little left for its {size} until {until}",
    ),
    Reason.RESTING: (
        "rests until {until}, since its last messages failed there",
        "rest, the first until {until}, since their last messages failed there",
    ),
    Reason.UNANSWERED: ("left its last offers unanswered", "left their last offers unanswered"),
    Reason.TOO_LONG: (
        "may never send its {size} by its hourly limit",
        "may never send its {size} by their hourly limit",
    ),
    Reason.NOT_READY: ("says that it can't send now", "say that they can't send now"),
    Reason.OFFLINE: ("is Offline", "are Offline"),
    Reason.SIM_DISABLED: ("is disabled", "are disabled"),
    Reason.PHONE_DISABLED: ("is in a phone that is disabled", "are in phones that are disabled"),
    Reason.PHONE_REMOVED: ("was in a phone that was removed", "were in phones that were removed"),
}

# Of phones of which no SIM is known.
_OF_PHONES: dict[Reason, tuple[str, str]] = {
    Reason.NEVER_CONNECTED: ("has never connected", "have never connected"),
    Reason.PHONE_DISABLED: ("is disabled", "are disabled"),
    Reason.PHONE_REMOVED: ("was removed", "were removed"),
}

"""What is with a message, in words that can be read out to who asks: why it waits, where it went, or why it didn't.

Times are those of the clock in the account's time zone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from smskit.accounts.logic import retention
from smskit.accounts.logic import settings as account_settings
from smskit.dispatch.logic import expiry
from smskit.models import magic_numbers, worlds
from smskit.models.job import OUTCOME_UNKNOWN, Job, JobStatus
from smskit.phones.store import devices
from smskit.platform import zones
from smskit.sending.logic import choices, job_status, wait_words, waits
from smskit.sending.logic.waits import Reason, Wait
from smskit.sending.logic.wall_clock import Clock

_TEST = "A test, which nobody gets."


@dataclass(frozen=True, slots=True)
class Explanation:
    """The job, what is with it, and of a Pending one each SIM that may take it with what keeps it from that."""

    job: Job
    text: str
    waits: tuple[Wait, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sender:
    """The SIM that a job went to, by the name that people gave its phone; `confirms`: it can tell of deliveries."""

    name: str
    confirms: bool = True


def read(account_id: str, job_id: str, now: int) -> Explanation:
    """What is with the account's job. Raises NotFoundError."""
    job = job_status.read(account_id, job_id, now)
    chosen = account_settings.current(job.account_id, now, retention.SHOWN_MS)
    clock = Clock(zones.zone(chosen.time_zone or zones.DEFAULT), "" if chosen.time_zone else " UTC", now)
    if worlds.is_test(account_id):
        return Explanation(job, f"{_TEST} {_played(job, clock)}")
    if job.status is JobStatus.PENDING:
        found, more = waits.of(job, now)
        return Explanation(job, _waiting(job, found, more, clock), tuple(found))
    return Explanation(job, _SAID[job.status](job, _sender(job), clock))


def _played(job: Job, clock: Clock) -> str:
    """What is with a job of a test world."""
    if job.status is not JobStatus.PENDING:
        return _SAID[job.status](job, _Sender("the test phone"), clock)
    waits = "the test phone takes it in a moment" if magic_numbers.steps_of(job) else "its number lets no phone take it"
    return f"Waiting: {waits}. {_end(job, clock)}"


def _scheduled(job: Job, _: _Sender, clock: Clock) -> str:
    at = clock.at(job.created_at)
    if job.is_held_quiet:
        return f"Scheduled: it fell into the account's quiet hours, and goes out when they end, at {at}."
    return f"Scheduled: it goes out at {at}, as was asked."


def _assigned(job: Job, sender: _Sender, clock: Clock) -> str:
    return f"Being sent: {sender.name} took it at {clock.at(job.assigned_at, seconds=True)}{choices.clause(job)}."


def _sent(job: Job, sender: _Sender, clock: Clock) -> str:
    sent = (
        f"Sent: {sender.name} handed it to the network at {clock.at(job.sent_at, seconds=True)}{choices.clause(job)}."
    )
    if not sender.confirms:
        return f"{sent} This phone can't tell whether messages arrive, so it stays Sent."
    return f"{sent} The network hasn't confirmed yet that it arrived."


def _delivered(job: Job, sender: _Sender, clock: Clock) -> str:
    at = clock.at(job.delivered_at, seconds=True)
    return (
        f"Delivered: the network confirmed at {at} that it arrived. It was sent by {sender.name}{choices.clause(job)}."
    )


def _failed(job: Job, sender: _Sender, clock: Clock) -> str:
    if job.error is not None and job.error.code == OUTCOME_UNKNOWN:
        return (
            f"Outcome unknown: {sender.name} was told to send it and hasn't said what came of it. "
            "It may have gone out, so it isn't sent again by itself."
        )
    return f"Failed: {sender.name} could not send it at {clock.at(job.failed_at, seconds=True)}{_reason(job)}."


def _dead_letter(job: Job, _: _Sender, clock: Clock) -> str:
    code = job.error.code if job.error is not None else ""
    if code == "expired":
        return f"Not sent: no phone could send it before its validity ended, at {clock.at(job.expires_at)}."
    said = {
        "opted-out": "the recipient opted out before it went out",
        "sim-disabled": "it might go out only by a SIM that was disabled",
        "device-disabled": "it might go out only by a phone that was disabled",
        "device-revoked": "it might go out only by a phone that was removed from the account",
    }.get(code)
    if said is None:
        return f"Not sent{_reason(job)}."
    rule = f", as {choices.rule(job)} says" if job.route is not None and code in expiry.REFUSED else ""
    return f"Not sent: {said}{rule}."


def _cancelled(job: Job, _: _Sender, clock: Clock) -> str:
    at = next((f" at {clock.at(entry.at, seconds=True)}" for entry in job.timeline if entry.event == "cancelled"), "")
    return f"Cancelled{at}, before a phone had it."


_SAID: dict[JobStatus, Callable[[Job, _Sender, Clock], str]] = {
    JobStatus.SCHEDULED: _scheduled,
    JobStatus.ASSIGNED: _assigned,
    JobStatus.SENT: _sent,
    JobStatus.DELIVERED: _delivered,
    JobStatus.FAILED: _failed,
    JobStatus.DEAD_LETTER: _dead_letter,
    JobStatus.CANCELLED: _cancelled,
}


def _reason(job: Job) -> str:
    return f" ({job.error.message.rstrip('.')})" if job.error is not None and job.error.message else ""


def _sender(job: Job) -> _Sender:
    device = devices.get(job.account_id, job.device_id, consistent=False) if job.device_id is not None else None
    if device is None or job.sim_slot is None:
        return _Sender("a phone")
    return _Sender(wait_words.sim_name(device, job.sim_slot), device.delivery_reports)


def _waiting(job: Job, found: Sequence[Wait], more: bool, clock: Clock) -> str:
    end = _end(job, clock)
    if not found:
        named = f"the phones of {choices.rule(job)}" if job.route is not None else "the phones that it names"
        whose = f"{named} aren't there any more" if job.targets else "the account has no phone"
        return f"Waiting: {whose}. {end}"
    offered = [wait for wait in found if wait.reason in (Reason.OFFERED, Reason.UNCLAIMED)]
    if offered:
        return f"Waiting: {wait_words.of_one(job, offered[0], found, clock)}. {end}"
    said = wait_words.of_all(job, found, clock)
    beyond = f" These are the first {waits.MOST_PHONES} phones; there are more." if more else ""
    return f"Waiting: {said}.{beyond}{choices.limits(job)} {end}"


def _end(job: Job, clock: Clock) -> str:
    return f"It is given up at {clock.at(job.expires_at)} unless it was sent by then."

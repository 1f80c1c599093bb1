"""Accepting a job: validate, store, queue. An accepted job is always queued, and a key never sends twice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import NamedTuple

from smskit.accounts.logic import retention
from smskit.contacts import store as contacts
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.logic import schedules
from smskit.dispatch.store import jobs
from smskit.errors import (
    IdempotencyConflictError,
    OptedOutError,
    QueueUnavailableError,
    RefusedError,
    UnavailableError,
)
from smskit.models import magic_numbers
from smskit.models.contact import Contact, conversation_id
from smskit.models.job import (
    QUIET,
    SCHEDULED,
    Callback,
    Erased,
    Job,
    JobStatus,
    Rank,
    Target,
    TimelineEntry,
    reference_id,
)
from smskit.models.magic_numbers import Refusal
from smskit.models.template import TemplateUse
from smskit.platform.ids import derived_id, new_id
from smskit.platform.times import rfc3339
from smskit.sending.logic import (
    own_country,
    phone_numbers,
    quiet_hours,
    routing,
    segments,
    send_times,
    targets,
    wording,
)

_TRIES = 4


@dataclass(frozen=True, slots=True)
class Order:
    """What a client asks for, as it wrote it; the shapes and ranges are right already.

    `asked_of` stands for the targets in what tells two requests apart, where it isn't the client that named them.
    `key_scope` is whose idempotency key it is: a person's keys are their own, the account's programs share theirs.
    `wait_for_phone`: whether it may be accepted while no phone can take it; None leaves that to the account's settings.
    `send_at`: when it is to be sent, ms; None is at once. `callback`: where its states are told as well.
    `template`: what its message is made by, if the client wrote none itself.
    """

    account_id: str
    client_id: str
    recipient: str
    message: str
    priority: int
    validity_seconds: int | None
    targets: tuple[Target, ...] = ()
    idempotency_key: str | None = None
    client_reference: str | None = None
    asked_of: str | None = None
    key_scope: str | None = None
    wait_for_phone: bool | None = None
    send_at: int | None = None
    callback: Callback | None = None
    template: TemplateUse | None = None


class Accepted(NamedTuple):
    """The job of an order. `send_at` is when it is due, ms, if that was later; `is_quiet`: at the end of the account's
    quiet hours. A repeated order is told the same."""

    job_id: str
    send_at: int | None = None
    is_quiet: bool = False


def accept(order: Order, now: int) -> Accepted:
    """Store and queue a job, or keep it until it is due. The same request under the same key is told the first job.

    Raises UnknownTemplateError, InvalidVariablesError, InvalidRecipientError, InvalidSendAtError, OptedOutError,
    ForeignDeviceError, NoEligibleDeviceError, IdempotencyConflictError, or UnavailableError when the job could not be
    queued and nothing was kept.
    """
    try:
        job = _permitted(job_of(_worded(order), now), order, now)
    except RefusedError:
        # The world may have changed since the key was first accepted: that answer stands.
        if not order.idempotency_key:
            raise
        first = _first_answer(job_of(order, now), jobs.get_known(_job_id(order, now)))
        if first is None:
            raise
        return first
    for _ in range(_TRIES):
        stored = _store(job, now)
        if stored is job:
            return _answer(job)
        first = _first_answer(job, stored)
        if first is not None:
            return first
        # The request that stored it took it back meanwhile: this one is the first now.
    raise UnavailableError("The job could not be queued; send the same request again")


def _worded(order: Order) -> Order:
    """The order with the message of its template, if it has one."""
    if order.template is None:
        return order
    return replace(order, message=wording.message_of(order.account_id, order.template))


def job_of(order: Order, now: int) -> Job:
    """The job of an order that is accepted now, before anything is looked up. Raises InvalidRecipientError."""
    recipient = phone_numbers.normalise(order.recipient, own_country.of(order.account_id, order.recipient, now))
    merged = targets.merge(order.targets)
    policy = retention.of_account(order.account_id, now)
    asked = now if order.send_at is None else order.send_at
    quiet_until = quiet_hours.end_of(order.account_id, order.priority, asked, now)
    begins = asked if quiet_until is None else quiet_until
    expires_at = begins + (order.validity_seconds or policy.validity_seconds) * 1000
    job = Job(
        job_id=_job_id(order, now),
        account_id=order.account_id,
        client_id=order.client_id,
        recipient=recipient,
        message=order.message,
        segments=segments.count(order.message),
        priority=order.priority,
        created_at=begins,
        expires_at=expires_at,
        targets=merged,
        client_reference=order.client_reference,
        reference_id=reference_id(order.account_id, order.client_reference) if order.client_reference else None,
        request_hash=_request_hash(order, recipient, merged) if order.idempotency_key else None,
        conversation_id=conversation_id(order.account_id, recipient),
        callback=order.callback,
        kept_until=policy.kept_until(begins, expires_at),
    )
    if quiet_until is not None:
        return _scheduled(job, QUIET, now)
    return job if order.send_at is None else _scheduled(job, SCHEDULED, now)


def _scheduled(job: Job, why: str, now: int) -> Job:
    entry = TimelineEntry(why, now, detail=rfc3339(job.created_at))
    return replace(job, status=JobStatus.SCHEDULED, rank=Rank.SCHEDULED, accepted_at=now, timeline=(entry,))


def _job_id(order: Order, now: int) -> str:
    if not order.idempotency_key:
        return new_id("job", now)
    scope = (order.key_scope,) if order.key_scope else ()
    return derived_id("job", order.account_id, *scope, order.idempotency_key)


def _request_hash(order: Order, recipient: str, merged: tuple[Target, ...]) -> str:
    """128 bits over what the client asked for, in its normal form: two ways to write one request are the same."""
    where = order.asked_of or [[target.device_id, target.sim_slot] for target in merged]
    validity = order.validity_seconds or retention.DEFAULT_VALIDITY_SECONDS
    said = [order.template.template_id, sorted(order.template.values.items())] if order.template else order.message
    asked: list[object] = [recipient, said, order.priority, where, validity, order.client_reference]
    # What came later stands in it only where it was asked for: keys of requests that are repeated must stay what they
    # were.
    asked += [{"waitForPhone": order.wait_for_phone}] if order.wait_for_phone is not None else []
    asked += [{"sendAt": order.send_at}] if order.send_at is not None else []
    return hashlib.sha256(json.dumps(asked, separators=(",", ":")).encode()).hexdigest()[:32]


def _permitted(job: Job, order: Order, now: int) -> Job:
    """The job with its preferred sender and its routing rule.

    Raises InvalidSendAtError, OptedOutError, ForeignDeviceError or NoEligibleDeviceError.
    """
    if order.send_at is not None:
        send_times.require(order.send_at, now)
    willing = of_willing(job, contacts.get(job.account_id, job.recipient), now)
    targets.require_eligible(willing, now, waits=targets.waits(willing, order.wait_for_phone, now))
    return willing


def of_willing(job: Job, contact: Contact, now: int) -> Job:
    """The job with its preferred sender and its routing rule. Raises OptedOutError."""
    if contact.opted_out or magic_numbers.refuses(job, Refusal.OPTED_OUT):
        raise OptedOutError("The recipient has opted out of messages from this account")
    return routing.routed(replace(job, preferred=targets.preferred(contact.owner, job.targets)), now)


def _answer(job: Job) -> Accepted:
    return Accepted(job.job_id, job.send_at, job.is_held_quiet)


def _store(job: Job, now: int) -> Job | Erased | None:
    """The job itself, when it is stored and on its way; else what stands under its id. Raises UnavailableError."""
    if job.rank == Rank.SCHEDULED:
        return job if schedules.keep(job, now) else jobs.get_known(job.job_id)
    stored = jobs.create(job)
    if stored is not None:
        return stored
    _queue_or_take_back(job)
    return job


def _queue_or_take_back(job: Job) -> None:
    try:
        job_queues.enqueue(job)
    except QueueUnavailableError:
        # A repeated request may have bound the job and queued it by now; then it stays, and its answer is that one's.
        # Or the queue took it without saying so, and a phone has it: who is told to repeat it may send it twice.
        if jobs.take_back(job) or not jobs.was_given(job):
            raise UnavailableError("The job could not be queued; send the same request again") from None


def _first_answer(asked: Job, stored: Job | Erased | None) -> Accepted | None:
    """What the first request under this key was answered, queueing the job once more in case that one died before it.

    A job that was erased is not sent again. None when there is nothing to repeat: the job isn't there, or was taken
    back. Raises IdempotencyConflictError.
    """
    if stored is None:
        return None
    if stored.request_hash != asked.request_hash or stored.account_id != asked.account_id:
        raise IdempotencyConflictError("The idempotencyKey was used before with another request")
    if isinstance(stored, Erased):
        return _answer(asked)
    first = _answer(stored)
    if stored.status is not JobStatus.PENDING:
        return first
    if not jobs.mark_replayed(stored):
        return None
    try:
        job_queues.enqueue(stored, again=True)
    except QueueUnavailableError:
        raise UnavailableError("The job could not be queued; send the same request again") from None
    return first

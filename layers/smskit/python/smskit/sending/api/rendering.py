"""Messages as they are stored, as the client API shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smskit.accounts.api.callers import Caller
from smskit.models import worlds
from smskit.models.job import OUTCOME_UNKNOWN, Job, JobError, JobStatus, Target, TimelineEntry
from smskit.models.routing import Choice, choice_of
from smskit.models.template import TemplateUse
from smskit.platform.http.query_values import moment_ms
from smskit.platform.times import rfc3339, time_text
from smskit.sending.api.bulk_requests import BulkRequest
from smskit.sending.api.requests import DeviceReference, MoveRequest, SendRequest
from smskit.sending.api.views import (
    ExplanationView,
    JobErrorView,
    JobPage,
    JobStatusView,
    SendAccepted,
    TimelineEntryView,
    WaitView,
)
from smskit.sending.logic.accept import Accepted, Order
from smskit.sending.logic.explain import Explanation
from smskit.sending.logic.filters import MessageListPage


def order_of(caller: Caller, request: SendRequest) -> Order:
    """What the client asks for."""
    return Order(
        account_id=caller.account_id,
        client_id=caller.client_id,
        recipient=request.recipient,
        message=request.message or "",
        template=_template_of(request),
        priority=request.priority,
        validity_seconds=request.validity_seconds,
        targets=targets_of(request.devices),
        idempotency_key=request.idempotency_key,
        client_reference=request.client_reference,
        key_scope=caller.key_scope,
        wait_for_phone=request.wait_for_phone,
        send_at=moment_of(request),
    )


def _template_of(request: SendRequest) -> TemplateUse | None:
    if request.template_id is None:
        return None
    return TemplateUse(request.template_id, request.variables or {})


def moment_of(asked: SendRequest | MoveRequest | BulkRequest) -> int | None:
    """When a message is to be sent, ms; None where nothing is said."""
    return moment_ms(asked.send_at) if asked.send_at is not None else None


def accepted_view(accepted: Accepted) -> SendAccepted:
    """What was accepted: queued, or kept until it is due."""
    if accepted.send_at is None:
        return SendAccepted(job_id=accepted.job_id, status=JobStatus.PENDING.value)
    return SendAccepted(
        job_id=accepted.job_id, status=JobStatus.SCHEDULED.value, send_at=rfc3339(accepted.send_at),
        quiet_hours=True if accepted.is_quiet else None,
    )  # fmt: skip


def targets_of(devices: Sequence[DeviceReference] | None) -> tuple[Target, ...]:
    """The phones and SIMs that a request names."""
    return tuple(Target(device.device_id, device.sim_slot) for device in devices or ())


def explanation_view(explained: Explanation) -> ExplanationView:
    """What is with a job."""
    return ExplanationView(
        job_id=explained.job.job_id,
        status=explained.job.status,
        explanation=explained.text,
        waits_for=[
            WaitView(
                device_id=wait.device.device_id, sim_slot=wait.sim_slot, reason=wait.reason, until=time_text(wait.until)
            )
            for wait in explained.waits
        ],
    )


def job_view(job: Job) -> JobStatusView:
    """The job. That it was accepted opens the timeline; it isn't stored a second time."""
    ended_badly = job.status in (JobStatus.FAILED, JobStatus.DEAD_LETTER)
    return JobStatusView(
        job_id=job.job_id,
        status=job.status.value,
        recipient=job.recipient,
        device_id=job.device_id,
        sim_slot=job.sim_slot,
        attempts=job.attempts,
        created_at=rfc3339(job.asked_at),
        send_at=time_text(job.send_at),
        sent_at=time_text(job.sent_at),
        delivered_at=time_text(job.delivered_at),
        failed_at=time_text(job.failed_at) if ended_badly else None,
        error=_error_view(job.error) if job.error else None,
        segments=job.segments,
        priority=job.priority,
        client_reference=job.client_reference,
        batch_id=job.batch_id,
        timeline=[_entry_view(job, entry) for entry in _timeline(job)],
    )


def job_page(page: MessageListPage) -> JobPage:
    """The page, and how far back it has looked."""
    return JobPage.of(page, job_view).model_copy(update={"looked_back_to": time_text(page.looked_back_to)})


def _error_view(error: JobError) -> JobErrorView:
    return JobErrorView(
        code=error.code, message=error.message, may_have_been_sent=True if error.may_have_been_sent else None
    )


def _timeline(job: Job) -> list[TimelineEntry]:
    """From `accepted` on. What a phone reports is stored without it: it is the phone that the job was assigned to. An
    offer that came to nothing is stored with what came of it."""
    entries = [TimelineEntry("accepted", job.asked_at)]
    assigned = entries[0]
    for entry in job.timeline:
        if entry.event == "assigned":
            assigned = entry
        if entry.offered_at is not None:
            _add_offer(entries, TimelineEntry("offered", entry.offered_at, entry.device_id, entry.sim_slot))
        if entry.event in ("sent", "delivered", "failed", OUTCOME_UNKNOWN):
            entry = replace(entry, device_id=assigned.device_id, sim_slot=assigned.sim_slot)  # noqa: PLW2901
        if entry.event == "offered":
            _add_offer(entries, entry)
        else:
            entries.append(entry)
    return entries


def _add_offer(entries: list[TimelineEntry], offer: TimelineEntry) -> None:
    """Once, though two things may have come of it: another phone was asked as well, and it was claimed after all."""
    if offer not in entries:
        entries.append(offer)


def _entry_view(job: Job, entry: TimelineEntry) -> TimelineEntryView:
    choice = _choice(job, entry)
    return TimelineEntryView(
        event=entry.event,
        at=rfc3339(entry.at),
        device_id=entry.device_id,
        sim_slot=entry.sim_slot,
        detail=entry.detail,
        choice=choice,
        rule=job.route.rule if job.route is not None and choice in (Choice.RULE, Choice.FALLBACK) else None,
    )


def _choice(job: Job, entry: TimelineEntry) -> Choice | None:
    """Why it was this SIM. A test world has only one."""
    if entry.event != "assigned" or entry.device_id is None or worlds.is_test(job.account_id):
        return None
    return choice_of(job, entry.device_id, entry.sim_slot)

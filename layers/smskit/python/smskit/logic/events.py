"""What happened, as events: the payloads that webhooks carry. An event's id is derived from what it tells."""

from __future__ import annotations

import json
from typing import Any

from smskit.models.ids import derived_id
from smskit.models.inbound import InboundMessage
from smskit.models.job import Job, JobStatus
from smskit.models.opt_out import AuditEntry, Effect
from smskit.models.times import rfc3339
from smskit.models.webhook import PING, SUSPENDED_EVENT, Endpoint, Event

_NAMES = {
    JobStatus.SENT: "sms:sent",
    JobStatus.DELIVERED: "sms:delivered",
    JobStatus.FAILED: "sms:failed",
    JobStatus.DEAD_LETTER: "sms:failed",
}


def job_changed(old: JobStatus | None, job: Job) -> Event | None:
    """The event of a job's new state; None when its state didn't change, or is none that is told."""
    name = _NAMES.get(job.status)
    if name is None or old is job.status:
        return None
    time_name, at = _time_of(job)
    # The rank tells a guess from what the phone says later: both may be shown as Failed.
    event_id = derived_id("evt", job.job_id, job.status.value, str(job.rank))
    payload: dict[str, Any] = {
        "event": name,
        "eventId": event_id,
        "jobId": job.job_id,
        "recipient": job.recipient,
        "status": job.status.value,
        "deviceId": job.device_id,
        "simSlot": job.sim_slot,
        "attempts": job.attempts,
        time_name: rfc3339(at),
        "error": {"code": job.error.code, "message": job.error.message} if job.error else None,
        "clientReference": job.client_reference,
    }
    return Event(job.account_id, event_id, name, at, _text(payload), job.created_at, job.kept_until or 0)


def _time_of(job: Job) -> tuple[str, int]:
    """The name of the time of the job's state, and the time."""
    match job.status:
        case JobStatus.SENT:
            return "sentAt", job.sent_at or job.created_at
        case JobStatus.DELIVERED:
            return "deliveredAt", job.delivered_at or job.created_at
        case _:
            return "failedAt", job.failed_at or job.created_at


def received(message: InboundMessage, kept_until: int = 0) -> Event:
    """`sms:received`, with the fields of the public reference and no others; `kept_until` is the message's TTL."""
    event_id = derived_id("evt", message.message_id, "received")
    payload = {
        "event": "sms:received",
        "eventId": event_id,
        "from": message.sender,
        "to": message.recipient,
        "content": message.content,
        "deviceId": message.device_id,
        "simSlot": message.sim_slot,
        "receivedAt": rfc3339(message.received_at),
    }
    # By arrival: a phone may have been offline for days, or have a wrong clock.
    at = message.stored_at
    return Event(message.account_id, event_id, "sms:received", at, _text(payload), at, kept_until)


def opt_out_changed(entry: AuditEntry, audit_id: str) -> Event:
    """`contact:opted_out` or `contact:opted_in`; `audit_id` is the id of the entry in the audit trail."""
    name = "contact:opted_out" if entry.effect is Effect.OPTED_OUT else "contact:opted_in"
    event_id = derived_id("evt", audit_id)
    payload = {
        "event": name,
        "eventId": event_id,
        "number": entry.number,
        "reason": entry.reason,
        "source": entry.source,
        "at": rfc3339(entry.at),
    }
    return Event(entry.account_id, event_id, name, entry.at, _text(payload))


def pinged(endpoint: Endpoint, asked_at: int, nonce: str) -> Event:
    """A test event. `nonce` tells two pings of one millisecond apart."""
    event_id = derived_id("evt", endpoint.webhook_id, PING, str(asked_at), nonce)
    payload = {
        "event": PING, "eventId": event_id, "webhookId": endpoint.webhook_id, "sentAt": rfc3339(asked_at),
    }  # fmt: skip
    return Event(endpoint.account_id, event_id, PING, asked_at, _text(payload))


def suspended(endpoint: Endpoint) -> Event:
    """The notice to the account's other endpoints that this one was suspended."""
    at = endpoint.suspended_at or endpoint.created_at
    event_id = derived_id("evt", endpoint.webhook_id, SUSPENDED_EVENT, str(at))
    payload = {
        "event": SUSPENDED_EVENT,
        "eventId": event_id,
        "webhookId": endpoint.webhook_id,
        "url": endpoint.url,
        "reason": endpoint.suspended_reason,
        "suspendedAt": rfc3339(at),
    }
    return Event(endpoint.account_id, event_id, SUSPENDED_EVENT, at, _text(payload))


def _text(payload: dict[str, Any]) -> str:
    """One text for all: what is signed is what is sent. What doesn't apply is left out."""
    known = {name: value for name, value in payload.items() if value is not None}
    return json.dumps(known, separators=(",", ":"), ensure_ascii=False)

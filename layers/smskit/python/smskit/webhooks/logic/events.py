"""What happened, as events: the payloads that webhooks carry. An event's id is derived from what it tells."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from smskit.models import worlds
from smskit.models.device import Device
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job, JobError, JobStatus, Rank
from smskit.models.opt_out import Effect, TrailEntry
from smskit.models.sim_health import Unhealthy
from smskit.models.webhook import PING, SUSPENDED_EVENT, Endpoint, EndpointShape, Event
from smskit.platform.ids import derived_id
from smskit.platform.times import rfc3339, time_text
from smskit.webhooks.logic import twilio_forms

_NAMES = {
    JobStatus.SENT: "sms:sent",
    JobStatus.DELIVERED: "sms:delivered",
    JobStatus.FAILED: "sms:failed",
    JobStatus.DEAD_LETTER: "sms:failed",
}


def job_changed(old: Job | None, job: Job) -> Event | None:
    """The event of a job's new state; None when its state didn't change, or is none that is told.

    A Sent that comes behind its Delivered changes no state; it is told as if it had come first.
    """
    if old is None or old.status is not job.status:
        return _state_told(job) if job.status in _NAMES else None
    if old.sent_at is None and job.sent_at is not None:
        return _state_told(replace(job, status=JobStatus.SENT, rank=Rank.SENT))
    return None


def _state_told(job: Job) -> Event:
    name = _NAMES[job.status]
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
        "error": _error(job.error) if job.error else None,
        "clientReference": job.client_reference,
    }
    at = _learned_at(job, at)
    return Event(
        job.account_id,
        event_id,
        name,
        at,
        _text(job.account_id, payload),
        job.created_at,
        job.kept_until or 0,
        about=job,
    )


def _error(error: JobError) -> dict[str, Any]:
    unknown = {"mayHaveBeenSent": True} if error.may_have_been_sent else {}
    return {"code": error.code, "message": error.message} | unknown


def _learned_at(job: Job, at: int) -> int:
    """When SMSKit learned of the job's state, which a phone may report hours after `at`.

    Of a frame that says Sent and what came of it, Sent comes first.
    """
    if job.heard_at is None:
        return at
    return job.heard_at if job.status is JobStatus.SENT else job.heard_at + 1


def _time_of(job: Job) -> tuple[str, int]:
    """The name of the time of the job's state, and the time."""
    match job.status:
        case JobStatus.SENT:
            return "sentAt", _known(job.sent_at, job)
        case JobStatus.DELIVERED:
            return "deliveredAt", _known(job.delivered_at, job)
        case _:
            return "failedAt", _known(job.failed_at, job)


def _known(at: int | None, job: Job) -> int:
    return job.created_at if at is None else at


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
    return Event(
        message.account_id,
        event_id,
        "sms:received",
        at,
        _text(message.account_id, payload),
        at,
        kept_until,
        about=message,
    )


def opt_out_changed(entry: TrailEntry, audit_id: str) -> Event:
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
    return Event(entry.account_id, event_id, name, entry.at, _text(entry.account_id, payload))


def presence_changed(old: Device, new: Device) -> Event | None:
    """`device:online` or `device:offline`; None when the phone is as it was, also on another connection."""
    if old.is_connected == new.is_connected:
        return None
    name = "device:online" if new.is_connected else "device:offline"
    heard_at = new.heartbeat_at or new.connected_at
    at, before = (heard_at, old.offline_at) if new.is_connected else (new.offline_at, heard_at)
    # The gateway's clock and ours differ a little: a phone comes after it went, and goes after it was heard.
    at = max(at or 0, (before or 0) + 1)
    # A connection may be given up as silent and speak again, hence the time.
    connection_id = new.connection_id or old.connection_id or ""
    event_id = derived_id("evt", new.device_id, name, connection_id, str(heard_at))
    payload = {
        "event": name,
        "eventId": event_id,
        "deviceId": new.device_id,
        "name": new.name,
        "at": rfc3339(at),
        "lastHeartbeatAt": None if new.is_connected else rfc3339(heard_at),
    }
    return Event(new.account_id, event_id, name, at, _text(new.account_id, payload))


def sim_unhealthy(sim: Unhealthy) -> Event:
    """`sim:unhealthy`, of a SIM that has just become so."""
    told = {
        "sentShare": None if sim.history.share is None else round(sim.history.share, 2),
        "tries": sim.history.count,
        "restsUntil": time_text(sim.rests_until or None),
    }
    return _sim_changed("sim:unhealthy", sim, sim.rested_at, told)


def sim_healthy(sim: Unhealthy, at: int) -> Event:
    """`sim:healthy`, of a SIM that was unhealthy as `sim` says until then. No sooner than it was told as unhealthy:
    the stream's time is that of a second."""
    return _sim_changed("sim:healthy", sim, max(at, sim.rested_at + 1), {})


def _sim_changed(name: str, sim: Unhealthy, at: int, told: dict[str, Any]) -> Event:
    # No two changes of a SIM have the same last try.
    event_id = derived_id("evt", sim.device_id, str(sim.sim_slot), name, str(sim.history.number))
    payload = {
        "event": name,
        "eventId": event_id,
        "deviceId": sim.device_id,
        "simSlot": sim.sim_slot,
        "carrierName": sim.carrier_name,
        "phoneNumber": sim.phone_number,
        "at": rfc3339(at),
        **told,
    }
    return Event(sim.account_id, event_id, name, at, _text(sim.account_id, payload))


def pinged(endpoint: Endpoint, asked_at: int, nonce: str) -> Event:
    """A test event. `nonce` tells two pings of one millisecond apart."""
    event_id = derived_id("evt", endpoint.webhook_id, PING, str(asked_at), nonce)
    payload = {
        "event": PING, "eventId": event_id, "webhookId": endpoint.webhook_id, "sentAt": rfc3339(asked_at),
    }  # fmt: skip
    body = (
        _text(endpoint.account_id, payload)
        if endpoint.shape is EndpointShape.STANDARD
        else twilio_forms.ping(endpoint.account_id)
    )
    return Event(endpoint.account_id, event_id, PING, asked_at, body)


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
    return Event(endpoint.account_id, event_id, SUSPENDED_EVENT, at, _text(endpoint.account_id, payload))


def _text(account_id: str, payload: dict[str, Any]) -> str:
    """One text for all: what is signed is what is sent. What doesn't apply is left out, also that it is no test."""
    payload |= {"test": True} if worlds.is_test(account_id) else {}
    known = {name: value for name, value in payload.items() if value is not None}
    return json.dumps(known, separators=(",", ":"), ensure_ascii=False)

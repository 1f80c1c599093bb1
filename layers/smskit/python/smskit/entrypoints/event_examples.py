"""What the description of the client API says of the events that webhooks get: each as the code makes it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from smskit.models.device import Device
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job, JobError, JobStatus
from smskit.models.opt_out import Effect, TrailEntry
from smskit.models.sim_health import History, Unhealthy
from smskit.models.webhook import Endpoint, Event
from smskit.webhooks.logic import events

_AT = 1_782_216_000_000
_ACCOUNT, _NUMBER = "acc_06F2M8QZ4N1R7T3V5W0X", "+254712345678"
_DEVICE, _CONVERSATION = "dvc_3K7J2H5F8M1N4Q9R6V0W", "cnv_4N8R2T6W0X3Z7B1D5F9H"
_WHEN = {
    "sms:sent": "The phone has handed every part over.",
    "sms:delivered": "Every part is confirmed.",
    "sms:failed": "The job is Failed or DeadLetter. Where `error.mayHaveBeenSent` is true, nobody knows whether it "
    "went out: don't send it again blindly.",
    "sms:received": "A phone received an SMS.",
    "device:online": "A phone has connected, or speaks again.",
    "device:offline": "A phone has closed its connection, lost it, or was silent for two heartbeats.",
    "sim:unhealthy": "Too many of the last messages that a SIM was given failed: it rests, and is then tried with one "
    "at a time.",
    "sim:healthy": "An unhealthy SIM has sent a message.",
    "contact:opted_out": "A number has opted out, or somebody did that for it.",
    "contact:opted_in": "A number has opted in again.",
    "webhook:suspended": "Another endpoint of the account was suspended.",
    "ping": "Somebody asked for a test.",
}
_SAYS = {
    "event": "What happened.",
    "eventId": "The same each time that this event is sent, and in `webhook-id`.",
    "at": "When, as far as SMSKit knows.",
    "attempts": "How many phones tried.",
    "reason": "Why, where it is known.",
    "source": "Who did it.",
    "lastHeartbeatAt": "When it was last heard.",
    "simSlot": "The SIM's place in the phone, from 0 on.",
    "sentShare": "The share of its last messages, 50 at most, that it sent.",
    "tries": "How many of its last messages that is the share of.",
    "restsUntil": "When it is tried again.",
    "from": "Who wrote: a number, or a name that takes no replies.",
    "to": "The number of the SIM, where it is known.",
    "clientReference": "What the request that sent it said.",
}
_TAKEN = {"description": "Any 2xx within 15 seconds takes the event; anything else is a failure, and it is sent again."}


def webhooks() -> dict[str, dict[str, Any]]:
    """The `webhooks` of an OpenAPI document."""
    return {event.name: {"post": _operation(event.name, json.loads(event.body))} for event in _made()}


def _operation(name: str, example: dict[str, Any]) -> dict[str, Any]:
    words = name.replace(":", "_").split("_")
    return {
        "operationId": "on" + "".join(word.capitalize() for word in words),
        "summary": name,
        "description": _WHEN[name],
        "tags": ["Webhooks"],
        "security": [],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _schema(name, example)}}},
        "responses": {"2XX": _TAKEN},
    }


def _schema(name: str, example: dict[str, Any]) -> dict[str, Any]:
    """Of an example. What doesn't apply is absent, so only what names the event is always there."""
    properties = {key: _field(key, value) for key, value in example.items()}
    properties["event"]["const"] = name
    properties["test"] = {"const": True, "description": "It happened to a test key. Absent from what is live."}
    return {"type": "object", "properties": properties, "required": ["event", "eventId"], "examples": [example]}


def _field(name: str, value: Any) -> dict[str, Any]:
    said = {"description": _SAYS[name]} if name in _SAYS else {}
    match value:
        case dict():
            return {"type": "object", "properties": {key: _field(key, one) for key, one in value.items()}} | said
        case bool():
            return {"type": "boolean"} | said
        case int():
            return {"type": "integer"} | said
        case float():
            return {"type": "number"} | said
    is_time = name == "at" or name.endswith(("At", "Until"))
    return {"type": "string"} | ({"format": "date-time"} if is_time else {}) | said


def _made() -> list[Event]:
    """One of each, in the order in which docs/webhooks.md has them."""
    job_id, client_id = "job_7H2K9M4P1Q6R3T8V5W0X", "cli_06F2M8QZ4N1R7T3V5W0X"
    pending = Job(job_id, _ACCOUNT, client_id, _NUMBER, "", 1, 0, _AT, _AT + 86_400_000, attempts=1, device_id=_DEVICE,
                  sim_slot=0, client_reference="order-4218")  # fmt: skip
    sent = replace(pending, status=JobStatus.SENT, sent_at=_AT + 2_300)
    delivered = replace(sent, status=JobStatus.DELIVERED, delivered_at=_AT + 4_100)
    unknown = JobError("outcome_unknown", "The phone doesn't know whether it was sent")
    failed = replace(pending, status=JobStatus.FAILED, failed_at=_AT + 3_000, error=unknown)
    message = InboundMessage("msg_06F2M8QZ4N1R7T3V5W0X", _ACCOUNT, _NUMBER, "+254700000001", "Are you open on Sunday?",
                             _DEVICE, 0, _AT, _CONVERSATION, stored_at=_AT + 900)  # fmt: skip
    online = Device(_ACCOUNT, _DEVICE, "Front desk", "", connection_id="c", connected_at=_AT, heartbeat_at=_AT)
    offline = replace(online, connection_id=None, offline_at=_AT + 150_000)
    sim = Unhealthy(_ACCOUNT, _DEVICE, 0, "Safaricom", "+254700000001", History(12, 0, (2, 4, 6, 8, 10, 11, 12)), _AT,
                    _AT + 30_000)  # fmt: skip
    trail = TrailEntry(_ACCOUNT, _NUMBER, Effect.OPTED_OUT, _AT, "sms", "STOP")
    endpoint = Endpoint(_ACCOUNT, "whk_06F2M8QZ4N1R7T3V5W0X", "https://yourapp.com/hooks/smskit", (), "", _AT,
                        suspended_at=_AT, suspended_reason="The endpoint answered 410 Gone")  # fmt: skip
    told = [
        events.job_changed(pending, sent),
        events.job_changed(sent, delivered),
        events.job_changed(pending, failed),
        events.received(message),
        events.presence_changed(offline, online),
        events.presence_changed(online, offline),
        events.sim_unhealthy(sim),
        events.sim_healthy(sim, _AT + 64_000),
        events.opt_out_changed(trail, "aud_0"),
        events.opt_out_changed(
            replace(trail, effect=Effect.OPTED_IN, source="operator", reason="Asked for it"), "aud_1"
        ),
        events.suspended(endpoint),
        events.pinged(endpoint, _AT, ""),
    ]
    return [event for event in told if event is not None]

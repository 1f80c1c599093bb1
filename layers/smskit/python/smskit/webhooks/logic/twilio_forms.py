"""What happened, as Twilio's requests tell it: forms. A name stands in one only with its value.

https://www.twilio.com/docs/messaging/guides/track-outbound-message-status and
https://www.twilio.com/docs/messaging/guides/webhook-request
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from smskit.models import twilio, worlds
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job
from smskit.models.twilio import SidKind
from smskit.models.webhook import Event
from smskit.sending.logic import segments


def form_of(event: Event, number: str | None) -> str:
    """The event as a form: as Twilio has it if it is of a message, else with the fields that its JSON has.

    `number` is what a message went out from, where it is known.
    """
    match event.about:
        case Job():
            return _status(event.about, number)
        case InboundMessage():
            return _received(event.about)
        case _:
            return _other(event)


def _status(job: Job, number: str | None) -> str:
    sid, state = twilio.sid_of(SidKind.SENT, job.job_id), twilio.state_of(job)
    fields = {
        "SmsSid": sid,
        "SmsStatus": state,
        "MessageSid": sid,
        "MessageStatus": state,
        "To": job.recipient,
        "From": number,
        "ErrorCode": twilio.error_code_of(job),
    }
    return _text(job.account_id, fields)


def _received(message: InboundMessage) -> str:
    sid = twilio.sid_of(SidKind.RECEIVED, message.message_id)
    fields = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "SmsStatus": twilio.RECEIVED,
        "From": message.sender,
        "To": message.recipient,
        "Body": message.content,
        "NumMedia": "0",
        "NumSegments": segments.count(message.content),
    }
    return _text(message.account_id, fields)


def _other(event: Event) -> str:
    told: dict[str, Any] = json.loads(event.body)
    fields = {name[0].upper() + name[1:]: str(value) for name, value in told.items() if name != "event"}
    return _text(event.account_id, {"EventType": event.name} | fields)


def ping(account_id: str) -> str:
    """A test: about no message, so it has no SID."""
    return _text(account_id, {"EventType": "PING"})


def _text(account_id: str, fields: Mapping[str, str | int | None]) -> str:
    own = {"AccountSid": twilio.sid_of(SidKind.ACCOUNT, account_id), "ApiVersion": twilio.API_VERSION}
    own |= {"Test": "true"} if worlds.is_test(account_id) else {}
    return urlencode({name: value for name, value in {**fields, **own}.items() if value is not None})

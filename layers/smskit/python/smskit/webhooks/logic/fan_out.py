"""From events to messages: one for each endpoint that subscribes to the event, and for the callback of its message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smskit.models.job import Job
from smskit.models.lane import LaneKey
from smskit.models.webhook import DeliveryRequest, EndpointShape, Event, RequestKind, delivery_id, request_of
from smskit.phones.logic import numbers
from smskit.webhooks.gateways import deliveries_queue
from smskit.webhooks.logic import twilio_forms
from smskit.webhooks.store import endpoints as webhooks


def messages_for(account_id: str, events: Sequence[Event], *, again: bool) -> tuple[list[DeliveryRequest], int]:
    """What to queue for events of one account, and until when, ms, somebody looks at it: one read, and one more where
    a message is told of as Twilio would.

    `again`: an earlier run may have queued some of them.
    """
    endpoints, watched_until = webhooks.list_watched(account_id)
    pairs = [(event, endpoint) for event in events for endpoint in endpoints if event.name in endpoint.events]
    shaped = [event for event, endpoint in pairs if endpoint.shape is EndpointShape.TWILIO]
    called_back = [event for event in events if isinstance(event.about, Job) and event.about.callback]
    forms = _forms({event.event_id: event for event in shaped + called_back})
    messages = []
    for event, endpoint in pairs:
        told = forms[event.event_id] if endpoint.shape is EndpointShape.TWILIO else event
        messages.append(request_of(told, endpoint, again=again))
    messages += [_callback(forms[event.event_id]) for event in called_back]
    return messages, watched_until


def _callback(event: Event) -> DeliveryRequest:
    """Nothing tells at which version its endpoint is, so the endpoint is read when it is sent."""
    assert isinstance(event.about, Job) and event.about.callback  # noqa: S101
    callback = event.about.callback
    made = delivery_id(event.event_id, callback.endpoint_id, event.at)
    return DeliveryRequest(
        RequestKind.EVENT, event.account_id, callback.endpoint_id, made, event.event_id, event.name, event.at,
        event.body, again=True, kept_from=event.kept_from, kept_until=event.kept_until, url=callback.url,
    )  # fmt: skip


def _forms(events: dict[str, Event]) -> dict[str, Event]:
    """The events with forms for bodies, by their ids."""
    known = numbers.of_lanes(_lane(event) for event in events.values())
    return {
        event_id: replace(event, body=twilio_forms.form_of(event, known.get(lane) if (lane := _lane(event)) else None))
        for event_id, event in events.items()
    }


def _lane(event: Event) -> LaneKey | None:
    return event.about.lane if isinstance(event.about, Job) else None


def queue(messages: Sequence[DeliveryRequest]) -> dict[str, str]:
    """Queue them; the ids of events of which a message was not taken, and why."""
    failed = deliveries_queue.send_all(messages)
    return {messages[position].event_id: reason for position, reason in failed.items()}

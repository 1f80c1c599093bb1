"""From events to messages: one for each endpoint that subscribes to the event."""

from __future__ import annotations

from collections.abc import Sequence

from smskit.models.webhook import DeliveryRequest, Event, request_of
from smskit.webhooks.gateways import deliveries_queue
from smskit.webhooks.store import endpoints as webhooks


def messages_for(account_id: str, events: Sequence[Event], *, again: bool) -> tuple[list[DeliveryRequest], int]:
    """What to queue for events of one account, and until when, ms, somebody looks at it: one read.

    `again`: an earlier run may have queued some of them.
    """
    endpoints, watched_until = webhooks.list_watched(account_id)
    messages = [
        request_of(event, endpoint, again=again)
        for event in events
        for endpoint in endpoints
        if event.name in endpoint.events
    ]
    return messages, watched_until


def queue(messages: Sequence[DeliveryRequest]) -> dict[str, str]:
    """Queue them; the ids of events of which a message was not taken, and why."""
    failed = deliveries_queue.send_all(messages)
    return {messages[position].event_id: reason for position, reason in failed.items()}

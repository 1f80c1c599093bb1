"""Suspending an endpoint, and telling the account's other endpoints."""

from __future__ import annotations

from smskit.models.webhook import SUSPENDED_EVENT, Endpoint, EndpointStatus, request_of
from smskit.webhooks.gateways import deliveries_queue
from smskit.webhooks.logic import events
from smskit.webhooks.store import endpoints

GONE_REASON = "The endpoint answered 410 Gone"


def suspend(endpoint: Endpoint, reason: str, now: int) -> None:
    """→ Suspended, whatever outage it is in, and tell the others. Nothing when it is suspended or gone already."""
    current: Endpoint | None = endpoint
    for _ in range(3):
        if current is None or current.status is EndpointStatus.SUSPENDED:
            return
        suspended = endpoints.suspend(current, reason, now)
        if suspended is not None:
            announce(suspended)
            return
        current = endpoints.get(endpoint.account_id, endpoint.webhook_id)


def announce(endpoint: Endpoint) -> None:
    """`webhook:suspended` to the account's other endpoints that subscribe to it. Announcing twice tells them once."""
    event = events.suspended(endpoint)
    others = [
        other
        for other in endpoints.list_all(endpoint.account_id)
        if other.webhook_id != endpoint.webhook_id and SUSPENDED_EVENT in other.events
    ]
    deliveries_queue.require_all([request_of(event, other, again=True) for other in others])

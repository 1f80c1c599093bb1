"""What an account asks the sender to do: ping, enable, replay. It is queued, and its outcome is in the log."""

from __future__ import annotations

import secrets
from dataclasses import replace

from smskit.errors import (
    InvalidTimeError,
    NotFoundError,
    QueueUnavailableError,
    UnavailableError,
    WebhookSuspendedError,
)
from smskit.models.webhook import Delivery, DeliveryRequest, Endpoint, EndpointStatus, RequestKind, request_of
from smskit.platform.ids import is_id
from smskit.webhooks.gateways import deliveries_queue
from smskit.webhooks.logic import delivery_retention, endpoints, events
from smskit.webhooks.store import deliveries


def ping(account_id: str, webhook_id: str, now: int) -> tuple[Endpoint, str]:
    """Send a test event; the endpoint and the delivery's id. Raises NotFoundError or UnavailableError."""
    return _ping(account_id, webhook_id, RequestKind.PING, now)


def enable(account_id: str, webhook_id: str, now: int) -> tuple[Endpoint, str]:
    """Send a ping; once it is accepted, a Suspended endpoint is Active and a Recovering one gets what waits.

    As `ping` otherwise.
    """
    return _ping(account_id, webhook_id, RequestKind.ENABLE, now)


def _ping(account_id: str, webhook_id: str, kind: RequestKind, now: int) -> tuple[Endpoint, str]:
    endpoint = endpoints.read(account_id, webhook_id)
    event = events.pinged(endpoint, now, secrets.token_hex(8))
    message = request_of(event, endpoint, kind, asked_at=now)
    _send(message)
    return endpoint, message.delivery_id


def replay(account_id: str, webhook_id: str, delivery_id: str, now: int) -> Delivery:
    """Send a logged delivery once more. Raises NotFoundError, WebhookSuspendedError or UnavailableError."""
    endpoint = _awake(account_id, webhook_id)
    stored = deliveries.get(webhook_id, delivery_id) if is_id("dlv", delivery_id) else None
    if stored is None or not stored.is_kept(now, delivery_retention.since(account_id, now)):
        raise NotFoundError("There is no delivery with this id in the webhook's log")
    message = DeliveryRequest(RequestKind.REPLAY, endpoint.account_id, webhook_id, delivery_id, asked_at=now)
    _send(replace(message, kept_until=stored.kept_until))
    return stored


def replay_since(account_id: str, webhook_id: str, since: int, now: int) -> None:
    """Send once more what failed or was skipped, of events since a time.

    Raises NotFoundError, InvalidTimeError, WebhookSuspendedError or UnavailableError.
    """
    endpoint = _awake(account_id, webhook_id)
    if since >= now:
        raise InvalidTimeError("since must be a time in the past")
    message = DeliveryRequest(RequestKind.REPLAY_SINCE, endpoint.account_id, webhook_id, at=since, asked_at=now)
    _send(replace(message, kept_from=delivery_retention.since(account_id, now)))


def _awake(account_id: str, webhook_id: str) -> Endpoint:
    endpoint = endpoints.read(account_id, webhook_id)
    if endpoint.status is EndpointStatus.SUSPENDED:
        raise WebhookSuspendedError("The webhook is suspended: enable it first")
    return endpoint


def _send(message: DeliveryRequest) -> None:
    try:
        deliveries_queue.send(message)
    except QueueUnavailableError:
        raise UnavailableError("The request could not be queued; send it again") from None

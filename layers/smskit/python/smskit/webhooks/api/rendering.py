"""Endpoints and deliveries, as the APIs show them."""

from __future__ import annotations

from typing import Any

from smskit.models.webhook import Attempt, Delivery, EndpointShape
from smskit.platform.cursors import Page
from smskit.platform.times import rfc3339
from smskit.webhooks.api.views import AttemptView, DeliveryPage, DeliveryView, WebhookView, WebhookWithSecret
from smskit.webhooks.logic import backlog_status
from smskit.webhooks.logic.backlog_status import Standing
from smskit.webhooks.logic.endpoints import WithSecret

SHOWN_BODY = 4_000


def webhook_view(seen: Standing, now: int) -> WebhookView:
    """The endpoint and what waits for it, without its secret."""
    return WebhookView(**_fields(seen, now))


def webhook_with_secret(made: WithSecret, now: int) -> WebhookWithSecret:
    """The endpoint with its secret: only in the answer to the request that made the secret."""
    return WebhookWithSecret(**_fields(backlog_status.of(made.endpoint), now), secret=made.secret)


def _fields(seen: Standing, now: int) -> dict[str, Any]:
    endpoint = seen.endpoint
    return {
        "webhook_id": endpoint.webhook_id,
        "url": endpoint.url,
        "events": list(endpoint.events),
        "shape": None if endpoint.shape is EndpointShape.STANDARD else endpoint.shape.value,
        "status": endpoint.status.value,
        "created_at": rfc3339(endpoint.created_at),
        "backlog": seen.backlog,
        "oldest_waiting_at": _time(seen.oldest_at),
        "next_attempt_at": _time(seen.next_attempt_at),
        "failing_since": _time(endpoint.failing_since),
        "suspended_at": _time(endpoint.suspended_at),
        "suspended_reason": endpoint.suspended_reason,
        "skipped": seen.skipped,
        "old_secrets_until": [rfc3339(old.until) for old in endpoint.signing_along(now)],
    }


def page_view(page: Page[Delivery]) -> DeliveryPage:
    """A page of the log."""
    return DeliveryPage.of(page, delivery_view)


def delivery_view(delivery: Delivery) -> DeliveryView:
    """A line of the log."""
    return DeliveryView(
        delivery_id=delivery.delivery_id,
        event_id=delivery.event_id,
        event=delivery.event,
        occurred_at=rfc3339(delivery.at),
        status=delivery.status.value,
        probe=delivery.probe or None,
        body=delivery.body[:SHOWN_BODY],
        is_body_cut=len(delivery.body) > SHOWN_BODY or None,
        attempts=[_attempt_view(attempt) for attempt in delivery.attempts],
    )


def _attempt_view(attempt: Attempt) -> AttemptView:
    return AttemptView(
        at=rfc3339(attempt.at),
        status=attempt.status,
        latency_ms=attempt.latency_ms,
        response=attempt.head or None,
        error=attempt.error,
    )


def _time(ms: int | None) -> str | None:
    return None if ms is None else rfc3339(ms)

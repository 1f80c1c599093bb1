"""Endpoints and deliveries to items and back. A delivery that went well stays under 1 KB: one write unit."""

from __future__ import annotations

from typing import Any

from smskit.models.webhook import (
    Attempt,
    Delivery,
    DeliveryStatus,
    Endpoint,
    EndpointShape,
    EndpointStatus,
    OldSecret,
)
from smskit.platform.codec import Item

HEAD_BYTES = 500
TAKEN_HEAD_BYTES = 200  # of an answer that took the event: with more, its delivery would cost a second write unit
_ERROR_LENGTH = 160
_DELIVERY = "delivery#"


def endpoint_key(account_id: str, webhook_id: str) -> Item:
    """Endpoints stand together under their account; apart from them those that only callbacks of messages go to."""
    kind = "callback" if webhook_id.startswith("cbk_") else "endpoint"
    return {"pk": account_id, "sk": f"{kind}#{webhook_id}"}


def watched_key(account_id: str) -> Item:
    """Behind an account's endpoints, and read with them: whether somebody looks at it."""
    return {"pk": account_id, "sk": "endpoint#~watched"}


def delivery_key(webhook_id: str, delivery_id: str) -> Item:
    """Deliveries stand under their endpoint, sorted by the time of the event."""
    return {"pk": webhook_id, "sk": _DELIVERY + delivery_id}


def endpoint_item(endpoint: Endpoint) -> Item:
    """The endpoint as stored."""
    return endpoint_key(endpoint.account_id, endpoint.webhook_id) | {
        "url": endpoint.url,
        "events": list(endpoint.events),
        "sealed": endpoint.sealed,
        "createdAt": endpoint.created_at,
        "status": endpoint.status.value,
        "version": endpoint.version,
        "outage": endpoint.outage,
        "oldSecrets": [{"sealed": old.sealed, "until": old.until} for old in endpoint.old_secrets],
        "failingSince": endpoint.failing_since,
        "tendedAt": endpoint.last_worked_at,
        "nextAttemptAt": endpoint.next_attempt_at,
        "suspendedAt": endpoint.suspended_at,
        "suspendedReason": endpoint.suspended_reason,
        "skippedFrom": endpoint.skipped_from,
        "shape": None if endpoint.shape is EndpointShape.STANDARD else endpoint.shape.value,
    }


def endpoint_of(item: Item) -> Endpoint:
    """The endpoint that an item holds."""
    return Endpoint(
        account_id=item["pk"],
        webhook_id=item["sk"].partition("#")[2],
        url=item["url"],
        events=tuple(item["events"]),
        sealed=item["sealed"],
        created_at=item["createdAt"],
        status=EndpointStatus(item["status"]),
        version=item["version"],
        outage=item["outage"],
        old_secrets=tuple(OldSecret(old["sealed"], old["until"]) for old in item.get("oldSecrets", ())),
        failing_since=item.get("failingSince"),
        last_worked_at=item.get("tendedAt"),
        next_attempt_at=item.get("nextAttemptAt"),
        suspended_at=item.get("suspendedAt"),
        suspended_reason=item.get("suspendedReason"),
        skipped_from=item.get("skippedFrom"),
        shape=EndpointShape(item.get("shape", EndpointShape.STANDARD)),
    )


def attempt_item(attempt: Attempt) -> Item:
    """An attempt as stored: cut to what a log needs."""
    values: dict[str, Any] = {"t": attempt.at, "s": attempt.status, "l": attempt.latency_ms}
    length = TAKEN_HEAD_BYTES if attempt.accepted else HEAD_BYTES
    values["h"] = attempt.head.encode()[:length].decode(errors="ignore") or None
    values["e"] = attempt.error[:_ERROR_LENGTH] if attempt.error else None
    return {name: value for name, value in values.items() if value is not None}


def _attempt_of(item: Item) -> Attempt:
    return Attempt(item["t"], item.get("s"), item["l"], item.get("h", ""), item.get("e"))


def delivery_item(delivery: Delivery, ttl: int) -> Item:
    """The delivery as stored."""
    return delivery_key(delivery.webhook_id, delivery.delivery_id) | {
        "eventId": delivery.event_id,
        "event": delivery.event,
        "at": delivery.at,
        "body": delivery.body,
        "status": delivery.status.value,
        "attempts": [attempt_item(attempt) for attempt in delivery.attempts],
        "tries": delivery.tries,
        "keptFrom": delivery.kept_from or None,
        "probe": delivery.probe or None,
        "url": delivery.url or None,
        "ttl": ttl,
    }


def is_delivery(item: Item) -> bool:
    """Whether an item of the table is a delivery."""
    return str(item["sk"]).startswith(_DELIVERY)


def delivery_of_item(item: Item) -> Delivery:
    """The delivery that an item holds."""
    return Delivery(
        webhook_id=item["pk"],
        delivery_id=item["sk"].removeprefix(_DELIVERY),
        event_id=item["eventId"],
        event=item["event"],
        at=item["at"],
        body=item["body"],
        status=DeliveryStatus(item["status"]),
        attempts=tuple(_attempt_of(entry) for entry in item.get("attempts", ())),
        tries=item.get("tries", 0),
        kept_from=item.get("keptFrom", 0),
        kept_until=item["ttl"],
        probe=item.get("probe", False),
        url=item.get("url", ""),
    )

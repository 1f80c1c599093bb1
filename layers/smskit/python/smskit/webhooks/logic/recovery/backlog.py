"""Joining an endpoint's line. Who joins publishes the place first and looks at the endpoint then; who ends an outage
publishes Active first and looks at the line then: so no place is ever left behind."""

from __future__ import annotations

from smskit.models.webhook import Delivery, DeliveryStatus, Endpoint, EndpointStatus
from smskit.webhooks.logic.recovery import outages
from smskit.webhooks.store import deliveries, endpoints
from smskit.webhooks.store.deliveries import BacklogEntry


def line_up_untried(endpoint: Endpoint, delivery: Delivery, now: int, *, repeated: bool) -> Endpoint | None:
    """Let a logged delivery that has not failed wait in line; it begins no outage.

    The endpoint, if it turns out to be Active: the delivery has no place then, and is the caller's to send. None too
    when somebody who works on the line has taken it from its place meanwhile.
    """
    place, current = _join(endpoint, delivery, now)
    if current is None:
        return None
    match current.status:
        case EndpointStatus.ACTIVE:
            return current if deliveries.withdraw(place) or _is_untried(delivery) else None
        case EndpointStatus.RECOVERING:
            outages.ensure_running(current, now, repeated=repeated)
        case EndpointStatus.SUSPENDED:
            _skip(place, delivery)
    return None


def line_up_failed(
    endpoint: Endpoint, delivery: Delivery, now: int, *, retry_after: int | None = None, repeated: bool = False
) -> None:
    """Let a delivery whose failed attempt is logged wait in line, and see to it that somebody works on the line.

    `repeated`: an earlier run may have begun the outage and died before it started the execution.
    """
    place, current = _join(endpoint, delivery, now)
    if current is None:
        return
    match current.status:
        case EndpointStatus.ACTIVE:
            outages.begin(current, now, retry_after)
        case EndpointStatus.RECOVERING:
            outages.ensure_running(current, now, retry_after=retry_after, repeated=repeated)
        case EndpointStatus.SUSPENDED:
            _skip(place, delivery)


def _is_untried(delivery: Delivery) -> bool:
    """Whether nobody who works on the line has done anything with it: a place that is gone may be our own doing, twice
    asked for. Whoever takes a place away has logged what came of it before.
    """
    logged = deliveries.get(delivery.webhook_id, delivery.delivery_id)
    return logged is not None and logged.status is DeliveryStatus.WAITING and not logged.tries


def _join(endpoint: Endpoint, delivery: Delivery, now: int) -> tuple[BacklogEntry, Endpoint | None]:
    """Take a place, then read the endpoint; nobody waits for an endpoint that was removed."""
    place = deliveries.join(delivery, now)
    current = endpoints.get(endpoint.account_id, endpoint.webhook_id)
    if current is None:
        deliveries.leave(place)
    return place, current


def _skip(place: BacklogEntry, delivery: Delivery) -> None:
    deliveries.close(delivery, DeliveryStatus.SKIPPED)
    deliveries.leave(place)

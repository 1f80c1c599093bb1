"""Walking along an endpoint's line, oldest event first, until the endpoint fails or there is nothing left to do."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace

from smskit.logic import events
from smskit.logic.webhooks import posting, waits
from smskit.logic.webhooks.posting import Result
from smskit.models.times import now_ms
from smskit.models.webhook import Delivery, DeliveryStatus, Endpoint, delivery_of
from smskit.store import deliveries
from smskit.store.deliveries import Place

BATCH = 100
FAILURES = 2
LOOK_AHEAD = 5


@dataclass(slots=True)
class Walk:
    """What came of it. `failure` is the answer at which it stopped; `empty` says that nobody stood in line."""

    accepted: int = 0
    failure: Result | None = None
    empty: bool = False
    held: list[tuple[Place, Delivery]] = field(default_factory=list)

    @property
    def gone(self) -> bool:
        """The endpoint answered 410."""
        return self.failure is not None and self.failure.gone


def probe(endpoint: Endpoint, outage: int) -> Walk:
    """Try the oldest; if it was refused twice, also those behind it, until one is accepted.

    If none is, a ping tells events that can't be sent from an endpoint that takes nothing. It is sent too, in place of
    those behind, when the oldest got no answer twice: each of them could take as long as it.
    """
    walk = _walk(endpoint, outage, LOOK_AHEAD, until=None)
    if walk.held and not walk.gone:
        result = _ping(endpoint)
        if result.accepted:
            _step_aside(walk, outage)
            walk.accepted, walk.failure = 1, None
    return walk


def drain(endpoint: Endpoint, outage: int, until: int) -> Walk:
    """Send what waits, in order, up to a hundred; nothing new is begun at or after the time `until`.

    Who is refused is tried once more at once: an endpoint that fails now and then keeps nobody waiting.
    """
    return _walk(endpoint, outage, BATCH, until=until)


def _walk(endpoint: Endpoint, outage: int, limit: int, until: int | None) -> Walk:
    """`until` None means a probe: stop at the first that is accepted."""
    probing = until is None
    places = deliveries.line(endpoint.webhook_id, limit)
    known = deliveries.get_many(endpoint.webhook_id, [place.delivery_id for place in places])
    walk = Walk(empty=not places)
    for place in places:
        delivery = known.get(place.delivery_id)
        if delivery is None or delivery.status is not DeliveryStatus.WAITING:
            deliveries.leave(place)
            continue
        if until is not None and now_ms() >= until:
            return walk
        result, delivery = _try(endpoint, delivery, twice=not probing)
        if result.accepted:
            deliveries.leave(place)
            _step_aside(walk, outage)
            walk.accepted, walk.failure = walk.accepted + 1, None
            if probing:
                return walk
            continue
        walk.failure = result
        failures = delivery.refusals if result.refused else delivery.unanswered
        if result.gone or failures < FAILURES:
            return walk
        walk.held.append((place, delivery))
        if not result.refused or len(walk.held) == LOOK_AHEAD:
            return walk
    return walk


def _try(endpoint: Endpoint, delivery: Delivery, *, twice: bool) -> tuple[Result, Delivery]:
    result, delivery = try_once(endpoint, delivery)
    again = result.refused and not result.gone and result.retry_after is None
    return try_once(endpoint, delivery) if twice and again else (result, delivery)


def try_once(endpoint: Endpoint, delivery: Delivery) -> tuple[Result, Delivery]:
    """POST a delivery that waits, and log it; the delivery as it is afterwards."""
    result = posting.post(endpoint, delivery)
    status = DeliveryStatus.DELIVERED if result.accepted else DeliveryStatus.WAITING
    logged = deliveries.add_attempt(delivery, result.attempt, status)
    return result, logged or replace(delivery, attempts=(*delivery.attempts, result.attempt), tries=delivery.tries + 1)


def _ping(endpoint: Endpoint) -> Result:
    event = events.pinged(endpoint, now_ms(), secrets.token_hex(8))
    delivery = delivery_of(event, endpoint.webhook_id)
    result = posting.post(endpoint, delivery)
    status = DeliveryStatus.DELIVERED if result.accepted else DeliveryStatus.FAILED
    deliveries.create(replace(delivery, status=status, attempts=(result.attempt,), tries=1), now_ms())
    return result


def _step_aside(walk: Walk, outage: int) -> None:
    """The endpoint took another event, so those that failed before it hold up nobody any more."""
    for place, delivery in walk.held:
        give_up_or_keep(delivery, outage)
        deliveries.leave(place)
    walk.held.clear()


def give_up_or_keep(delivery: Delivery, outage: int) -> bool:
    """Keep a failed delivery aside for its remaining tries; False when they are used up and it has Failed."""
    if delivery.tries >= waits.MAX_TRIES:
        deliveries.close(delivery, DeliveryStatus.FAILED)
        return False
    deliveries.join(delivery, now_ms(), deliveries.aside(outage))
    return True

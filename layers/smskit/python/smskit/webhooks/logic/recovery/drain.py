"""Walking along an endpoint's line, oldest event first, until the endpoint fails or there is nothing left to do."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

from smskit.models.webhook import Delivery, DeliveryStatus, Endpoint, delivery_of
from smskit.platform.times import now_ms
from smskit.webhooks.logic import attempt, events
from smskit.webhooks.logic.attempt import Result
from smskit.webhooks.logic.recovery import retry_schedule, side_by_side
from smskit.webhooks.logic.recovery.side_by_side import Standing
from smskit.webhooks.store import deliveries
from smskit.webhooks.store.deliveries import BacklogEntry

BATCH = 100
FAILURES = 2
LOOK_AHEAD = 5
SIDE_BY_SIDE = 8


@dataclass(slots=True)
class DrainResult:
    """What came of it. `failure` is the answer at which it stopped; `empty` says that nobody stood in line.

    `stopped`: nobody else is tried. Of those that were on their way by then, what was taken counts, and a 410.
    """

    accepted: int = 0
    stopped: bool = False
    failure: Result | None = None
    empty: bool = False
    set_aside: list[tuple[BacklogEntry, Delivery]] = field(default_factory=list)

    @property
    def gone(self) -> bool:
        """The endpoint answered 410."""
        return self.failure is not None and self.failure.gone


def probe(endpoint: Endpoint, outage: int) -> DrainResult:
    """Try the oldest; if it was refused twice, also those behind it, until one is accepted.

    If none is, a ping tells events that can't be sent from an endpoint that takes nothing. It is sent too, in place of
    those behind, when the oldest got no answer twice: each of them could take as long as it.
    """
    drained, waiting = _look(endpoint, LOOK_AHEAD)
    for place, delivery in waiting:
        result, tried = _try(endpoint, delivery, twice=False)
        if not _note(drained, outage, place, result, tried) or drained.accepted:
            break
    if drained.set_aside and not drained.gone:
        result = _ping(endpoint)
        if result.accepted:
            _set_aside(drained, outage)
            drained.accepted, drained.failure = 1, None
    return drained


def drain(endpoint: Endpoint, outage: int, until: int) -> DrainResult:
    """Send what waits, up to a hundred; nothing new is begun at or after the time `until`.

    Events of one conversation or phone go one after the other, in order of their time; those of others side by side.
    Who is refused is tried once more at once: an endpoint that fails now and then keeps nobody waiting.
    """
    drained, waiting = _look(endpoint, BATCH)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        while waiting and now_ms() < until:
            wave = side_by_side.first(waiting, SIDE_BY_SIDE)
            sent = pool.map(lambda one: (one[0], *_try(endpoint, one[1], twice=True)), wave)
            goes_on = [_note(drained, outage, *done) for done in sent]
            if not all(goes_on):
                return drained
            taken = {place for place, _ in wave}
            waiting = [one for one in waiting if one[0] not in taken]
    return drained


def _look(endpoint: Endpoint, limit: int) -> tuple[DrainResult, list[Standing]]:
    """Who stands in line; a place whose delivery doesn't wait any more is given up."""
    places = deliveries.line(endpoint.webhook_id, limit)
    known = deliveries.get_many(endpoint.webhook_id, [place.delivery_id for place in places])
    waiting: list[Standing] = []
    for place in places:
        delivery = known.get(place.delivery_id)
        if delivery is None or delivery.status is not DeliveryStatus.WAITING:
            deliveries.leave(place)
        else:
            waiting.append((place, delivery))
    return DrainResult(empty=not places), waiting


def _note(drained: DrainResult, outage: int, place: BacklogEntry, result: Result, delivery: Delivery) -> bool:
    """Take into account what came of one; whether those behind it may be tried."""
    if result.accepted:
        deliveries.leave(place)
        drained.accepted += 1
        if not drained.stopped:
            _set_aside(drained, outage)
            drained.failure = None
    elif not drained.stopped:
        drained.failure = result
        failures = delivery.refusals if result.refused else delivery.unanswered
        is_held = not result.gone and failures >= FAILURES
        if is_held:
            drained.set_aside.append((place, delivery))
        drained.stopped = not (is_held and result.refused and len(drained.set_aside) < LOOK_AHEAD)
    elif result.gone:
        drained.failure = result
    return not drained.stopped


def _try(endpoint: Endpoint, delivery: Delivery, *, twice: bool) -> tuple[Result, Delivery]:
    result, delivery = try_once(endpoint, delivery)
    again = result.refused and not result.gone and result.retry_after is None
    return try_once(endpoint, delivery) if twice and again else (result, delivery)


def try_once(endpoint: Endpoint, delivery: Delivery) -> tuple[Result, Delivery]:
    """POST a delivery that waits, and log it; the delivery as it is afterwards."""
    result = attempt.post(endpoint, delivery)
    status = DeliveryStatus.DELIVERED if result.accepted else DeliveryStatus.WAITING
    logged = deliveries.add_attempt(delivery, result.attempt, status)
    return result, logged or replace(delivery, attempts=(*delivery.attempts, result.attempt), tries=delivery.tries + 1)


def _ping(endpoint: Endpoint) -> Result:
    event = events.pinged(endpoint, now_ms(), secrets.token_hex(8))
    delivery = delivery_of(event, endpoint.webhook_id)
    result = attempt.post(endpoint, delivery)
    status = DeliveryStatus.DELIVERED if result.accepted else DeliveryStatus.FAILED
    deliveries.create(replace(delivery, status=status, attempts=(result.attempt,), tries=1, probe=True), now_ms())
    return result


def _set_aside(drained: DrainResult, outage: int) -> None:
    """The endpoint took another event, so those that failed before it hold up nobody any more."""
    for place, delivery in drained.set_aside:
        # Its tries as the head of the line told of the outage: those that tell of the event itself begin here.
        again = deliveries.set_tries(delivery, FAILURES) if delivery.tries > FAILURES else None
        give_up_or_keep(again or delivery, outage)
        deliveries.leave(place)
    drained.set_aside.clear()


def give_up_or_keep(delivery: Delivery, outage: int) -> bool:
    """Keep a failed delivery aside for its remaining tries; False when they are used up and it has Failed."""
    if delivery.tries >= retry_schedule.MAX_TRIES:
        deliveries.close(delivery, DeliveryStatus.FAILED)
        return False
    deliveries.join(delivery, now_ms(), deliveries.aside(outage))
    return True

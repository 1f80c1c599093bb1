"""The messages of the deliveries queue. A delivery that goes well costs one write, and no read while the endpoint is
known at the version that the message names."""

from __future__ import annotations

import json
from dataclasses import replace

from smskit.caches import kept
from smskit.models.webhook import (
    Delivery,
    DeliveryRequest,
    DeliveryStatus,
    Endpoint,
    EndpointStatus,
    RequestKind,
    delivery_of,
    event_of,
)
from smskit.platform.times import now_ms
from smskit.webhooks.gateways import recovery_machine
from smskit.webhooks.logic import attempt as posting
from smskit.webhooks.logic import replay
from smskit.webhooks.logic.attempt import Result
from smskit.webhooks.logic.recovery import outages, suspension
from smskit.webhooks.logic.recovery.backlog import line_up_failed, line_up_untried
from smskit.webhooks.logic.recovery.outage_state import outage_of
from smskit.webhooks.store import deliveries, endpoints

_KNOWN_LIMIT = 500
_known: dict[str, Endpoint] = kept({})


def handle(message: DeliveryRequest, *, careful: bool, redelivered: bool) -> None:
    """Do what a message asks for.

    `careful`: the event may have been sent before, or the endpoint may have changed since the message was written, so
    both are read. `redelivered`: an earlier run of this very message may have died half-way. What tells of a message
    that is no longer kept isn't sent.
    """
    if 0 < message.kept_until <= now_ms() // 1000:
        return
    match message.kind:
        case RequestKind.EVENT:
            _send(message, careful or message.again or redelivered, redelivered)
        case RequestKind.PING | RequestKind.ENABLE:
            _ping(message)
        case RequestKind.REPLAY:
            _replay(message, redelivered)
        case RequestKind.REPLAY_SINCE:
            replay.forward(message)
        case RequestKind.CONTINUE:
            outage = outage_of(json.loads(message.body))
            recovery_machine.start(outage.execution, outage.to_state())


def forget() -> None:
    """Drop what is remembered of endpoints."""
    _known.clear()


def _send(message: DeliveryRequest, careful: bool, redelivered: bool) -> None:
    stored: Delivery | None = None
    if careful:
        endpoint, stored = _read_both(message)
    else:
        endpoint = _endpoint(message)
    if endpoint is None:
        return
    if stored is not None:
        _wait(endpoint, stored, repeated=True)
        return
    delivery = delivery_of(event_of(message), endpoint.webhook_id)
    match endpoint.status:
        case EndpointStatus.ACTIVE:
            _try(endpoint, delivery)
        case EndpointStatus.RECOVERING:
            earlier = deliveries.create(delivery, now_ms())
            _wait(endpoint, earlier or delivery, repeated=earlier is not None)
        case EndpointStatus.SUSPENDED:
            deliveries.create(replace(delivery, status=DeliveryStatus.SKIPPED), now_ms())
            if redelivered:
                suspension.announce(endpoint)


def _wait(endpoint: Endpoint, logged: Delivery, *, repeated: bool) -> None:
    """Let a delivery that the log has as Waiting wait in line; it is sent at once when the endpoint is Active again.

    Only one whose attempt failed begins an outage; one that stands aside has its next try there. `repeated`: an
    earlier run logged it, and may have died half-way.
    """
    if logged.status is not DeliveryStatus.WAITING:
        return
    if logged.tries:
        if not deliveries.stands_aside(logged):
            line_up_failed(endpoint, logged, now_ms(), repeated=repeated)
        return
    active = line_up_untried(endpoint, logged, now_ms(), repeated=repeated)
    if active is not None:
        _remember(active.webhook_id, active)
        _try(active, logged)


def _try(endpoint: Endpoint, delivery: Delivery) -> None:
    result = posting.post(endpoint, delivery)
    if result.accepted:
        _log(delivery, result, DeliveryStatus.DELIVERED)
    elif result.gone:
        suspension.suspend(endpoint, suspension.GONE_REASON, now_ms())
        _log(delivery, result, DeliveryStatus.FAILED)
    else:
        logged = _log(delivery, result, DeliveryStatus.WAITING)
        if logged.status is DeliveryStatus.WAITING:
            line_up_failed(endpoint, logged, now_ms(), retry_after=result.retry_after)


def _log(delivery: Delivery, result: Result, status: DeliveryStatus) -> Delivery:
    """Log the first attempt; beside what another run of the same event may have logged."""
    tries = 0 if result.accepted else 1
    logged = replace(delivery, status=status, attempts=(result.attempt,), tries=tries)
    stored = deliveries.create(logged, now_ms())
    if stored is None:
        return logged
    if stored.status is DeliveryStatus.DELIVERED:
        status = DeliveryStatus.DELIVERED
    return deliveries.add_attempt(stored, result.attempt, status) or logged


def _ping(message: DeliveryRequest) -> None:
    """A test event: tried once, in any state of the endpoint. One that is accepted enables it, if that was asked.

    A Suspended endpoint is Active then; one that is Recovering gets what waits at once, and is Active behind that.
    """
    endpoint, stored = _read_both(message)
    if endpoint is None:
        return
    if stored is None:
        delivery = delivery_of(event_of(message), endpoint.webhook_id)
        result = posting.post(endpoint, delivery)
        stored = _log(delivery, result, DeliveryStatus.DELIVERED if result.accepted else DeliveryStatus.FAILED)
    if message.kind is RequestKind.ENABLE and stored.status is DeliveryStatus.DELIVERED:
        endpoints.activate(endpoint.account_id, endpoint.webhook_id, message.asked_at)
        current = endpoints.get(endpoint.account_id, endpoint.webhook_id)
        if current is not None and current.status is EndpointStatus.RECOVERING:
            outages.probe_now(current, stored.attempts[-1].at, now_ms())


def _replay(message: DeliveryRequest, redelivered: bool) -> None:
    """Send a logged delivery once more; a message that comes twice does so once."""
    endpoint, stored = _read_both(message)
    if endpoint is None or stored is None:
        return
    if stored.status is DeliveryStatus.WAITING:
        _wait(endpoint, stored, repeated=True)
        return
    if any(attempt.at >= message.asked_at for attempt in stored.attempts):
        return
    match endpoint.status:
        case EndpointStatus.ACTIVE:
            _try_again(endpoint, stored)
        case EndpointStatus.RECOVERING:
            reopened = deliveries.reopen(stored)
            if reopened is not None:
                _wait(endpoint, reopened, repeated=False)
        case EndpointStatus.SUSPENDED:
            if redelivered:
                suspension.announce(endpoint)


def _try_again(endpoint: Endpoint, stored: Delivery) -> None:
    result = posting.post(endpoint, stored)
    if result.accepted:
        deliveries.add_attempt(stored, result.attempt, DeliveryStatus.DELIVERED)
    elif result.gone:
        suspension.suspend(endpoint, suspension.GONE_REASON, now_ms())
        deliveries.add_attempt(stored, result.attempt, DeliveryStatus.FAILED)
    else:
        reopened = deliveries.reopen(stored)
        if reopened is not None:
            deliveries.add_attempt(reopened, result.attempt, DeliveryStatus.WAITING)
            line_up_failed(endpoint, reopened, now_ms(), retry_after=result.retry_after)


def _endpoint(message: DeliveryRequest) -> Endpoint | None:
    """The endpoint at the message's version or a later one; read only when this process doesn't know it."""
    known = _known.get(message.webhook_id)
    if known is not None and known.version >= message.version:
        return known
    endpoint = endpoints.get(message.account_id, message.webhook_id, consistent=False)
    if endpoint is None or endpoint.version < message.version:
        endpoint = endpoints.get(message.account_id, message.webhook_id)
    return _remember(message.webhook_id, endpoint)


def _read_both(message: DeliveryRequest) -> tuple[Endpoint | None, Delivery | None]:
    endpoint, stored = endpoints.get_with_delivery(message.account_id, message.webhook_id, message.delivery_id)
    return _remember(message.webhook_id, endpoint), stored


def _remember(webhook_id: str, endpoint: Endpoint | None) -> Endpoint | None:
    if endpoint is None:
        _known.pop(webhook_id, None)
        return None
    if len(_known) >= _KNOWN_LIMIT:
        _known.clear()
    _known[webhook_id] = endpoint
    return endpoint

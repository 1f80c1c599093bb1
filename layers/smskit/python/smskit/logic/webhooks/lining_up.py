"""Joining an endpoint's line. Who joins publishes the place first and looks at the endpoint then; who ends an outage
publishes Active first and looks at the line then: so no place is ever left behind."""

from __future__ import annotations

from smskit.gateways import executions
from smskit.logic.webhooks import waits
from smskit.models.outage import Outage
from smskit.models.webhook import Delivery, DeliveryStatus, Endpoint, EndpointStatus
from smskit.store import deliveries, webhooks


def line_up(
    endpoint: Endpoint, delivery: Delivery, now: int, *, retry_after: int | None = None, repeated: bool = False
) -> None:
    """Let a logged delivery wait in line, and see to it that somebody works on the line.

    `repeated`: an earlier run may have begun the outage and died before it started the execution.
    """
    place = deliveries.join(delivery, now)
    current = webhooks.get(endpoint.account_id, endpoint.webhook_id)
    if current is None:
        deliveries.leave(place)
        return
    match current.status:
        case EndpointStatus.ACTIVE:
            begun = webhooks.begin_outage(current, now)
            if begun is not None:
                _start(begun, waits.seconds(0, retry_after))
        case EndpointStatus.RECOVERING:
            if repeated:
                _start(current, waits.seconds(0, retry_after))
        case EndpointStatus.SUSPENDED:
            deliveries.close(delivery, DeliveryStatus.SKIPPED)
            deliveries.leave(place)


def _start(endpoint: Endpoint, wait: int) -> None:
    outage = Outage(endpoint.account_id, endpoint.webhook_id, endpoint.outage, wait=wait)
    executions.start(outage.execution, outage.to_state())

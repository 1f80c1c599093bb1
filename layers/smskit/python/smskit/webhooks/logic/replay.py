"""Replay since a time: one message walks along the log, and leaves a message for each delivery to send again."""

from __future__ import annotations

from dataclasses import replace

from smskit.models.webhook import Delivery, DeliveryRequest, DeliveryStatus, RequestKind
from smskit.platform.ids import encode
from smskit.platform.times import now_ms
from smskit.webhooks.gateways import deliveries_queue
from smskit.webhooks.store import deliveries

PAGE = 100
_ENDED_BADLY = (DeliveryStatus.FAILED, DeliveryStatus.SKIPPED)


def forward(message: DeliveryRequest) -> None:
    """Ask for a replay of every delivery of this page that failed or was skipped, then for the next page.

    A page that is done twice replays nothing twice: the messages carry when the replay was asked for.
    """
    first = message.delivery_id or f"dlv_{encode(message.at, 10)}"
    page, more = deliveries.between(message.webhook_id, first, f"dlv_{encode(message.asked_at, 10)}~", PAGE)
    again = [_message(message, delivery) for delivery in page if _wanted(delivery, message.kept_from)]
    if more:
        # "~" sorts behind every character of an id: the next page begins behind the last delivery of this one.
        again.append(replace(message, delivery_id=page[-1].delivery_id + "~"))
    deliveries_queue.require_all(again)


def _wanted(delivery: Delivery, kept_from: int) -> bool:
    return delivery.status in _ENDED_BADLY and delivery.event != "ping" and delivery.is_kept(now_ms(), kept_from)


def _message(asked: DeliveryRequest, delivery: Delivery) -> DeliveryRequest:
    return DeliveryRequest(
        RequestKind.REPLAY, asked.account_id, asked.webhook_id, delivery.delivery_id, asked_at=asked.asked_at,
        kept_until=delivery.kept_until,
    )  # fmt: skip

"""The log of an endpoint's deliveries, in pages. A cursor is opaque to clients: it names where a page ended."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from smskit.errors import InvalidCursorError
from smskit.models.webhook import Delivery
from smskit.platform.ids import is_id
from smskit.webhooks.logic import delivery_retention, endpoints
from smskit.webhooks.store import deliveries


@dataclass(frozen=True, slots=True)
class Page:
    """Deliveries, newest event first; `cursor` asks for those behind them, None at the end of the log."""

    deliveries: list[Delivery]
    cursor: str | None


def list_page(
    account_id: str, webhook_id: str, limit: int, cursor: str | None, now: int, *, probes: bool = True
) -> Page:
    """A page of the log, without what is no longer kept; `probes` says whether with the recovery's own pings.

    Raises NotFoundError or InvalidCursorError.
    """
    endpoint = endpoints.read(account_id, webhook_id)
    found, more = deliveries.list_page(endpoint.webhook_id, limit, _read_cursor(cursor) if cursor is not None else None)
    since = delivery_retention.since(account_id, now)
    kept = [delivery for delivery in found if delivery.is_kept(now, since) and (probes or not delivery.probe)]
    return Page(kept, _cursor(found[-1].delivery_id) if more and found else None)


def _cursor(delivery_id: str) -> str:
    return urlsafe_b64encode(delivery_id.encode()).decode()


def _read_cursor(cursor: str) -> str:
    try:
        delivery_id = urlsafe_b64decode(cursor).decode()
    except (binascii.Error, ValueError):
        delivery_id = ""
    if not is_id("dlv", delivery_id) or _cursor(delivery_id) != cursor:
        raise InvalidCursorError("cursor must be one that an earlier answer gave")
    return delivery_id

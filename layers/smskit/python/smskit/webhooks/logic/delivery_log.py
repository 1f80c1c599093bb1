"""The log of an endpoint's deliveries, in pages."""

from __future__ import annotations

from smskit.models.webhook import Delivery
from smskit.platform import cursors
from smskit.platform.cursors import Page
from smskit.platform.ids import is_id
from smskit.webhooks.logic import delivery_retention, endpoints
from smskit.webhooks.store import deliveries

_LIST = "deliveries"


def list_page(
    account_id: str, webhook_id: str, limit: int, cursor: str | None, now: int, *, probes: bool = True
) -> Page[Delivery]:
    """A page of the log, newest event first, without what is no longer kept.

    `probes` says whether with the recovery's own pings. Raises NotFoundError or InvalidCursorError.
    """
    endpoint = endpoints.read(account_id, webhook_id)
    behind = _read_cursor(webhook_id, cursor) if cursor is not None else None
    found, more = deliveries.list_page(endpoint.webhook_id, limit, behind)
    since = delivery_retention.since(account_id, now)
    kept = [delivery for delivery in found if delivery.is_kept(now, since) and (probes or not delivery.probe)]
    return Page(kept, cursors.write(_LIST, webhook_id, found[-1].delivery_id) if more and found else None)


def _read_cursor(webhook_id: str, cursor: str) -> str:
    delivery_id = cursors.read(_LIST, webhook_id, cursor)
    if not is_id("dlv", delivery_id):
        cursors.refuse()
    return delivery_id

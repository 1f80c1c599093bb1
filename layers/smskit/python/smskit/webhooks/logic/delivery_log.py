"""The log of an endpoint's deliveries, in pages. A filter looks at a bounded number of them and goes on with the next
request."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.models.webhook import Delivery
from smskit.platform import cursors
from smskit.platform.cursors import Page
from smskit.platform.ids import is_id
from smskit.webhooks.logic import delivery_retention, endpoints
from smskit.webhooks.store import deliveries

EXAMINED = 300
CHUNK = 100
_LIST = "deliveries"


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which deliveries: of these statuses and events, where empty is any; and whether with the recovery's own pings."""

    statuses: frozenset[str] = frozenset()
    events: frozenset[str] = frozenset()
    probes: bool = True

    @property
    def leaves_out(self) -> bool:
        """Whether not every delivery is meant."""
        return bool(self.statuses or self.events) or not self.probes

    def admits(self, delivery: Delivery) -> bool:
        """Whether this one is meant."""
        if delivery.probe and not self.probes:
            return False
        is_of_status = not self.statuses or delivery.status.value in self.statuses
        return is_of_status and (not self.events or delivery.event in self.events)


def list_page(
    account_id: str, webhook_id: str, wanted: LogFilter, limit: int, cursor: str | None, now: int
) -> Page[Delivery]:
    """A page of the log, newest event first, without what is no longer kept. Raises NotFoundError or
    InvalidCursorError.

    It may be short, or empty, and have a cursor: then the deliveries that were looked at were not meant.
    """
    endpoint = endpoints.read(account_id, webhook_id)
    behind = _read_cursor(webhook_id, cursor) if cursor is not None else None
    since = delivery_retention.since(account_id, now)
    found: list[Delivery] = []
    examined = 0
    while examined < EXAMINED:
        size = min(CHUNK, EXAMINED - examined) if wanted.leaves_out else min(CHUNK, limit - len(found))
        page, more = deliveries.list_page(endpoint.webhook_id, size, behind)
        for position, delivery in enumerate(page):
            examined, behind = examined + 1, delivery.delivery_id
            if not delivery.is_kept(now, since) or not wanted.admits(delivery):
                continue
            found.append(delivery)
            if len(found) == limit:
                rest = more or position + 1 < len(page)
                return Page(found, cursors.write(_LIST, webhook_id, behind) if rest else None)
        if not more:
            return Page(found, None)
    return Page(found, cursors.write(_LIST, webhook_id, behind) if behind else None)


def _read_cursor(webhook_id: str, cursor: str) -> str:
    delivery_id = cursors.read(_LIST, webhook_id, cursor)
    if not is_id("dlv", delivery_id):
        cursors.refuse()
    return delivery_id

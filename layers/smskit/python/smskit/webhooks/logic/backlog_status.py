"""What waits for an endpoint and what it missed, for whoever asks how it does."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.caches import kept
from smskit.models.webhook import Endpoint, EndpointStatus
from smskit.platform.ids import decode
from smskit.webhooks.store import deliveries

MOST = 1_000
MARGIN_MS = 300_000  # what begins an outage happened a little before it
_REMEMBERED = 1_000
_missed_most: set[tuple[str, int]] = kept(set())


@dataclass(frozen=True, slots=True)
class Standing:
    """An endpoint, how many deliveries wait for it, since when the oldest does, and how many were skipped while it is
    suspended. Up to a thousand are counted."""

    endpoint: Endpoint
    backlog: int = 0
    oldest_at: int | None = None
    skipped: int = 0

    @property
    def next_attempt_at(self) -> int | None:
        """When something that waits is next tried; None when nothing waits."""
        return self.endpoint.next_attempt_at if self.backlog else None


def of(endpoint: Endpoint) -> Standing:
    """Look at the endpoint's line and at what stands aside: one request, and none where nothing is tried again. Of one
    that is suspended, what was skipped is counted too."""
    missed = skipped(endpoint)
    if endpoint.status is not EndpointStatus.RECOVERING and endpoint.next_attempt_at is None:
        return Standing(endpoint, skipped=missed)
    places = deliveries.line(endpoint.webhook_id, MOST, deliveries.LINE)
    oldest = min((place.delivery_id for place in places), default=None)
    return Standing(endpoint, len(places), decode(oldest[4:14]) if oldest else None, missed)


def skipped(endpoint: Endpoint) -> int:
    """How many events the endpoint misses while it is suspended, MOST at most; 0 while it isn't.

    In one suspension they only become more, so who has missed the most is not counted again.
    """
    if endpoint.status is not EndpointStatus.SUSPENDED or endpoint.suspended_at is None:
        return 0
    suspension = (endpoint.webhook_id, endpoint.suspended_at)
    if suspension in _missed_most:
        return MOST
    since = endpoint.suspended_at if endpoint.skipped_from is None else endpoint.skipped_from
    missed = deliveries.count_skipped(endpoint.webhook_id, since - MARGIN_MS, MOST)
    if missed == MOST:
        if len(_missed_most) >= _REMEMBERED:
            _missed_most.clear()
        _missed_most.add(suspension)
    return missed

"""What waits for an endpoint, for whoever asks how it does."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.models.webhook import Endpoint, EndpointStatus
from smskit.platform.ids import decode
from smskit.webhooks.store import deliveries

MOST = 1_000


@dataclass(frozen=True, slots=True)
class Standing:
    """An endpoint, how many deliveries wait for it (up to a thousand are counted), and since when the oldest does."""

    endpoint: Endpoint
    backlog: int = 0
    oldest_at: int | None = None

    @property
    def next_attempt_at(self) -> int | None:
        """When something that waits is next tried; None when nothing waits."""
        return self.endpoint.next_attempt_at if self.backlog else None


def of(endpoint: Endpoint) -> Standing:
    """Look at the endpoint's line and at what stands aside: one request, and none where nothing is tried again."""
    if endpoint.status is not EndpointStatus.RECOVERING and endpoint.next_attempt_at is None:
        return Standing(endpoint)
    places = deliveries.line(endpoint.webhook_id, MOST, deliveries.LINE)
    oldest = min((place.delivery_id for place in places), default=None)
    return Standing(endpoint, len(places), decode(oldest[4:14]) if oldest else None)

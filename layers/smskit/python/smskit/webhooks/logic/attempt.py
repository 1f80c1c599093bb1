"""One POST of one delivery: signed for this attempt, with every secret that counts now."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.models.webhook import GONE, Attempt, Delivery, Endpoint, EndpointShape
from smskit.platform.times import now_ms
from smskit.webhooks.gateways import http_post, sealing
from smskit.webhooks.logic import signatures, twilio_signatures

_TYPES = {
    EndpointShape.STANDARD: "application/json",
    EndpointShape.TWILIO: "application/x-www-form-urlencoded; charset=UTF-8",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it; `retry_after` is the endpoint's wish, in seconds."""

    attempt: Attempt
    retry_after: int | None = None

    @property
    def accepted(self) -> bool:
        """Any 2xx."""
        return self.attempt.accepted

    @property
    def gone(self) -> bool:
        """410: the endpoint wants no more events."""
        return self.attempt.status == GONE

    @property
    def refused(self) -> bool:
        """The endpoint answered, but not with 2xx."""
        return self.attempt.status is not None and not self.attempt.accepted

    @property
    def words(self) -> str:
        """For people: `HTTP 500`, or why there was no answer."""
        return f"HTTP {self.attempt.status}" if self.attempt.status is not None else str(self.attempt.error)


def post(endpoint: Endpoint, delivery: Delivery) -> Result:
    """Send the delivery's event to the endpoint, once."""
    at = now_ms()
    secrets = [
        sealing.opened(sealed, endpoint.account_id, endpoint.webhook_id) for sealed in endpoint.signing(at)
    ]  # fmt: skip
    url = delivery.url or endpoint.url
    if endpoint.shape is EndpointShape.TWILIO:
        headers = twilio_signatures.sign(secrets[0], url, delivery.event_id, delivery.body)
    else:
        headers = signatures.sign(secrets, delivery.event_id, at // 1000, delivery.body.encode())
    kind = {"Content-Type": _TYPES[endpoint.shape]}
    outcome = http_post.post(url, kind | headers, delivery.body.encode())
    attempt = Attempt(at, outcome.status, outcome.latency_ms, outcome.head, outcome.error)
    return Result(attempt, outcome.retry_after_s)

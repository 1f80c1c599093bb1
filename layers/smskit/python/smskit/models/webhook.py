"""Webhook endpoints, and what becomes of the events that go to them. Times are milliseconds since the epoch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job
from smskit.platform.ids import encode

PING = "ping"
SUSPENDED_EVENT = "webhook:suspended"
EVENTS = (
    "sms:sent", "sms:delivered", "sms:failed", "sms:received",
    "device:online", "device:offline", "sim:unhealthy", "sim:healthy", "contact:opted_out", "contact:opted_in",
    SUSPENDED_EVENT,
)  # fmt: skip
MAX_ENDPOINTS = 20
MAX_OLD_SECRETS = 5
SECRET_OVERLAP_MS = 24 * 3_600_000
GONE = 410


class EndpointStatus(StrEnum):
    """Active: events are sent as they happen. Recovering: they wait in line. Suspended: they are skipped."""

    ACTIVE = "Active"
    RECOVERING = "Recovering"
    SUSPENDED = "Suspended"


class EndpointShape(StrEnum):
    """How events look: JSON, signed by Standard Webhooks; or forms, signed as Twilio signs its requests."""

    STANDARD = "standard"
    TWILIO = "twilio"


class DeliveryStatus(StrEnum):
    """Waiting: in the endpoint's line. Failed: its tries are used up. Skipped: the endpoint was suspended."""

    DELIVERED = "Delivered"
    WAITING = "Waiting"
    FAILED = "Failed"
    SKIPPED = "Skipped"


@dataclass(frozen=True, slots=True)
class OldSecret:
    """A secret that was replaced and signs along until `until`; sealed, as it is stored."""

    sealed: str
    until: int


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint as stored. `version` counts every change of it, `outage` its outages so far.

    `sealed` is its secret as stored; `last_worked_at` is when its recovery last looked after it, `next_attempt_at` when
    it will next send something, None while nothing waits. While it is suspended, what was skipped happened from
    `skipped_from` on.
    """

    account_id: str
    webhook_id: str
    url: str
    events: tuple[str, ...]
    sealed: str
    created_at: int
    status: EndpointStatus = EndpointStatus.ACTIVE
    version: int = 1
    outage: int = 0
    old_secrets: tuple[OldSecret, ...] = ()
    failing_since: int | None = None
    last_worked_at: int | None = None
    next_attempt_at: int | None = None
    suspended_at: int | None = None
    suspended_reason: str | None = None
    skipped_from: int | None = None
    shape: EndpointShape = EndpointShape.STANDARD

    def signing(self, now: int) -> list[str]:
        """The sealed secrets that sign now: the current one first."""
        return [self.sealed, *(old.sealed for old in self.signing_along(now))]

    def signing_along(self, now: int) -> list[OldSecret]:
        """The secrets that were replaced and still sign, the newest first."""
        return [old for old in self.old_secrets if old.until > now]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in an account. `body` is the JSON text that every endpoint gets and every try signs.

    What tells of a message is kept as long as that: until `kept_until`, seconds as TTL's own, and no longer than the
    account's days from `kept_from`. Both are 0 for any other event. `about`: the message, if the event is of one.
    `url`: where it goes, if that isn't the endpoint's own URL.
    """

    account_id: str
    event_id: str
    name: str
    at: int
    body: str
    kept_from: int = 0
    kept_until: int = 0
    url: str = ""
    about: Job | InboundMessage | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST: the HTTP status, or the reason why there was none; `head` is how the answer began."""

    at: int
    status: int | None
    latency_ms: int
    head: str = ""
    error: str | None = None

    @property
    def accepted(self) -> bool:
        """Any 2xx."""
        return self.status is not None and 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Delivery:
    """An event on its way to one endpoint. `tries` counts the failed attempts since it was last lined up anew.

    `probe`: a ping by which the recovery itself asked whether the endpoint is back.

    `kept_from` and `kept_until` are the event's; of one that is stored, `kept_until` is never 0. `url`: where it goes,
    if that isn't the endpoint's own URL.
    """

    webhook_id: str
    delivery_id: str
    event_id: str
    event: str
    at: int
    body: str
    status: DeliveryStatus
    attempts: tuple[Attempt, ...] = ()
    tries: int = 0
    kept_from: int = 0
    kept_until: int = 0
    probe: bool = False
    url: str = ""

    def is_kept(self, now: int, since: int = 0) -> bool:
        """Whether it may still be seen or sent. `since`: what counts from before it is no longer kept by the account's
        days."""
        return now < self.kept_until * 1000 and (self.kept_from == 0 or self.kept_from > since)

    @property
    def refusals(self) -> int:
        """How often the endpoint answered, but not with 2xx."""
        return sum(attempt.status is not None and not attempt.accepted for attempt in self.attempts)

    @property
    def unanswered(self) -> int:
        """How often the endpoint gave no answer."""
        return sum(attempt.status is None for attempt in self.attempts)


class RequestKind(StrEnum):
    """What a message of the deliveries queue asks for."""

    EVENT = "event"
    PING = "ping"
    ENABLE = "enable"
    REPLAY = "replay"
    REPLAY_SINCE = "replay-since"
    CONTINUE = "continue"


@dataclass(frozen=True, slots=True)
class DeliveryRequest:
    """A message of the deliveries queue; its message group is the endpoint.

    `version` is the endpoint's when the event was seen. `again` says that an earlier run may have sent the same
    message. `asked_at` is when somebody asked for a ping or replay. For `replay-since`, `at` is the time to begin
    at, `delivery_id` where an earlier message stopped, and `kept_from` the earliest that is kept by the account's days.
    `url`: where the event goes, if that isn't the endpoint's own URL.
    """

    kind: RequestKind
    account_id: str
    webhook_id: str
    delivery_id: str = ""
    event_id: str = ""
    event: str = ""
    at: int = 0
    body: str = ""
    version: int = 0
    again: bool = False
    asked_at: int = 0
    kept_from: int = 0
    kept_until: int = 0
    url: str = ""


def delivery_id(event_id: str, webhook_id: str, at: int) -> str:
    """The id that this event always gets at this endpoint. It begins with the event's time, so ids sort by it."""
    digest = hashlib.sha256(f"{event_id}.{webhook_id}".encode()).digest()
    return f"dlv_{encode(at, 10)}{encode(int.from_bytes(digest[:7], 'big'), 10)}"


def delivery_of(event: Event, webhook_id: str, status: DeliveryStatus = DeliveryStatus.WAITING) -> Delivery:
    """The delivery of an event to an endpoint."""
    made = delivery_id(event.event_id, webhook_id, event.at)
    return Delivery(
        webhook_id, made, event.event_id, event.name, event.at, event.body, status,
        kept_from=event.kept_from, kept_until=event.kept_until, url=event.url,
    )  # fmt: skip


def request_of(event: Event, endpoint: Endpoint, kind: RequestKind = RequestKind.EVENT, *, again: bool = False,
               asked_at: int = 0) -> DeliveryRequest:  # fmt: skip
    """The message that takes an event to an endpoint."""
    made = delivery_id(event.event_id, endpoint.webhook_id, event.at)
    return DeliveryRequest(
        kind, endpoint.account_id, endpoint.webhook_id, made, event.event_id, event.name, event.at, event.body,
        endpoint.version, again, asked_at, event.kept_from, event.kept_until, event.url,
    )  # fmt: skip


def event_of(message: DeliveryRequest) -> Event:
    """The event that a message carries."""
    return Event(
        message.account_id, message.event_id, message.event, message.at, message.body,
        message.kept_from, message.kept_until, message.url,
    )  # fmt: skip

"""Answers about webhooks."""

from __future__ import annotations

from pydantic import Field

from smskit.models.webhook import DeliveryStatus, EndpointStatus
from smskit.platform.http.api_models import ApiModel, maybe, time_field
from smskit.platform.http.page_views import PageView

_WEBHOOK_ID, _DELIVERY_ID = "whk_06F2M8QZ4N1R7T3V5W0X", "dlv_06F2M8QZ4N1R7T3V5W0X"


class WebhookView(ApiModel):
    """An endpoint."""

    webhook_id: str = Field(examples=[_WEBHOOK_ID])
    url: str = Field(examples=["https://yourapp.com/hooks/smskit"])
    events: list[str] = Field(examples=[["sms:delivered", "sms:received"]])
    shape: str | None = maybe(
        description="`twilio`: its events come as forms, signed as Twilio signs them.",
        examples=["twilio"],
        json_schema_extra={"enum": ["twilio"]},
    )
    status: str = Field(
        description="Active: events are sent as they happen. Recovering: the endpoint failed; events wait and are "
        "tried with growing pauses. Suspended: it kept failing; events are logged as Skipped.",
        examples=["Active"],
        json_schema_extra={"enum": [status.value for status in EndpointStatus]},
    )
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    backlog: int = Field(
        description="Deliveries that wait: in line while it is Recovering, or, also while it is Active, set aside "
        "after failures of their own. 1000 stands for a thousand or more.",
        examples=[0],
    )
    oldest_waiting_at: str | None = time_field("When the oldest event that waits happened.")
    next_attempt_at: str | None = time_field("When something that waits is next tried.")
    failing_since: str | None = time_field("When the outage began that the endpoint recovers from.")
    suspended_at: str | None = time_field("When it was suspended.")
    suspended_reason: str | None = maybe(examples=["The endpoint answered 410 Gone"])
    skipped: int = Field(
        description="Deliveries that it misses while it is Suspended, and that a replay sends once it is Active again. "
        "1000 stands for a thousand or more; 0 while it isn't Suspended.",
        examples=[0],
    )
    old_secrets_until: list[str] = Field(
        description="Until when secrets that were replaced sign along, the last one first; empty when none does.",
        examples=[["2026-06-24T10:00:00Z"]],
    )


class WebhookWithSecret(WebhookView):
    """An endpoint with its new signing secret, which is shown this once."""

    secret: str | None = maybe(
        description="Verifies `webhook-signature` by Standard Webhooks 1.0, or of Twilio's shape `X-Twilio-Signature`. "
        "Keep it: it is not shown again. Absent where the API key of the request signs.",
        examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo="],
    )


class WebhookList(ApiModel):
    """All endpoints of the account."""

    webhooks: list[WebhookView]


class WebhookDeleted(ApiModel):
    """The endpoint is removed."""

    webhook_id: str = Field(examples=[_WEBHOOK_ID])
    deleted: bool = Field(examples=[True])


class DeliveryQueued(ApiModel):
    """A delivery is queued; what comes of it is in the log."""

    webhook_id: str = Field(examples=[_WEBHOOK_ID])
    delivery_id: str = Field(examples=[_DELIVERY_ID])
    status: str = Field(
        description="The endpoint's status now.",
        examples=["Active"],
        json_schema_extra={"enum": [status.value for status in EndpointStatus]},
    )


class ReplayQueued(ApiModel):
    """The replay is queued; what comes of it is in the log."""

    webhook_id: str = Field(examples=[_WEBHOOK_ID])
    since: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})


class AttemptView(ApiModel):
    """One POST."""

    at: str = Field(examples=["2026-06-23T10:00:11Z"], json_schema_extra={"format": "date-time"})
    status: int | None = maybe(description="The HTTP status; absent when there was no answer.", examples=[200])
    latency_ms: int = Field(examples=[84])
    response: str | None = maybe(description="How the answer's body began.", examples=["ok"])
    error: str | None = maybe(description="Why there was no answer.", examples=["deadline: headers"])


class DeliveryView(ApiModel):
    """An event on its way to the endpoint."""

    delivery_id: str = Field(examples=[_DELIVERY_ID])
    event_id: str = Field(examples=["evt_5T8W1X4Y7Z0A3B6C9D2E"])
    event: str = Field(examples=["sms:delivered"])
    occurred_at: str = Field(examples=["2026-06-23T10:00:11Z"], json_schema_extra={"format": "date-time"})
    status: str = Field(
        description="Waiting: in line behind a failing endpoint. Failed: its tries are used up. Skipped: the endpoint "
        "was suspended.",
        examples=["Delivered"],
        json_schema_extra={"enum": [status.value for status in DeliveryStatus]},
    )
    probe: bool | None = maybe(
        description="True for a ping by which the recovery asked whether the endpoint is back; absent otherwise.",
        examples=[True],
    )
    body: str = Field(
        description="The event's JSON text as it is sent; its first 4,000 characters.",
        examples=['{"event":"sms:delivered","eventId":"evt_5T8W1X4Y7Z0A3B6C9D2E"}'],
    )
    is_body_cut: bool | None = maybe(description="True when the text is longer; absent otherwise.", examples=[True])
    attempts: list[AttemptView] = Field(description="Oldest first; the last 50.")


class DeliveryPage(PageView):
    """A page of the log, newest event first."""

    items: list[DeliveryView] = Field(alias="deliveries")

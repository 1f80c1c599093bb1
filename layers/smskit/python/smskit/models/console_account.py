"""Requests and answers about an account as a whole: overview, usage, settings, erasure."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from smskit.models import patterns
from smskit.models.api_base import ApiModel, RequestModel, maybe

_DATE: dict[str, Any] = {"format": "date"}
_Text = Annotated[str, Field(max_length=480, description="No keyword itself; empty is the default again.")]
_Word = Annotated[str, Field(min_length=1)]
_Words = Annotated[
    list[_Word],
    Field(
        max_length=20,
        description="Each of 1 to 32 characters that can be seen, once for one meaning, and none that is built in.",
    ),
]


class FiguresView(ApiModel):
    """Counts of messages, each on the day on which it happened."""

    accepted: int = Field(examples=[1204])
    segments: int = Field(description="SMS segments of the accepted ones.", examples=[1390])
    sent: int = Field(examples=[1201])
    delivered: int = Field(examples=[1188])
    failed: int = Field(description="The phone or the network could not send it.", examples=[2])
    dead: int = Field(description="Given up: too late, or no phone could.", examples=[1])


class DayView(FiguresView):
    """A day's figures."""

    day: str = Field(examples=["2026-06-23"], json_schema_extra=_DATE)


class UsageView(ApiModel):
    """Figures by day, the first day first."""

    time_zone: str = Field(description="Where the days begin.", examples=["Africa/Nairobi"])
    days: list[DayView]


class OnlineView(ApiModel):
    """How many phones are connected."""

    online: int = Field(examples=[3])
    offline: int = Field(examples=[1])


class StepsView(ApiModel):
    """What a new account has done of what it takes to send."""

    client_created: bool
    device_paired: bool
    device_online: bool
    message_sent: bool
    webhook_registered: bool


class SuspendedWebhook(ApiModel):
    """An endpoint that gets nothing until it is enabled again."""

    webhook_id: str = Field(examples=["whk_06F2M8QZ4N1R7T3V5W0X"])
    url: str = Field(examples=["https://yourapp.com/hooks/smskit"])
    reason: str | None = maybe(examples=["answered 410"])


class Overview(ApiModel):
    """How the account does. Figures lag behind by about a minute."""

    today: DayView
    devices: OnlineView
    suspended_webhooks: list[SuspendedWebhook]
    steps: StepsView


class SettingsView(ApiModel):
    """The account's settings. What is shown follows within 5 seconds, words within 30, sends within 5 minutes."""

    default_validity_seconds: int = Field(description="For sends that name none.", examples=[86400])
    retention_days: int = Field(description="How long messages and their texts are kept.", examples=[30])
    time_zone: str = Field(examples=["Africa/Nairobi"])
    confirm_opt_out: bool = Field(description="Whether STOP and START are confirmed by SMS.")
    opt_out_text: str | None = maybe(examples=["You will get no more messages."])
    opt_in_text: str | None = maybe(examples=["You will get messages again."])
    help_text: str | None = maybe(description="The answer to HELP.", examples=["Acme, 020 123456"])
    stop_words: list[str] = Field(description="Besides the built-in ones.", examples=[["toka"]])
    start_words: list[str] = Field(examples=[[]])
    help_words: list[str] = Field(examples=[[]])


class ChangeSettings(RequestModel):
    """What to change; the rest stays. An empty text is the default again; a list of words replaces the one before."""

    default_validity_seconds: int | None = Field(default=None, ge=30, le=259_200, examples=[3600])
    retention_days: int | None = Field(default=None, ge=1, le=3_650, examples=[90])
    time_zone: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="A name of the IANA time zone database.",
        examples=["Africa/Nairobi"],
        json_schema_extra=patterns.shown(patterns.ZONE, "time-zone"),
    )
    confirm_opt_out: bool | None = Field(default=None)
    opt_out_text: _Text | None = Field(default=None, examples=["You will get no more messages."])
    opt_in_text: _Text | None = Field(default=None, examples=["You will get messages again."])
    help_text: _Text | None = Field(default=None, examples=["Acme, 020 123456"])
    stop_words: _Words | None = Field(default=None, examples=[["toka"]])
    start_words: _Words | None = Field(default=None, examples=[[]])
    help_words: _Words | None = Field(default=None, examples=[[]])


class EraseNumber(RequestModel):
    """A number whose messages shall be erased."""

    number: str = Field(
        min_length=1,
        max_length=40,
        description="As a recipient is written; also one that gets no SMS.",
        examples=["+254712345678"],
        json_schema_extra=patterns.shown(patterns.CORRESPONDENT, "phone-number"),
    )


class ErasureQueued(ApiModel):
    """Messages so far to this number are being erased; what a phone holds follows once it has ended."""

    number: str = Field(examples=["+254712345678"])

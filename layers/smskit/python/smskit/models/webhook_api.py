"""Requests about webhooks, parsed strictly."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from smskit.models.api_base import RequestModel
from smskit.models.webhook import EVENTS


def _known_event(name: str) -> str:
    if name not in EVENTS:
        raise PydanticCustomError("event", "must be one of " + ", ".join(EVENTS))
    return name


def _distinct(names: list[str]) -> list[str]:
    if len(set(names)) != len(names):
        raise PydanticCustomError("distinct", "must name each event once")
    return names


def _utc_time(text: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None or "T" not in text:
        raise PydanticCustomError("time", "must be an RFC 3339 time, such as 2026-06-23T10:00:00Z")
    return text


_Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2048,
        description="Where events are POSTed to: https, port 443 or above 1023, a public address.",
        examples=["https://yourapp.com/hooks/smskit"],
        json_schema_extra={"format": "uri"},
    ),
]
_Event = Annotated[str, AfterValidator(_known_event), Field(json_schema_extra={"enum": list(EVENTS)})]
_Events = Annotated[
    list[_Event],
    AfterValidator(_distinct),
    Field(
        min_length=1,
        max_length=len(EVENTS),
        description="The events to send, each once.",
        examples=[["sms:delivered", "sms:received"]],
        json_schema_extra={"uniqueItems": True},
    ),
]


class RegisterWebhook(RequestModel):
    """An endpoint to register."""

    url: _Url
    events: _Events


class ChangeWebhook(RequestModel):
    """What to change of an endpoint; what is absent stays."""

    url: _Url | None = None
    events: _Events | None = None


class ReplaySince(RequestModel):
    """Which deliveries to send once more."""

    since: Annotated[
        str,
        AfterValidator(_utc_time),
        Field(
            max_length=40,
            description="Deliveries that failed or were skipped, of events since this time (RFC 3339), are sent again.",
            examples=["2026-06-23T10:00:00Z"],
            json_schema_extra={"format": "date-time"},
        ),
    ]

    @property
    def since_ms(self) -> int:
        """Milliseconds since the epoch."""
        return int(datetime.fromisoformat(self.since).timestamp() * 1000)

"""Requests about webhooks, parsed strictly."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from smskit.models.webhook import EVENTS
from smskit.platform.http import patterns
from smskit.platform.http.api_models import RequestModel
from smskit.platform.http.query_values import moment_ms, moment_text


def _known_event(name: str) -> str:
    if name not in EVENTS:
        raise PydanticCustomError("event", "must be one of " + ", ".join(EVENTS))
    return name


def _distinct(names: list[str]) -> list[str]:
    if len(set(names)) != len(names):
        raise PydanticCustomError("distinct", "must name each event once")
    return names


_Url = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2048,
        description="Where events are POSTed to: https, port 443 or above 1023, a public host or address.",
        examples=["https://yourapp.com/hooks/smskit"],
        json_schema_extra=patterns.shown(patterns.URL, "uri"),
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
        AfterValidator(moment_text),
        Field(
            max_length=40,
            description="Deliveries that failed or were skipped, of events since this time (RFC 3339), are sent again.",
            examples=["2026-06-23T10:00:00Z"],
            json_schema_extra=patterns.shown(patterns.MOMENT, "date-time"),
        ),
    ]

    @property
    def since_ms(self) -> int:
        """Milliseconds since the epoch."""
        return moment_ms(self.since)

"""Requests about webhooks, parsed strictly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from smskit.models.webhook import EVENTS, PING, DeliveryStatus, EndpointShape
from smskit.platform.http import patterns
from smskit.platform.http.api_models import RequestModel
from smskit.platform.http.query_values import moment_ms, moment_text

LOGGED_EVENTS = (*EVENTS, PING)


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


def _log_statuses(text: str | None) -> str | None:
    return _only("status", text, tuple(DeliveryStatus))


def _log_events(text: str | None) -> str | None:
    return _only("event", text, LOGGED_EVENTS)


def _only(kind: str, text: str | None, known: Sequence[str]) -> str | None:
    if text is not None and not set(text.split(",")) <= set(known):
        raise PydanticCustomError(kind, "must be one of " + ", ".join(known) + ", or several with commas between them")
    return text


def _several(known: Sequence[str]) -> dict[str, Any]:
    one = "|".join(known)
    return patterns.shown(f"^(?:{one})(?:,(?:{one}))*$")


def names_in(text: str | None) -> frozenset[str]:
    """The names in a text with commas between them; none in None."""
    return frozenset(text.split(",")) if text else frozenset()


LogStatuses = Annotated[
    str | None,
    AfterValidator(_log_statuses),
    Query(
        max_length=100,
        description="Only deliveries in this status; several have commas between them.",
        examples=["Failed,Skipped"],
        json_schema_extra=_several(tuple(DeliveryStatus)),
    ),
]
LogEvents = Annotated[
    str | None,
    AfterValidator(_log_events),
    Query(
        max_length=200,
        description="Only deliveries of this event, one of those that may be subscribed to or `ping`; several have "
        "commas between them.",
        examples=["sms:failed"],
        json_schema_extra=_several(LOGGED_EVENTS),
    ),
]


def _known_shape(text: str) -> str:
    if text not in set(EndpointShape):
        raise PydanticCustomError("choice", "must be one of " + ", ".join(EndpointShape))
    return text


class RegisterWebhook(RequestModel):
    """An endpoint to register."""

    url: _Url
    events: _Events
    shape: Annotated[str, AfterValidator(_known_shape)] | None = Field(
        default=None,
        description="`standard`, as without it: JSON, signed by Standard Webhooks 1.0. `twilio`: forms as Twilio sends "
        "them, with `X-Twilio-Signature` for the API key of this request; from the console, for a token that the "
        "answer shows.",
        examples=["standard"],
        json_schema_extra={"enum": list(EndpointShape)},
    )


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

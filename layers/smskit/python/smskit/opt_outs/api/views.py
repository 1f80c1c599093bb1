"""Requests and answers about opt-outs."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from smskit.platform.http import patterns
from smskit.platform.http.api_models import ApiModel, RequestModel, maybe, not_blank
from smskit.platform.http.page_views import PageView

_SOURCE = (
    "Who did it: `sms:<messageId>` the recipient, by a keyword; `api:<clientId>` an API client; `operator:<id>` "
    "somebody in the dashboard; `admin` the administrator."
)
_REASON = "The keyword that was written, or what who did it gave as the reason."
Reason = Annotated[
    str,
    AfterValidator(not_blank),
    Field(
        min_length=1,
        max_length=200,
        description="Why, for the audit trail.",
        examples=["Asked for it on the phone"],
        json_schema_extra=patterns.shown(patterns.NOT_BLANK),
    ),
]


class AddOptOut(RequestModel):
    """A number to opt out."""

    number: str = Field(
        min_length=1,
        max_length=40,
        description="By the rules for recipients: E.164, or without `+` as it is written in the account's country.",
        examples=["+254712345678"],
        json_schema_extra=patterns.shown(patterns.NUMBER, "phone-number"),
    )
    reason: Reason | None = None


class OptOutView(ApiModel):
    """A number that has opted out."""

    number: str = Field(examples=["+254712345678"])
    opted_out_at: str = Field(examples=["2026-06-23T10:05:00Z"], json_schema_extra={"format": "date-time"})
    reason: str | None = maybe(description=_REASON, examples=["STOP"])
    source: str = Field(description=_SOURCE, examples=["sms:msg_06F2M8QZ4N1R7T3V5W0X"])


class OptOutList(PageView):
    """A page of the account's opt-outs, newest first."""

    items: list[OptOutView] = Field(alias="optOuts")


class OptOutChangeView(ApiModel):
    """An opt-out or opt-in."""

    change: str = Field(examples=["opted-out"], json_schema_extra={"enum": ["opted-out", "opted-in"]})
    at: str = Field(examples=["2026-06-23T10:05:00Z"], json_schema_extra={"format": "date-time"})
    reason: str | None = maybe(description=_REASON, examples=["STOP"])
    source: str = Field(description=_SOURCE, examples=["sms:msg_06F2M8QZ4N1R7T3V5W0X"])


class OptOutHistory(ApiModel):
    """A page of a number's audit trail, newest first."""

    number: str = Field(examples=["+254712345678"])
    entries: list[OptOutChangeView]
    cursor: str | None = maybe(
        description="Asks for what was before; absent at the beginning.", examples=["MS45ZjNhYzE3Ny4x"]
    )
    has_more: bool = Field(examples=[False])

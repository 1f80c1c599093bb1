"""What messages are asked for by, as Twilio's packages write it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AfterValidator

from smskit.platform import cursors
from smskit.platform.http import patterns
from smskit.platform.http.query_values import day_text, moment_ms, moment_text

MOST_A_PAGE = 1_000
_DAY_MS = 86_400_000
_DATE_LENGTH = 10
_WHEN = {"pattern": f"{patterns.DATE}|{patterns.MOMENT}"}


def _day_or_moment(text: str | None) -> str | None:
    return day_text(text) if text is not None and len(text) == _DATE_LENGTH else moment_text(text)


PageSize = Annotated[
    int,
    Query(alias="PageSize", ge=1, le=MOST_A_PAGE, description="Messages a page, at most; 300 are looked at.",
          examples=[50]),
]  # fmt: skip
PageNumber = Annotated[
    int, Query(alias="Page", ge=0, le=1_000_000, description="Of the page's address, where it counts.", examples=[1])
]
PageToken = Annotated[
    str | None,
    Query(
        alias="PageToken",
        max_length=cursors.MAX_LENGTH,
        description="Of the page's address, where it says where to go on.",
        examples=["MS45ZjNhYzE3Ny4x"],
        json_schema_extra=patterns.shown(patterns.CURSOR),
    ),
]
To = Annotated[
    str | None,
    Query(
        alias="To",
        min_length=1,
        max_length=40,
        description="Only those to this number.",
        examples=["+254712345678"],
        json_schema_extra=patterns.shown(patterns.NUMBER, "phone-number"),
    ),
]
_MEANING = "A date stands for its first moment (UTC). It is when the message was accepted, or was due."
DateSent = Annotated[
    str | None,
    AfterValidator(_day_or_moment),
    Query(alias="DateSent", max_length=40, description="Only those of this day (UTC).", examples=["2026-06-23"],
          json_schema_extra=_WHEN),
]  # fmt: skip
DateSentAfter = Annotated[
    str | None,
    AfterValidator(_day_or_moment),
    Query(alias="DateSent>", max_length=40, description=f"At this time or later. {_MEANING}", examples=["2026-06-23"],
          json_schema_extra=_WHEN),
]  # fmt: skip
DateSentBefore = Annotated[
    str | None,
    AfterValidator(_day_or_moment),
    Query(alias="DateSent<", max_length=40, description=f"At this time or earlier. {_MEANING}", examples=["2026-06-24"],
          json_schema_extra=_WHEN),
]  # fmt: skip


def stretch(on: str | None, after: str | None, before: str | None) -> tuple[int | None, int | None]:
    """The first and the last millisecond that are asked for; None where there is no bound."""
    first = [_ms(after)] if after else []
    last = [_ms(before)] if before else []
    if on:
        day = _ms(on) // _DAY_MS * _DAY_MS
        first.append(day)
        last.append(day + _DAY_MS - 1)
    return max(first, default=None), min(last, default=None)


def _ms(text: str) -> int:
    if len(text) != _DATE_LENGTH:
        return moment_ms(text)
    day = date.fromisoformat(text)
    return round(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)

"""The console API's route about usage."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import AfterValidator, Field

from smskit.accounts.api import sign_in
from smskit.accounts.logic import settings as account_settings
from smskit.errors import InvalidRangeError
from smskit.platform.http import patterns, serving
from smskit.platform.http.api_models import ApiModel
from smskit.platform.http.query_values import day_text
from smskit.platform.times import now_ms, rfc3339
from smskit.platform.zones import DEFAULT
from smskit.usage import logic as usage
from smskit.usage.figures import FIGURES, Figures

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

_Day = Annotated[
    str | None,
    AfterValidator(day_text),
    Query(max_length=10, examples=["2026-06-23"], json_schema_extra=patterns.shown(patterns.DATE, "date")),
]
DEFAULT_DAYS = 30

_DATE: dict[str, Any] = {"format": "date"}
_TIME: dict[str, Any] = {"format": "date-time"}


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


class HourView(FiguresView):
    """An hour's figures."""

    hour: str = Field(description="Its begin.", examples=["2026-06-23T10:00:00Z"], json_schema_extra=_TIME)


class HourlyUsage(ApiModel):
    """Figures of a day by hour, the first hour first, without hours to come."""

    time_zone: str = Field(description="Where the day begins.", examples=["Africa/Nairobi"])
    day: str = Field(examples=["2026-06-23"], json_schema_extra=_DATE)
    hours: list[HourView]


def day_view(day: date, figures: Figures) -> DayView:
    """A day's figures."""
    return DayView(day=day.isoformat(), **_shown(figures))


def _shown(figures: Figures) -> dict[str, int]:
    """A correction may be counted ahead of what it corrects; nobody is shown less than nothing."""
    return {name: max(0, value) for name, value in zip(FIGURES, figures.counts(), strict=True)}


@router.get(
    "/console/usage",
    summary="Usage by day",
    description="Messages accepted, sent, delivered, failed and given up, by day in the account's time zone; at most "
    "92 days, and the last 30 unless others are asked for. Figures lag behind by about a minute, and are kept for 400 "
    "days.",
    response_description="The days, the first one first.",
    operation_id="getUsage",
    tags=["Account"],
)
def get_usage(
    first: _Day = None,
    last: _Day = None,
) -> Response[UsageView]:
    """Show what was used."""
    account_id, now = sign_in.person().account_id, now_ms()
    zone = account_settings.read(account_id).time_zone or DEFAULT
    until = date.fromisoformat(last) if last else usage.today(zone, now)
    since = date.fromisoformat(first) if first else until - timedelta(days=DEFAULT_DAYS - 1)
    if not 0 <= (until - since).days < usage.MAX_DAYS:
        raise InvalidRangeError(f"first must be no later than last, and at most {usage.MAX_DAYS - 1} days before it")
    days = [day_view(day, figures) for day, figures in usage.by_day(account_id, since, until, zone)]
    return serving.answer(UsageView(time_zone=zone, days=days))


@router.get(
    "/console/usage/hours",
    summary="Usage by hour",
    description="The same figures of one day by hour, today's unless another day is asked for. Of today only the hours "
    "so far, the present one last.",
    response_description="The hours, the first one first.",
    operation_id="getHourlyUsage",
    tags=["Account"],
)
def get_hourly_usage(day: _Day = None) -> Response[HourlyUsage]:
    """Show what was used in a day."""
    account_id, now = sign_in.person().account_id, now_ms()
    zone = account_settings.read(account_id).time_zone or DEFAULT
    wanted = date.fromisoformat(day) if day else usage.today(zone, now)
    hours = [
        HourView(hour=rfc3339(begin), **_shown(figures))
        for begin, figures in usage.by_hour(account_id, wanted, zone, now)
    ]
    return serving.answer(HourlyUsage(time_zone=zone, day=wanted.isoformat(), hours=hours))

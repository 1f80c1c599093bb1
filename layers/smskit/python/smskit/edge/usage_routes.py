"""The console API's route about usage."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import Field

from smskit.models.api_base import ApiModel
from smskit.models.usage import FIGURES, Figures

_DATE: dict[str, Any] = {"format": "date"}


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


def day_view(day: date, figures: Figures) -> DayView:
    """A day's figures. A correction may be counted ahead of what it corrects; nobody is shown less than nothing."""
    shown = {name: max(0, value) for name, value in zip(FIGURES, figures.counts(), strict=True)}
    return DayView(day=day.isoformat(), **shown)

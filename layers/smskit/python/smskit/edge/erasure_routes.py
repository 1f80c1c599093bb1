"""The console API's route that erases a number's messages."""

from __future__ import annotations

from pydantic import Field

from smskit.models import patterns
from smskit.models.api_base import ApiModel, RequestModel


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

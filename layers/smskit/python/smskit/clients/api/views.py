"""Requests and answers about API clients."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from smskit.models.client import DEFAULT_HOURLY_REQUESTS
from smskit.platform.http import patterns
from smskit.platform.http.api_models import ApiModel, RequestModel, not_blank, time_field
from smskit.platform.http.page_views import PageView

_CLIENT_ID = "cli_06F2M8QZ4N1R7T3V5W0X"
_Name = Annotated[
    str, Field(min_length=1, max_length=100, description="What people call it.", examples=["Billing"],
               json_schema_extra=patterns.shown(patterns.NOT_BLANK)),
    AfterValidator(not_blank),
]  # fmt: skip
_LIMIT = "Requests an hour; further ones are answered with 429."


class CreateClient(RequestModel):
    """A program that shall send."""

    name: _Name
    limit: int = Field(default=DEFAULT_HOURLY_REQUESTS, ge=1, le=1_000_000, description=_LIMIT, examples=[100])
    test: bool = Field(
        default=False,
        description="Whether its keys are test keys, which send nothing. It stays as it was made.",
        examples=[False],
    )


class ChangeClient(RequestModel):
    """What to change; the rest stays."""

    name: _Name | None = None
    limit: int | None = Field(default=None, ge=1, le=1_000_000, description=_LIMIT, examples=[1000])


class KeySlot(RequestModel):
    """Which of the two keys."""

    slot: int = Field(ge=1, le=2, examples=[2])


class KeySlotView(ApiModel):
    """A place for a key. The two are independent, so a key can be replaced while the other one works."""

    slot: int = Field(examples=[1])
    is_set: bool
    last_used_at: str | None = time_field("A request with this key was let in.")


class ClientView(ApiModel):
    """A program that holds API keys."""

    client_id: str = Field(examples=[_CLIENT_ID])
    account_sid: str = Field(
        description="The account to Twilio's packages.", examples=["AC000000000660a1136f5d2a5c7bed0e1b"]
    )
    name: str = Field(examples=["Billing"])
    test: bool = Field(description="Its keys send nothing: they work in the account's test world.", examples=[False])
    status: str = Field(examples=["Active"], json_schema_extra={"enum": ["Active", "Suspended"]})
    limit: int = Field(description=_LIMIT, examples=[100])
    used_this_hour: int = Field(description="Requests of this hour that were let in.", examples=[42])
    hour_ends_at: str = Field(
        description="When the hour ends and the count begins anew.",
        examples=["2026-06-23T11:00:00Z"],
        json_schema_extra={"format": "date-time"},
    )
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    last_used_at: str | None = time_field("A request with one of the present keys was let in.")
    keys: list[KeySlotView]


class ClientWithKey(ClientView):
    """The client with its new key."""

    api_key: str = Field(description="Shown this once.", examples=["sk_live_…"])
    slot: int = Field(description="The place that the key is in.", examples=[1])


class ClientPage(PageView):
    """A page of the clients, newest first."""

    items: list[ClientView] = Field(alias="clients")

"""Answers of Twilio's API: every name stands in each, null where nothing is known."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from smskit.platform.http.api_models import ApiModel

_ACCOUNT, _MESSAGE = "AC000000000660a1136f5d2a5c7bed0e1b", "SM000000003c44b2a3e5f41b3d8e4bd81d"
_TIMES = ["Tue, 23 Jun 2026 10:00:00 +0000"]


class _TwilioView(ApiModel):
    model_config = ConfigDict(alias_generator=None)


class MessageView(_TwilioView):
    """A message. Times are as in RFC 2822."""

    account_sid: str = Field(examples=[_ACCOUNT])
    api_version: str = Field(examples=["2010-04-01"])
    body: str = Field(description="The text; empty once it was redacted.", examples=["Your code is 123456"])
    date_created: str = Field(description="When it was accepted.", examples=_TIMES)
    date_sent: str | None = Field(description="When the network took it.", examples=_TIMES)
    date_updated: str = Field(description="When SMSKit last heard of it.", examples=_TIMES)
    direction: str = Field(examples=["outbound-api"], json_schema_extra={"enum": ["outbound-api", "outbound-reply"]})
    error_code: int | None = Field(examples=[30036])
    error_message: str | None = Field(examples=["The job's validity ended before a phone could send it"])
    from_: str | None = Field(
        serialization_alias="from",
        description="The number of the SIM that has it, where it is known.",
        examples=["+254700000001"],
    )
    messaging_service_sid: str | None = Field(description="As the request that sent it had it; null later.")
    num_media: str = Field(examples=["0"])
    num_segments: str = Field(examples=["1"])
    price: str | None = Field(description="Null: what a SIM costs SMSKit doesn't know.")
    price_unit: str | None
    sid: str = Field(examples=[_MESSAGE])
    status: str = Field(
        examples=["delivered"],
        json_schema_extra={
            "enum": ["scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled"]
        },
    )
    subresource_uris: dict[str, Any] = Field(description="Empty: there are none.")
    to: str = Field(examples=["+254712345678"])
    uri: str = Field(examples=[f"/2010-04-01/Accounts/{_ACCOUNT}/Messages/{_MESSAGE}.json"])


class MessageListView(_TwilioView):
    """A page of messages, newest first. It may be short, or empty, and still have a next one."""

    end: int = Field(examples=[49])
    first_page_uri: str
    messages: list[MessageView]
    next_page_uri: str | None = Field(description="Where to go on; null at the end.")
    page: int = Field(examples=[0])
    page_size: int = Field(examples=[50])
    previous_page_uri: str | None = Field(description="Null: there is no way back.")
    start: int = Field(examples=[0])
    uri: str

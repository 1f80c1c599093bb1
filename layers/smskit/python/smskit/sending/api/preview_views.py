"""The request and the answer of a preview."""

from __future__ import annotations

from pydantic import Field

from smskit.platform.http.api_models import ApiModel, RequestModel, maybe
from smskit.sending.api.requests import Device, SendRequest

MOST_CHARACTERS = 50


def _as_sent(name: str) -> str:
    """What a send's field of this name is for."""
    return SendRequest.model_fields[name].description or ""


class PreviewRequest(RequestModel):
    """A message that is being written. What isn't written yet, or isn't right yet, is no error."""

    recipient: str = Field(default="", max_length=40, description=_as_sent("recipient"), examples=["0712 345 678"])
    message: str = Field(
        default="",
        max_length=1600,
        description="Up to 1,600 characters (Unicode code points), as in a send.",
        examples=["Your code is 123456"],
    )
    priority: int = Field(default=0, ge=0, le=10, description=_as_sent("priority"), examples=[5])
    devices: list[Device] | None = Field(
        default=None,
        min_length=1,
        max_length=20,
        description=_as_sent("devices"),
        examples=[[{"deviceId": "dvc_3K7J2H5F8M1N4Q9R6V0W", "simSlot": 0}]],
    )


class RecipientPreviewView(ApiModel):
    """Whom it would go to."""

    number: str = Field(description="As it is stored: E.164.", examples=["+254712345678"])
    country: str | None = maybe(description="ISO 3166-1 alpha-2; absent for a number of no country.", examples=["KE"])
    opted_out: bool = Field(description="true: a send would be refused.", examples=[False])


class CharacterView(ApiModel):
    """A character that is not in the GSM alphabet."""

    character: str = Field(examples=["’"])
    plain: str | None = maybe(
        description="What says the same in the GSM alphabet; may be empty. Absent where there is nothing.",
        examples=["'"],
    )


class PlainView(ApiModel):
    """The text with each character replaced that has a plain form."""

    message: str = Field(examples=["We'll call you"])
    encoding: str = Field(examples=["GSM-7"], json_schema_extra={"enum": ["GSM-7", "UCS-2"]})
    segments: int = Field(examples=[1])


class TextPreviewView(ApiModel):
    """How the text would be sent."""

    encoding: str = Field(examples=["UCS-2"], json_schema_extra={"enum": ["GSM-7", "UCS-2"]})
    segments: int = Field(description="SMS segments that it takes.", examples=[2])
    parts: list[str] = Field(
        description="The text of each segment; put together they are the message.", examples=[["We’ll call you"]]
    )
    used: int = Field(description="Units that the last segment holds: septets, or UTF-16 units.", examples=[43])
    capacity: int = Field(description="Units that it can hold: 160, 153, 70 or 67.", examples=[70])
    characters: list[CharacterView] = Field(
        description="The characters that force Unicode, each once: those with a plain form first, at most "
        f"{MOST_CHARACTERS}. Empty in GSM-7.",
    )
    plain: PlainView | None = maybe(description="Absent when no character of the text has a plain form.")


class SendersView(ApiModel):
    """The SIMs that may send it: the account's, or those that `devices` names."""

    devices: int = Field(description="Phones that are online with an enabled SIM.", examples=[4])
    sims: int = Field(description="Their enabled SIMs.", examples=[5])
    ready: int = Field(
        description="Those that have segments left for it in this hour, at this priority, and don't rest.",
        examples=[4],
    )
    segments_left: int = Field(description="Segments that these have left in this hour.", examples=[476])
    has_more: bool = Field(description="Whether there are more: the first 100 SIMs are counted.", examples=[False])


class Preview(ApiModel):
    """What a message would be now. It may be otherwise when it is sent."""

    recipient: RecipientPreviewView | None = maybe(description="Absent while it is missing or not right.")
    recipient_problem: str | None = maybe(
        description="What a send would say of the recipient; absent while it is missing, and when it is right.",
        examples=["recipient must be a valid number of its country"],
    )
    message: TextPreviewView | None = maybe(description="Absent while nothing is written but white space.")
    senders: SendersView

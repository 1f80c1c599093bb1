"""Forms of Twilio's API, parsed strictly: an unknown name is refused, and so is what SMSKit can't do.

A form holds texts alone, so numbers and times are read here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field
from pydantic.alias_generators import to_pascal
from pydantic_core import PydanticCustomError

from smskit.platform.http import patterns
from smskit.platform.http.api_models import RequestModel, not_blank
from smskit.platform.http.query_values import moment_text

LEAST_VALIDITY, MOST_VALIDITY = 30, 36_000
INTENTS = (
    *("otp", "notifications", "marketing", "fraud", "security", "customercare", "delivery", "education"),
    *("polling", "announcements", "events"),
)
_SERVICE = re.compile(r"MG[0-9a-f]{32}", re.ASCII)
_SECONDS = re.compile(r"[0-9]{1,6}", re.ASCII)
_URGENT_INTENT, _URGENT, _ORDINARY = "otp", 9, 0


def _one_of(*known: str) -> Callable[[str], str]:
    def check(text: str) -> str:
        if text not in known:
            raise PydanticCustomError("choice", "must be " + " or ".join(known))
        return text

    return check


def _seconds(text: str) -> str:
    if not _SECONDS.fullmatch(text) or not LEAST_VALIDITY <= int(text) <= MOST_VALIDITY:
        raise PydanticCustomError("choice", f"must be a whole number from {LEAST_VALIDITY} to {MOST_VALIDITY}")
    return text


def _service(text: str) -> str:
    if not _SERVICE.fullmatch(text):
        raise PydanticCustomError("choice", "must be MG and 32 hexadecimal digits")
    return text


def _moment(text: str) -> str:
    if " " in text:
        raise PydanticCustomError("time", "must be a time with its offset, such as 2026-06-23T10:00:00Z")
    moment_text(text)
    return text


_Truth = Annotated[str, AfterValidator(_one_of("true", "false")), Field(json_schema_extra={"enum": ["true", "false"]})]
_Off = Annotated[
    str,
    AfterValidator(_one_of("false")),
    Field(description="SMSKit doesn't do this.", examples=["false"], json_schema_extra={"enum": ["false"]}),
]
_Retain = Annotated[
    str,
    AfterValidator(_one_of("retain")),
    Field(description="How long is the account's setting.", examples=["retain"],
          json_schema_extra={"enum": ["retain"]}),
]  # fmt: skip
_NoMatter = Annotated[str, Field(max_length=100, description="Taken, and of no effect.", examples=["1"])]


class FormModel(RequestModel):
    """A form: its names begin with capitals."""

    model_config = ConfigDict(alias_generator=to_pascal)


class CreateMessage(FormModel):
    """A message to send."""

    to: str = Field(
        min_length=1,
        max_length=40,
        description="The recipient's number.",
        examples=["+254712345678"],
        json_schema_extra=patterns.shown(patterns.NUMBER, "phone-number"),
    )
    body: Annotated[str, AfterValidator(not_blank)] = Field(
        min_length=1,
        max_length=1600,
        description="Up to 1,600 characters.",
        examples=["Your code is 123456"],
        json_schema_extra=patterns.shown(patterns.NOT_BLANK),
    )
    from_: str | None = Field(
        default=None,
        alias="From",
        min_length=1,
        max_length=40,
        description="The number of a SIM in one of the account's phones, which alone may send it then. Without it "
        "SMSKit chooses the SIM.",
        examples=["+254700000001"],
    )
    messaging_service_sid: Annotated[str, AfterValidator(_service)] | None = Field(
        default=None,
        description="Any: the pool of senders is the account's phones.",
        examples=["MG00000000000000000000000000000000"],
        json_schema_extra={"pattern": "^MG[0-9a-f]{32}$"},
    )
    status_callback: str | None = Field(
        default=None,
        min_length=1,
        max_length=2048,
        description="Where what becomes of the message is POSTed to: https, port 443 or above 1023, a public host or "
        "address.",
        examples=["https://yourapp.com/twilio/status"],
        json_schema_extra=patterns.shown(patterns.URL, "uri"),
    )
    validity_period: Annotated[str, AfterValidator(_seconds)] | None = Field(
        default=None,
        description=f"Seconds, {LEAST_VALIDITY} to {MOST_VALIDITY:,}: it is never sent later. Without it the account's "
        "default counts.",
        examples=["300"],
        json_schema_extra={"pattern": "^(?:[3-9][0-9]|[1-9][0-9]{2,3}|[12][0-9]{4}|3[0-5][0-9]{3}|36000)$"},
    )
    schedule_type: Annotated[str, AfterValidator(_one_of("fixed"))] | None = Field(
        default=None,
        description="Goes with `SendAt`, and only with it.",
        examples=["fixed"],
        json_schema_extra={"enum": ["fixed"]},
    )
    send_at: Annotated[str, AfterValidator(_moment)] | None = Field(
        default=None,
        max_length=40,
        description="When to send it, from now to 30 days ahead.",
        examples=["2026-06-24T08:00:00Z"],
        json_schema_extra=patterns.shown(patterns.MOMENT, "date-time"),
    )
    smart_encoded: _Truth | None = Field(
        default=None,
        description="`true`: characters that cost the message its GSM alphabet are replaced by plain ones.",
        examples=["true"],
    )
    message_intent: Annotated[str, AfterValidator(_one_of(*INTENTS))] | None = Field(
        default=None,
        description="`otp`: it is urgent, and sent before others.",
        examples=["otp"],
        json_schema_extra={"enum": list(INTENTS)},
    )
    content_retention: _Retain | None = None
    address_retention: _Retain | None = None
    shorten_urls: _Off | None = None
    send_as_mms: _Off | None = None
    provide_feedback: _NoMatter | None = None
    force_delivery: _NoMatter | None = None
    max_price: _NoMatter | None = None
    attempt: _NoMatter | None = None
    traffic_type: _NoMatter | None = None
    risk_check: _NoMatter | None = None

    @property
    def priority(self) -> int:
        """As sends have it."""
        return _URGENT if self.message_intent == _URGENT_INTENT else _ORDINARY


class UpdateMessage(FormModel):
    """What to do with a message: one of the two."""

    status: Annotated[str, AfterValidator(_one_of("canceled"))] | None = Field(
        default=None,
        description="`canceled` withdraws it, while no phone has taken it.",
        examples=["canceled"],
        json_schema_extra={"enum": ["canceled"]},
    )
    body: str | None = Field(
        default=None,
        max_length=0,
        description="Empty: takes the text out of a message that has ended.",
        examples=[""],
    )

"""What crosses the HTTP boundary: requests, parsed strictly, and responses.

Strict: `true`, `"5"` and `5.0` are no integers, null is no value, and an unknown field is refused, so that a typo
such as `priorty` can't pass in silence. The rules are also what the OpenAPI document says.
"""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from smskit.models.ids import ALPHABET

DEFAULT_VALIDITY_SECONDS = 86_400
DEVICE_ID_PATTERN = f"^dvc_[{ALPHABET}]{{20}}$"
_DEVICE_ID = re.compile(DEVICE_ID_PATTERN.rstrip("$"), re.ASCII)


class ApiModel(BaseModel):
    """camelCase outside, snake_case inside."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
    )


class RequestModel(ApiModel):
    """A request body."""

    model_config = ConfigDict(validate_by_name=False)

    @field_validator("*", mode="before")
    @classmethod
    def _not_null(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("null", "must not be null; leave the field out instead")
        return value


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must not be blank")
    return text


def _printable(text: str) -> str:
    if not all(" " <= character <= "~" for character in text):
        raise PydanticCustomError("printable", "may hold only printable ASCII characters")
    return text


def _device_reference(value: Any) -> Any:
    """A device may be written as its id alone."""
    if isinstance(value, str):
        return {"deviceId": value}
    if not isinstance(value, dict):
        raise PydanticCustomError("device", "must be a device id, or an object with deviceId and maybe simSlot")
    return value


def _device_id(text: str) -> str:
    if len(text) != 24 or not _DEVICE_ID.fullmatch(text):
        raise PydanticCustomError("device_id", "must be a device id, such as dvc_3K7J2H5F8M1N4Q9R6V0W")
    return text


Text = Annotated[str, AfterValidator(_not_blank)]
SimSlot = Annotated[int, Field(ge=0, le=15, description="The SIM's slot in the phone, from 0.", examples=[0])]


class DeviceReference(RequestModel):
    """A phone, or with `simSlot` only that SIM of it."""

    device_id: Annotated[str, AfterValidator(_device_id)] = Field(
        description="From `GET /api/devices`.",
        examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"],
        json_schema_extra={"pattern": DEVICE_ID_PATTERN},
    )
    sim_slot: SimSlot | SkipJsonSchema[None] = None


class SendRequest(RequestModel):
    """An SMS to queue."""

    recipient: str = Field(
        min_length=1,
        max_length=40,
        description="E.164 (`+254712345678`). Numbers without `+` are treated as Kenyan (+254). "
        "Spaces, dots, dashes and brackets are dropped.",
        examples=["+254712345678"],
    )
    message: Text = Field(
        min_length=1,
        max_length=1600,
        description="Up to 1,600 characters (Unicode code points). Long messages are split and reassembled.",
        examples=["Your code is 123456"],
    )
    priority: int = Field(default=0, ge=0, le=10, description="Higher is sent first. Use 9–10 for OTPs.", examples=[9])
    devices: list[Annotated[DeviceReference, BeforeValidator(_device_reference)]] | SkipJsonSchema[None] = Field(
        default=None,
        min_length=1,
        max_length=20,
        description="Phones or SIMs that may send it. Omit to let SMSKit choose.",
        examples=[[{"deviceId": "dvc_3K7J2H5F8M1N4Q9R6V0W", "simSlot": 0}]],
    )
    idempotency_key: Annotated[str, AfterValidator(_printable)] | SkipJsonSchema[None] = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="Dedupes retries: the same key never sends twice in an account. The same request gets the first "
        "answer again, another one 409.",
        examples=["order-1042-confirmation"],
        json_schema_extra={"pattern": "^[ -~]+$"},
    )
    validity_seconds: int = Field(
        default=DEFAULT_VALIDITY_SECONDS,
        ge=30,
        le=259_200,
        description="The job's deadline: it is never sent later than this many seconds after it was accepted.",
        examples=[300],
    )
    client_reference: str | SkipJsonSchema[None] = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="Your own reference; it comes back with the job's status.",
        examples=["order-1042"],
    )


class SendAccepted(ApiModel):
    """The job is queued."""

    job_id: str = Field(examples=["job_7H2K9M4P1Q6R3T8V5W0X"])
    status: str = Field(examples=["Pending"], json_schema_extra={"const": "Pending"})


class JobErrorView(ApiModel):
    """Why a job ended badly."""

    code: str = Field(examples=["expired"])
    message: str = Field(examples=["The job's validity ended before a phone could send it"])


class TimelineEntryView(ApiModel):
    """One thing that happened to the job."""

    event: str = Field(examples=["assigned"])
    at: str = Field(examples=["2026-06-23T10:00:01Z"], json_schema_extra={"format": "date-time"})
    device_id: str | SkipJsonSchema[None] = Field(default=None, examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    sim_slot: int | SkipJsonSchema[None] = Field(default=None, examples=[0])
    detail: str | SkipJsonSchema[None] = Field(default=None, examples=["no_service"])


def _time(description: str) -> Any:
    extra = {"format": "date-time"}
    return Field(default=None, description=description, examples=["2026-06-23T10:00:11Z"], json_schema_extra=extra)


class JobStatusView(ApiModel):
    """A job. Fields that don't apply yet are absent."""

    job_id: str = Field(examples=["job_7H2K9M4P1Q6R3T8V5W0X"])
    status: str = Field(
        examples=["Delivered"],
        json_schema_extra={"enum": ["Pending", "Assigned", "Sent", "Delivered", "Failed", "DeadLetter", "Cancelled"]},
    )
    recipient: str = Field(examples=["+254712345678"])
    device_id: str | SkipJsonSchema[None] = Field(
        default=None, description="The phone that has the job.", examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"]
    )
    sim_slot: int | SkipJsonSchema[None] = Field(default=None, description="The SIM that has it.", examples=[0])
    attempts: int = Field(description="How often a phone has taken the job.", examples=[1])
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    sent_at: str | SkipJsonSchema[None] = _time("Every part was handed over to the network.")
    delivered_at: str | SkipJsonSchema[None] = _time("Every part was confirmed by the recipient's phone.")
    failed_at: str | SkipJsonSchema[None] = _time("The job ended as Failed or DeadLetter.")
    error: JobErrorView | SkipJsonSchema[None] = None
    segments: int = Field(description="SMS segments that the message takes.", examples=[1])
    priority: int = Field(examples=[9])
    client_reference: str | SkipJsonSchema[None] = Field(default=None, examples=["order-1042"])
    timeline: list[TimelineEntryView] = Field(description="What happened when, on which phone and SIM.")


class SimView(ApiModel):
    """A SIM of a phone."""

    sim_slot: int = Field(examples=[0])
    carrier_name: str | None = Field(examples=["Safaricom"])
    is_enabled: bool
    pending_job_count: int = Field(description="Jobs on this SIM, and queued jobs that name it.", examples=[0])


class DeviceView(ApiModel):
    """A phone of the account."""

    device_id: str = Field(examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    name: str = Field(examples=["Pixel 6 — Nairobi"])
    status: str = Field(examples=["Online"], json_schema_extra={"enum": ["Online", "Offline"]})
    is_enabled: bool
    battery_level: int | None = Field(description="Percent; null until the phone said so.", examples=[87])
    network_type: str | None = Field(examples=["LTE"])
    signal_strength: int | None = Field(description="0 to 4.", examples=[4])
    pending_job_count: int = Field(description="Jobs on the phone, and queued jobs that name it.", examples=[0])
    last_heartbeat_at: str | None = Field(examples=["2026-06-23T10:00:05Z"], json_schema_extra={"format": "date-time"})
    sims: list[SimView]


class DeviceList(ApiModel):
    """All phones of the account."""

    devices: list[DeviceView]


class Health(ApiModel):
    """The function answers."""

    status: str = Field(examples=["ok"], json_schema_extra={"const": "ok"})

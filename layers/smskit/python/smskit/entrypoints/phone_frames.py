"""Frames that phones send, protocol version 1. The schemas in docs/asyncapi.yaml are exported from these models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt
from pydantic.alias_generators import to_camel

from smskit.models.lane import DEFAULT_WINDOW, MAX_WINDOW

PROTOCOL_VERSION = 1

JobId = Annotated[str, Field(pattern=r"^job_[0-9A-HJKMNP-TV-Z]{20}$", description="The job's id")]
Token = Annotated[str, Field(min_length=1, max_length=64, description="The offer's token")]
SimSlot = Annotated[StrictInt, Field(ge=0, le=7, description="SIM slot, from 0")]
Percent = Annotated[StrictInt, Field(ge=0, le=100)]
Bars = Annotated[StrictInt, Field(ge=0, le=4, description="Signal strength, 0–4 bars")]
Text = Annotated[str, Field(max_length=64)]


def _whole(text: Any) -> Any:
    """JSON can carry half of a surrogate pair, which UTF-8 and DynamoDB can't: U+FFFD stands for it from here on."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(text, str) else text


AnyText = Annotated[str, BeforeValidator(_whole)]


class FrameModel(BaseModel):
    """Unknown fields are ignored, so that either side may be newer."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class Capabilities(FrameModel):
    """What the phone can do."""

    delivery_reports: StrictBool = True


class SimState(FrameModel):
    """A SIM in the phone."""

    sim_slot: SimSlot
    carrier_name: Text | None = None
    phone_number: Text | None = None
    window: Annotated[
        StrictInt, Field(ge=1, le=MAX_WINDOW, description="Jobs that may be offered or held unsent at once")
    ] = DEFAULT_WINDOW


class SimReadiness(FrameModel):
    """Whether a SIM can send now."""

    sim_slot: SimSlot
    is_ready: StrictBool


class OpenJob(FrameModel):
    """A job that the phone's journal holds."""

    job_id: JobId
    token: Token
    state: Literal["Claimed", "Sending", "Sent", "Delivered", "Failed", "Unknown"]


class Hello(FrameModel):
    """The first frame of a connection."""

    type: Literal["hello"]
    protocol: Annotated[StrictInt, Field(ge=1)]
    app_version: Text | None = None
    capabilities: Capabilities = Capabilities()
    battery_level: Percent | None = None
    network_type: Text | None = None
    signal_strength: Bars | None = None
    sims: Annotated[list[SimState], Field(max_length=8)]
    open: Annotated[list[OpenJob], Field(max_length=200)] = []
    journal_id: Annotated[
        str | None, Field(min_length=1, max_length=64, description="Made with the journal: another journal, another id")
    ] = None


class Heartbeat(FrameModel):
    """The phone lives."""

    type: Literal["heartbeat"]
    battery_level: Percent | None = None
    is_charging: StrictBool | None = None
    network_type: Text | None = None
    signal_strength: Bars | None = None
    sims: Annotated[list[SimReadiness], Field(max_length=8)] = []


class ClaimItem(FrameModel):
    """An offer that the phone has journaled and wants to send."""

    job_id: JobId
    token: Token


class Claim(FrameModel):
    """Claims of offers."""

    type: Literal["claim"]
    items: Annotated[list[ClaimItem], Field(min_length=1, max_length=50)]


class DeclineItem(ClaimItem):
    """A job that the phone gives back without having sent it."""

    reason: Annotated[str, Field(min_length=1, max_length=64)]


class Decline(FrameModel):
    """Jobs that the phone gives back."""

    type: Literal["decline"]
    items: Annotated[list[DeclineItem], Field(min_length=1, max_length=50)]


class ReportError(FrameModel):
    """Why a job could not be sent."""

    code: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    message: Annotated[str, Field(max_length=200)] = ""


class ReportItem(FrameModel):
    """What became of a job. `at` is RFC 3339 UTC with milliseconds, on the server's clock as the phone knows it."""

    job_id: JobId
    token: Token
    state: Literal["Sent", "Delivered", "Failed", "Unknown"]
    at: AwareDatetime
    error: ReportError | None = None


class Report(FrameModel):
    """Reports, acknowledged by `seq`."""

    type: Literal["report"]
    seq: Annotated[StrictInt, Field(ge=0)]
    items: Annotated[list[ReportItem], Field(min_length=1, max_length=50)]


class ReceivedMessage(FrameModel):
    """An SMS that the phone received, whole. Any text is stored as it is; half of a surrogate pair becomes U+FFFD.

    `phoneMessageId` is the phone's own id of it: what comes again under the same id is the same message.
    """

    phone_message_id: Annotated[str, Field(pattern=r"^[ -~]{1,128}$", description="Printable ASCII")]
    sender: Annotated[
        AnyText, Field(alias="from", max_length=320, description="A number, a short code or a name; 100 are kept")
    ]
    recipient: Annotated[
        AnyText | None, Field(alias="to", max_length=64, description="The SIM's number, if the phone knows it")
    ] = None
    sim_slot: SimSlot
    content: Annotated[AnyText, Field(max_length=10_000, description="Unicode code points; may be empty")]
    received_at: AwareDatetime


class Received(FrameModel):
    """SMS that the phone received; acknowledged by `seq` once all of them are stored."""

    type: Literal["received"]
    seq: Annotated[StrictInt, Field(ge=0)]
    messages: Annotated[list[ReceivedMessage], Field(min_length=1, max_length=20)]


PHONE_FRAMES: dict[str, type[FrameModel]] = {
    "hello": Hello,
    "heartbeat": Heartbeat,
    "claim": Claim,
    "decline": Decline,
    "report": Report,
    "received": Received,
}

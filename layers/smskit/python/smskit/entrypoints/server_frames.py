"""Frames that the server sends, as models: the published contract is exported from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from smskit.entrypoints.phone_frames import FrameModel, JobId, SimSlot, Token

Moment = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", description="RFC 3339 UTC, ms")]


class Resolve(FrameModel):
    """go: the claim stands, send it now. drop: forget it, never send. report: send its report again."""

    job_id: JobId
    token: Token
    action: Literal["go", "drop", "report"]


class Welcome(FrameModel):
    """The answer to hello."""

    type: Literal["welcome"]
    server_time: Moment
    heartbeat_seconds: Annotated[int, Field(ge=1)]
    resolve: list[Resolve]


class HeartbeatAck(FrameModel):
    """The answer to heartbeat."""

    type: Literal["heartbeat.ack"]
    server_time: Moment


class OfferedJob(FrameModel):
    """A job that the phone may claim until `claimBy`, and may hand to its radio until `expiresAt`."""

    job_id: JobId
    token: Token
    attempt: Annotated[int, Field(ge=1)]
    sim_slot: SimSlot
    recipient: Annotated[str, Field(description="E.164")]
    message: str
    segments: Annotated[int, Field(ge=1)]
    priority: Annotated[int, Field(ge=0, le=10)]
    expires_at: Moment
    claim_by: Moment


class Offer(FrameModel):
    """Work for the phone."""

    type: Literal["offer"]
    jobs: list[OfferedJob]


class ClaimedItem(FrameModel):
    """The verdict on one claim."""

    job_id: JobId
    token: Token
    verdict: Literal["go", "gone"]
    reason: Literal["late", "cancelled", "expired", "taken", "opted-out", "unknown"] | None = None


class Claimed(FrameModel):
    """The answer to claim."""

    type: Literal["claimed"]
    items: list[ClaimedItem]


class DeclinedItem(FrameModel):
    """A job taken back."""

    job_id: JobId
    token: Token


class Declined(FrameModel):
    """The answer to decline."""

    type: Literal["declined"]
    items: list[DeclinedItem]


class Ack(FrameModel):
    """The answer to report and to received: all of it is stored."""

    type: Literal["ack"]
    seq: int


class ConfigSim(FrameModel):
    """Whether a SIM may be used."""

    sim_slot: SimSlot
    is_enabled: bool


class Config(FrameModel):
    """Settings that changed."""

    type: Literal["config"]
    heartbeat_seconds: int
    sims: list[ConfigSim]


class Revoked(FrameModel):
    """The phone is no longer part of the account and shall not connect again."""

    type: Literal["revoked"]


class ErrorFrame(FrameModel):
    """A frame that can't be used. `ref`: its jobId or seq, where it had one."""

    type: Literal["error"]
    code: Literal["unknown-type", "invalid-json", "invalid-frame", "frame-too-large", "replaced"]
    message: str
    ref: str | int | None = None


SERVER_FRAMES: dict[str, type[FrameModel]] = {
    "welcome": Welcome,
    "heartbeat.ack": HeartbeatAck,
    "offer": Offer,
    "claimed": Claimed,
    "declined": Declined,
    "ack": Ack,
    "config": Config,
    "revoked": Revoked,
    "error": ErrorFrame,
}

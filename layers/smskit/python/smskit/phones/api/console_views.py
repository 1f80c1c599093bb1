"""Requests and answers about phones, SIMs and pairing codes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from smskit.phones.api.views import SimHealth
from smskit.platform.http import patterns
from smskit.platform.http.api_models import ApiModel, RequestModel, maybe, not_blank, time_field

_DEVICE_ID = "dvc_3K7J2H5F8M1N4Q9R6V0W"
_TIME: dict[str, Any] = {"format": "date-time"}
_Limit = Annotated[int, Field(ge=1, le=100_000, description="SMS segments an hour.", examples=[200])]


class ChangeDevice(RequestModel):
    """What to change of a phone; the rest stays."""

    name: Annotated[str, AfterValidator(not_blank)] | None = Field(
        default=None,
        min_length=1,
        max_length=100,
        description="What people call it.",
        examples=["Front desk"],
        json_schema_extra=patterns.shown(patterns.NOT_BLANK),
    )
    is_enabled: bool | None = Field(default=None, description="A disabled phone is cut off until it is enabled again.")
    hourly_limit: _Limit | None = None


class ChangeSim(RequestModel):
    """What to change of a SIM; the rest stays."""

    is_enabled: bool | None = Field(default=None, description="A disabled SIM gets no new work.")
    hourly_limit: _Limit | None = None
    even_share: Literal[True] | None = Field(
        default=None, description="Instead of a limit of its own, an even share of the phone's. Wins over hourlyLimit."
    )


class ConsoleSim(ApiModel):
    """A SIM of a phone."""

    sim_slot: int = Field(examples=[0])
    carrier_name: str | None = maybe(examples=["Safaricom"])
    phone_number: str | None = maybe(examples=["+254700000000"])
    is_enabled: bool
    is_online: bool = Field(description="Connected, enabled and usable.")
    hourly_limit: int = Field(description="SMS segments an hour.", examples=[100])
    has_own_limit: bool = Field(description="Otherwise it is an even share of the phone's.")
    left_this_hour: int = Field(description="Segments that it may still send in this hour.", examples=[97])
    limited_until: str | None = time_field("The SIM is at its hourly limit until then: only urgent jobs may use it.")
    rests_until: str | None = time_field("The SIM's last messages failed or were declined; it is tried again then.")
    health: SimHealth | None = maybe(description="Absent until a message tells of it.")
    pending_job_count: int = Field(
        description="Jobs on this SIM, and queued jobs that name it; 1,000 also stands for more.", examples=[0]
    )


class ConsoleDevice(ApiModel):
    """A phone of the account."""

    device_id: str = Field(examples=[_DEVICE_ID])
    name: str = Field(examples=["Pixel 6 — Nairobi"])
    status: str = Field(examples=["Online"], json_schema_extra={"enum": ["Online", "Offline"]})
    is_enabled: bool
    model: str | None = maybe(examples=["Pixel 6"])
    platform: str | None = maybe(examples=["android"])
    app_version: str | None = maybe(examples=["1.4.0"])
    battery_level: int | None = maybe(description="Percent.", examples=[87])
    is_charging: bool | None = maybe()
    network_type: str | None = maybe(examples=["LTE"])
    signal_strength: int | None = maybe(description="0 to 4.", examples=[4])
    delivery_reports: bool = Field(description="Whether it can tell that a message arrived.")
    hourly_limit: int = Field(description="SMS segments an hour, split over its SIMs.", examples=[200])
    pending_job_count: int = Field(
        description="Jobs on the phone, and queued jobs that name it; 1,000 also stands for more.", examples=[0]
    )
    last_heartbeat_at: str | None = time_field("The phone was heard.")
    offline_since: str | None = time_field("Since then it has been offline; absent before it first connected.")
    heartbeats: list[int] = Field(
        description="How often it was heard in each of the last 24 hours, the present one last.",
        examples=[[12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 0, 0, 3, 12, 12, 12, 12, 12, 12, 12, 12, 12, 12, 4]],
    )
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra=_TIME)
    sims: list[ConsoleSim]


class RemovedDevice(ApiModel):
    """A phone that was removed, and that messages may still name."""

    device_id: str = Field(examples=[_DEVICE_ID])
    name: str = Field(examples=["Old desk"])


class ConsoleDeviceList(ApiModel):
    """All phones of the account."""

    devices: list[ConsoleDevice]
    removed: list[RemovedDevice] = Field(description="Phones that were removed, the last paired first; at most 100.")


class HeartbeatHour(ApiModel):
    """An hour of a phone's life."""

    hour: str = Field(description="Its begin.", examples=["2026-06-23T10:00:00Z"], json_schema_extra=_TIME)
    heartbeats: int = Field(examples=[12])
    battery_level: int | None = maybe(description="Percent, as last said.", examples=[87])
    signal_strength: int | None = maybe(description="0 to 4, as last said.", examples=[4])


class HeartbeatLog(ApiModel):
    """The last 24 hours, the present one last. An hour without a heartbeat has 0."""

    device_id: str = Field(examples=[_DEVICE_ID])
    heartbeat_seconds: int = Field(description="How often a phone is asked to be heard.", examples=[300])
    hours: list[HeartbeatHour]


class DeviceRevoked(ApiModel):
    """The phone is no longer one of the account."""

    device_id: str = Field(examples=[_DEVICE_ID])
    revoked: bool = Field(examples=[True], json_schema_extra={"const": True})


class PairingCodeView(ApiModel):
    """A code by which one phone may join the account. The code itself was shown once."""

    code_id: str = Field(examples=["pcd_06F2M8QZ4N1R7T3V5W0X"])
    expires_at: str = Field(examples=["2026-06-23T10:10:00Z"], json_schema_extra=_TIME)
    used_at: str | None = time_field("A phone has used it.")
    device_id: str | None = maybe(description="The phone that used it.", examples=[_DEVICE_ID])


class NewPairingCode(ApiModel):
    """A code to show: for one phone, for ten minutes."""

    code_id: str = Field(examples=["pcd_06F2M8QZ4N1R7T3V5W0X"])
    code: str = Field(description="Shown this once.", examples=["7H2K9-M4P1Q"])
    server: str = Field(description="What the phone connects to.", examples=["https://api.example.com"])
    uri: str = Field(description="What a QR code shall say.", examples=["smskit://pair?server=…&code=7H2K9-M4P1Q"])
    expires_at: str = Field(examples=["2026-06-23T10:10:00Z"], json_schema_extra=_TIME)


class PairingCodeList(ApiModel):
    """The codes that have not expired, used or not, those that end first at the front; at most 100."""

    codes: list[PairingCodeView]


class PairingCodeCancelled(ApiModel):
    """The code is worthless now."""

    code_id: str = Field(examples=["pcd_06F2M8QZ4N1R7T3V5W0X"])
    cancelled: bool = Field(examples=[True], json_schema_extra={"const": True})

"""Phones, as the client API shows them."""

from __future__ import annotations

from pydantic import Field

from smskit.platform.http.api_models import ApiModel, maybe, time_field


class SimHealth(ApiModel):
    """How the last messages of a SIM went; what was the message's own fault isn't counted."""

    is_healthy: bool = Field(
        description="false: too many failed, so it rests and is then tried with one message at a time, until one is "
        "sent. That it changes is told as `sim:unhealthy` and `sim:healthy`."
    )
    sent_share: float | None = maybe(
        description="Of the last ones, 50 at most, the share that was sent. Counted anew once an unhealthy SIM has "
        "sent one.",
        examples=[0.98],
    )
    tries: int = Field(description="How many these are.", examples=[50])


class SimView(ApiModel):
    """A SIM of a phone."""

    sim_slot: int = Field(examples=[0])
    carrier_name: str | None = Field(examples=["Safaricom"])
    is_enabled: bool
    pending_job_count: int = Field(
        description="Jobs on this SIM, and queued jobs that name it; 1,000 also stands for more.", examples=[0]
    )
    limited_until: str | None = time_field("The SIM is at its hourly limit until then: only urgent jobs may use it.")
    rests_until: str | None = time_field("The SIM's last messages failed or were declined; it is tried again then.")
    health: SimHealth | None = maybe(description="Absent until a message tells of it.")


class DeviceView(ApiModel):
    """A phone of the account."""

    device_id: str = Field(examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    name: str = Field(examples=["Pixel 6 — Nairobi"])
    status: str = Field(examples=["Online"], json_schema_extra={"enum": ["Online", "Offline"]})
    is_enabled: bool
    battery_level: int | None = Field(description="Percent; null until the phone said so.", examples=[87])
    network_type: str | None = Field(examples=["LTE"])
    signal_strength: int | None = Field(description="0 to 4.", examples=[4])
    pending_job_count: int = Field(
        description="Jobs on the phone, and queued jobs that name it; 1,000 also stands for more.", examples=[0]
    )
    last_heartbeat_at: str | None = Field(examples=["2026-06-23T10:00:05Z"], json_schema_extra={"format": "date-time"})
    sims: list[SimView]


class DeviceList(ApiModel):
    """All phones of the account."""

    devices: list[DeviceView]

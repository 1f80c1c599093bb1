"""Answers of the client API."""

from __future__ import annotations

from pydantic import Field

from smskit.models.api_base import ApiModel, maybe, time_field


class SendAccepted(ApiModel):
    """The job is queued."""

    job_id: str = Field(examples=["job_7H2K9M4P1Q6R3T8V5W0X"])
    status: str = Field(examples=["Pending"], json_schema_extra={"const": "Pending"})


class JobErrorView(ApiModel):
    """Why a job ended badly."""

    code: str = Field(examples=["expired"])
    message: str = Field(examples=["The job's validity ended before a phone could send it"])
    may_have_been_sent: bool | None = maybe(
        description="true: nobody knows whether the message went out, and sending it again may send it twice.",
        examples=[True],
    )


class TimelineEntryView(ApiModel):
    """One thing that happened to the job."""

    event: str = Field(examples=["assigned"])
    at: str = Field(examples=["2026-06-23T10:00:01Z"], json_schema_extra={"format": "date-time"})
    device_id: str | None = maybe(examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    sim_slot: int | None = maybe(examples=[0])
    detail: str | None = maybe(examples=["no_service"])


class JobStatusView(ApiModel):
    """A job. Fields that don't apply yet are absent."""

    job_id: str = Field(examples=["job_7H2K9M4P1Q6R3T8V5W0X"])
    status: str = Field(
        examples=["Delivered"],
        json_schema_extra={"enum": ["Pending", "Assigned", "Sent", "Delivered", "Failed", "DeadLetter", "Cancelled"]},
    )
    recipient: str = Field(examples=["+254712345678"])
    device_id: str | None = maybe(description="The phone that has the job.", examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    sim_slot: int | None = maybe(description="The SIM that has it.", examples=[0])
    attempts: int = Field(
        description="How often a phone has taken the job, but for trials of a SIM that fails all it is given.",
        examples=[1],
    )
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    sent_at: str | None = time_field("Every part was handed over to the network.")
    delivered_at: str | None = time_field("Every part was confirmed by the recipient's phone.")
    failed_at: str | None = time_field("The job ended as Failed or DeadLetter.")
    error: JobErrorView | None = maybe()
    segments: int = Field(description="SMS segments that the message takes.", examples=[1])
    priority: int = Field(examples=[9])
    client_reference: str | None = maybe(examples=["order-1042"])
    timeline: list[TimelineEntryView] = Field(description="What happened when, on which phone and SIM.")


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


class Health(ApiModel):
    """The function answers."""

    status: str = Field(examples=["ok"], json_schema_extra={"const": "ok"})

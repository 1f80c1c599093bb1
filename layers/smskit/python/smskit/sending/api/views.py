"""A message, as both APIs show it."""

from __future__ import annotations

from pydantic import Field

from smskit.models.job import JobStatus
from smskit.models.routing import Choice
from smskit.platform.http.api_models import ApiModel, maybe, time_field
from smskit.platform.http.page_views import PageView
from smskit.sending.logic.waits import Reason


class SendAccepted(ApiModel):
    """The job is queued, or kept until it is due."""

    job_id: str = Field(examples=["job_7H2K9M4P1Q6R3T8V5W0X"])
    status: str = Field(examples=["Pending"], json_schema_extra={"enum": ["Pending", "Scheduled"]})
    send_at: str | None = time_field("A Scheduled job is due.")
    quiet_hours: bool | None = maybe(
        description="true: it would go out in the account's quiet hours, and is sent at their end.", examples=[True]
    )


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
    choice: Choice | None = maybe(
        description="Of `assigned`, why it was this SIM: `named` by the sender; `known`, which the recipient had "
        "written to last; `rule`, one that a routing rule names; `fallback`, another in place of those; `free`, any.",
        examples=["rule"],
    )
    rule: str | None = maybe(description="The routing rule, of `rule` and `fallback`.", examples=["Safaricom"])


class JobStatusView(ApiModel):
    """A job. Fields that don't apply yet are absent."""

    job_id: str = Field(examples=["job_7H2K9M4P1Q6R3T8V5W0X"])
    status: str = Field(
        examples=["Delivered"],
        json_schema_extra={"enum": [status.value for status in JobStatus]},
    )
    recipient: str = Field(examples=["+254712345678"])
    device_id: str | None = maybe(description="The phone that has the job.", examples=["dvc_3K7J2H5F8M1N4Q9R6V0W"])
    sim_slot: int | None = maybe(description="The SIM that has it.", examples=[0])
    attempts: int = Field(
        description="How often a phone has taken the job, but for trials of a SIM that fails all it is given.",
        examples=[1],
    )
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    send_at: str | None = time_field("It is due, or was: a job that was to be sent later.")
    sent_at: str | None = time_field("Every part was handed over to the network.")
    delivered_at: str | None = time_field("Every part was confirmed by the recipient's phone.")
    failed_at: str | None = time_field("The job ended as Failed or DeadLetter.")
    error: JobErrorView | None = maybe()
    segments: int = Field(description="SMS segments that the message takes.", examples=[1])
    priority: int = Field(examples=[9])
    client_reference: str | None = maybe(examples=["order-1042"])
    batch_id: str | None = maybe(description="The bulk request that it is of.", examples=["bat_7H2K9M4P1Q6R3T8V5W0X"])
    timeline: list[TimelineEntryView] = Field(description="What happened when, on which phone and SIM.")


class WaitView(ApiModel):
    """A SIM that may take the job, or a phone of which no SIM is known yet, and what keeps it from that."""

    device_id: str = Field(examples=["dvc_5J8M1P6R3T9V4X2Z7B0D"])
    sim_slot: int | None = maybe(examples=[0])
    reason: Reason
    until: str | None = time_field("What keeps it is over, where the clock says so.")


class ExplanationView(ApiModel):
    """What is with a job, in words, and for programs what a Pending one waits for."""

    job_id: str = Field(examples=["job_7H2K9M4P1Q6R3T8V5W0X"])
    status: JobStatus
    explanation: str = Field(
        description="English, to be read out to who asks; times are of the clock in the account's time zone.",
        examples=["Waiting: 2 of 3 SIMs are at their hourly limit until 14:00; SIM 1 of Front desk is Offline. "
                  "It is given up at 15:12 unless it was sent by then."],
    )  # fmt: skip
    waits_for: list[WaitView] = Field(description="Of a Pending job each SIM that may take it, of at most 200 phones.")


class JobPage(PageView):
    """A page of jobs, newest first. A filtered page may be short or empty, and still have a next one."""

    items: list[JobStatusView] = Field(alias="jobs")
    looked_back_to: str | None = time_field(
        "When the last job was accepted that was looked at for this page, whether it is in it or not; absent on the "
        "last page, which has looked at all."
    )

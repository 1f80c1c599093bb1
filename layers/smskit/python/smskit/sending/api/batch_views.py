"""Batches, as both APIs show them."""

from __future__ import annotations

from pydantic import Field

from smskit.platform.http.api_models import ApiModel, maybe, time_field
from smskit.platform.http.page_views import PageView

_ROW = "Its place in `recipients`, from 0."


class AcceptedRow(ApiModel):
    """A row that became a message."""

    row: int = Field(description=_ROW, examples=[0])
    job_id: str = Field(examples=["job_7H2K9M4P1Q6R3T8V5W0X"])


class RowFault(ApiModel):
    """A field and the rule that it breaks."""

    pointer: str = Field(examples=["#/recipients/3/variables/name"])
    detail: str = Field(examples=["recipients.3.variables.name is required: the message has it"])


class RowProblem(ApiModel):
    """What a send of the row would have been answered (RFC 9457)."""

    type: str = Field(examples=["https://smskit.dev/problems/invalid-request"])
    title: str = Field(examples=["The request is not valid"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["recipients.3.variables.name is required: the message has it"])
    errors: list[RowFault]


class RefusedRow(ApiModel):
    """A row that became no message."""

    row: int = Field(description=_ROW, examples=[3])
    problem: RowProblem


class MergedRow(ApiModel):
    """A row to a number that an earlier row is sent to."""

    row: int = Field(description=_ROW, examples=[7])
    into: int = Field(description="The row that is sent.", examples=[2])


class BulkAccepted(ApiModel):
    """The rows that are accepted go out as other messages do; `refused` and `merged` ones became none."""

    batch_id: str = Field(examples=["bat_7H2K9M4P1Q6R3T8V5W0X"])
    status: str = Field(examples=["Pending"], json_schema_extra={"enum": ["Pending", "Scheduled"]})
    send_at: str | None = time_field("Scheduled jobs are due.")
    quiet_hours: bool | None = maybe(
        description="true: they would go out in the account's quiet hours, and are sent at their end.", examples=[True]
    )
    accepted: list[AcceptedRow]
    refused: list[RefusedRow]
    merged: list[MergedRow]


class BatchView(ApiModel):
    """A batch: the messages of one bulk request."""

    batch_id: str = Field(examples=["bat_7H2K9M4P1Q6R3T8V5W0X"])
    created_at: str = Field(examples=["2026-06-23T10:00:00Z"], json_schema_extra={"format": "date-time"})
    send_at: str | None = time_field("Its jobs are due, or were: they were to be sent later.")
    cancelled_at: str | None = time_field("Its jobs were withdrawn, as far as no phone had taken them.")
    client_id: str = Field(
        description="Who sent it: an API client, or `operator:<personId>`.", examples=["cli_06F2M8QZ4N1R7T3V5W0X"]
    )
    priority: int = Field(examples=[0])
    accepted: int = Field(description="Rows that became messages.", examples=[998])
    refused: int = Field(description="Rows that were refused.", examples=[1])
    merged: int = Field(description="Rows to a number that an earlier row is sent to.", examples=[1])
    segments: int = Field(description="SMS segments that all its messages take.", examples=[1020])


class BatchCounts(ApiModel):
    """How many of the accepted messages are in each state; together they are all."""

    scheduled: int = Field(examples=[0])
    pending: int = Field(examples=[12])
    assigned: int = Field(examples=[3])
    sent: int = Field(examples=[40])
    delivered: int = Field(examples=[940])
    failed: int = Field(examples=[2])
    dead_letter: int = Field(examples=[1])
    cancelled: int = Field(examples=[0])


class BatchDetail(BatchView):
    """A batch, and how far it has come."""

    counts: BatchCounts


class BatchPage(PageView):
    """A page of batches, newest first."""

    items: list[BatchView] = Field(alias="batches")

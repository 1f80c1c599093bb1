"""What lists of messages are asked for by, in both APIs."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import AfterValidator

from smskit.models.job import JobStatus
from smskit.platform.http import patterns
from smskit.platform.http.query_values import moment_ms, moment_text
from smskit.sending.api.requests import job_status_names
from smskit.sending.logic.filters import Filter

_STATES = "|".join(JobStatus)
_MOMENT = patterns.shown(patterns.MOMENT, "date-time")

Limit = Annotated[int, Query(ge=1, le=100, description="Messages a page.", examples=[50])]
BatchLimit = Annotated[int, Query(ge=1, le=100, description="Batches a page.", examples=[50])]
Status = Annotated[
    str | None,
    AfterValidator(job_status_names),
    Query(
        max_length=80,
        description="Only messages that are in one of these states now; commas stand between them.",
        examples=["Failed,DeadLetter"],
        json_schema_extra={"pattern": f"^(?:{_STATES})(?:,(?:{_STATES}))*$"},
    ),
]
DeviceId = Annotated[
    str | None,
    Query(alias="deviceId", min_length=1, max_length=64, description="Only those of this phone, or that wait for it."),
]
Number = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=40,
        description="Only those to this number.",
        examples=["+254712345678"],
        json_schema_extra=patterns.shown(patterns.NUMBER, "phone-number"),
    ),
]
Reference = Annotated[
    str | None,
    Query(
        alias="clientReference",
        min_length=1,
        max_length=64,
        description="Only those that were sent with this reference, to the letter.",
        examples=["order-1042"],
    ),
]
BatchId = Annotated[
    str | None,
    Query(
        alias="batchId",
        min_length=1,
        max_length=64,
        description="Only those of this bulk request, in the order of its rows.",
        examples=["bat_7H2K9M4P1Q6R3T8V5W0X"],
    ),
]
Since = Annotated[
    str | None,
    AfterValidator(moment_text),
    Query(
        max_length=40,
        description="Accepted at this time or later.",
        examples=["2026-06-23T10:00:00Z"],
        json_schema_extra=_MOMENT,
    ),
]
Until = Annotated[
    str | None,
    AfterValidator(moment_text),
    Query(
        max_length=40,
        description="Accepted at this time or earlier.",
        examples=["2026-06-24T10:00:00Z"],
        json_schema_extra=_MOMENT,
    ),
]


def filter_of(
    status: str | None,
    device_id: str | None = None,
    number: str | None = None,
    reference: str | None = None,
    since: str | None = None,
    until: str | None = None,
    batch_id: str | None = None,
) -> Filter:
    """Which messages are asked for; `number` is in its E.164 form."""
    return Filter(
        statuses=frozenset(map(JobStatus, status.split(","))) if status else None,
        device_id=device_id,
        number=number,
        reference=reference,
        since=moment_ms(since) if since else None,
        until=moment_ms(until) if until else None,
        batch_id=batch_id,
    )

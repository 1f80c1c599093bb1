"""The console API's routes about messages."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import AfterValidator

from smskit.accounts.api import callers, sign_in
from smskit.models.job import JobStatus
from smskit.platform.http import patterns, serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.http.query_values import moment_ms, moment_text, plus_kept
from smskit.platform.times import now_ms
from smskit.sending.api import csv_export
from smskit.sending.api.author_names import author_names
from smskit.sending.api.console_rendering import message_detail, message_page
from smskit.sending.api.console_views import MessageDetail, MessagePage
from smskit.sending.api.requests import job_status_names
from smskit.sending.logic import job_list, job_status, phone_numbers
from smskit.sending.logic.job_list import Filter

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Messages"]
_STATES = "|".join(JobStatus)
_MOMENT = patterns.shown(patterns.MOMENT, "date-time")

_Limit = Annotated[int, Query(ge=1, le=100, description="Messages a page.", examples=[50])]
_Status = Annotated[
    str | None,
    AfterValidator(job_status_names),
    Query(
        max_length=80,
        description="Only messages that are in one of these states now; commas stand between them.",
        examples=["Failed,DeadLetter"],
        json_schema_extra={"pattern": f"^(?:{_STATES})(?:,(?:{_STATES}))*$"},
    ),
]
_DeviceId = Annotated[
    str | None,
    Query(alias="deviceId", min_length=1, max_length=64, description="Only those of this phone, or that wait for it."),
]
_Number = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=40,
        description="Only those to this number.",
        examples=["+254712345678"],
        json_schema_extra=patterns.shown(patterns.NUMBER, "phone-number"),
    ),
]
_Since = Annotated[
    str | None,
    AfterValidator(moment_text),
    Query(
        max_length=40,
        description="Accepted at this time or later.",
        examples=["2026-06-23T10:00:00Z"],
        json_schema_extra=_MOMENT,
    ),
]
_Until = Annotated[
    str | None,
    AfterValidator(moment_text),
    Query(
        max_length=40,
        description="Accepted at this time or earlier.",
        examples=["2026-06-24T10:00:00Z"],
        json_schema_extra=_MOMENT,
    ),
]


@router.get(
    "/console/messages",
    summary="Messages",
    description="List the account's messages, newest first. A filter by status or phone looks at 300 messages a "
    "request: a page may then be short, or empty, and still have a next one; `lookedBackTo` says how far it has come. "
    "A message that was just accepted may be missing for a moment.",
    response_description="A page of messages.",
    operation_id="listMessages",
    tags=_TAGS,
)
def list_messages(
    status: _Status = None,
    device_id: _DeviceId = None,
    number: _Number = None,
    since: _Since = None,
    until: _Until = None,
    limit: _Limit = 50,
    cursor: Cursor = None,
) -> Response[MessagePage]:
    """List messages."""
    wanted = _filter(status, device_id, number, since, until)
    page = job_list.list_page(sign_in.person().account_id, wanted, limit, cursor, now_ms())
    return serving.answer(message_page(page, author_names(callers.current(), page.items)))


@router.get(
    "/console/messages/export.csv",
    summary="Messages as CSV",
    description='The same list as CSV, 250 messages a request. The header `Link` with `rel="next"` leads on; only the '
    "first piece has a row of names, so that the pieces together are one file.",
    response_description="A piece of the file.",
    operation_id="exportMessages",
    tags=_TAGS,
)
def export_messages(
    status: _Status = None,
    device_id: _DeviceId = None,
    number: _Number = None,
    since: _Since = None,
    until: _Until = None,
    cursor: Cursor = None,
) -> Response[str]:
    """Write messages as CSV."""
    wanted = _filter(status, device_id, number, since, until)
    page = job_list.list_page(sign_in.person().account_id, wanted, csv_export.ROWS, cursor, now_ms())
    headers = {"Content-Disposition": 'attachment; filename="messages.csv"'}
    if page.cursor is not None:
        asked = {"status": status, "deviceId": device_id, "number": number, "since": since, "until": until}
        query = urlencode({name: value for name, value in asked.items() if value} | {"cursor": page.cursor})
        headers["Link"] = f'</console/messages/export.csv?{query}>; rel="next"'
    text = csv_export.text(page.items, author_names(callers.current(), page.items), header=cursor is None)
    return Response(200, "text/csv; charset=utf-8", text, headers)


@router.get(
    "/console/messages/<job_id>",
    summary="Message",
    description="Show a message with its timeline, and each phone that took it.",
    response_description="The message.",
    operation_id="getMessage",
    tags=_TAGS,
)
def get_message(job_id: str) -> Response[MessageDetail]:
    """Show a message."""
    job = job_status.read(sign_in.person().account_id, job_id, now_ms())
    return serving.answer(message_detail(job, author_names(callers.current(), [job])))


def _filter(
    status: str | None, device_id: str | None, number: str | None, since: str | None, until: str | None
) -> Filter:
    return Filter(
        statuses=frozenset(map(JobStatus, status.split(","))) if status else None,
        device_id=device_id,
        number=phone_numbers.number_of(plus_kept(number)) if number is not None else None,
        since=moment_ms(since) if since else None,
        until=moment_ms(until) if until else None,
    )

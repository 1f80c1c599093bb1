"""The console API's routes about messages."""

from __future__ import annotations

from urllib.parse import urlencode

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers, sign_in
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.http.query_values import plus_kept
from smskit.platform.times import now_ms
from smskit.sending.api import csv_export
from smskit.sending.api.author_names import author_names
from smskit.sending.api.console_rendering import message_detail, message_page
from smskit.sending.api.console_views import MessageDetail, MessagePage
from smskit.sending.api.list_parameters import (
    BatchId,
    DeviceId,
    Limit,
    Number,
    Reference,
    Since,
    Status,
    Until,
    filter_of,
)
from smskit.sending.api.rendering import explanation_view
from smskit.sending.api.views import ExplanationView
from smskit.sending.logic import explain, job_list, job_status, own_country, phone_numbers

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Messages"]


@router.get(
    "/console/messages",
    summary="Messages",
    description="List the account's messages, newest first; of a batch, in the order of its rows. A filter by status "
    "or phone looks at 300 messages a request: a page may then be short, or empty, and still have a next one; "
    "`lookedBackTo` says how far it has come. A message that was just accepted may be missing for a moment.",
    response_description="A page of messages.",
    operation_id="listMessages",
    tags=_TAGS,
)
def list_messages(
    status: Status = None,
    device_id: DeviceId = None,
    number: Number = None,
    client_reference: Reference = None,
    batch_id: BatchId = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response[MessagePage]:
    """List messages."""
    to = _e164(sign_in.person().account_id, number)
    wanted = filter_of(status, device_id, to, client_reference, since, until, batch_id)
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
    status: Status = None,
    device_id: DeviceId = None,
    number: Number = None,
    client_reference: Reference = None,
    batch_id: BatchId = None,
    since: Since = None,
    until: Until = None,
    cursor: Cursor = None,
) -> Response[str]:
    """Write messages as CSV."""
    to = _e164(sign_in.person().account_id, number)
    wanted = filter_of(status, device_id, to, client_reference, since, until, batch_id)
    page = job_list.list_page(sign_in.person().account_id, wanted, csv_export.ROWS, cursor, now_ms())
    headers = {"Content-Disposition": 'attachment; filename="messages.csv"'}
    if page.cursor is not None:
        asked = {
            "status": status, "deviceId": device_id, "number": number, "clientReference": client_reference,
            "batchId": batch_id, "since": since, "until": until,
        }  # fmt: skip
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


@router.get(
    "/console/messages/<job_id>/explain",
    summary="Why a message waits, or where it went",
    description="What is with the message, in words that can be read out, and for programs what each SIM waits for.",
    response_description="The explanation.",
    operation_id="explainMessage",
    tags=_TAGS,
)
def explain_message(job_id: str) -> Response[ExplanationView]:
    """Explain a message."""
    return serving.answer(explanation_view(explain.read(sign_in.person().account_id, job_id, now_ms())))


def _e164(account_id: str, number: str | None) -> str | None:
    """Raises InvalidNumberError."""
    if number is None:
        return None
    written = plus_kept(number)
    return phone_numbers.number_of(written, own_country.of(account_id, written, now_ms()))

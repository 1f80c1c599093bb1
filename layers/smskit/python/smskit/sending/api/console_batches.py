"""The console API's routes about many messages at once."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers, sign_in
from smskit.accounts.logic import audit_log
from smskit.models.audit import Action
from smskit.platform import logs
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.times import now_ms
from smskit.sending.api.author_names import author_names
from smskit.sending.api.batch_rendering import batch_detail, batch_page, bulk_order_of, bulk_view
from smskit.sending.api.batch_views import BatchDetail, BatchPage, BulkAccepted
from smskit.sending.api.bulk_requests import BulkRequest
from smskit.sending.api.console_rendering import message_page
from smskit.sending.api.console_views import MessagePage
from smskit.sending.api.list_parameters import BatchLimit, Limit, Status, filter_of
from smskit.sending.logic import batch_messages, batches, bulk

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Batches"]


@router.post(
    "/console/batches",
    status_code=202,
    summary="Send to many",
    description="Queue one message, with variables, for up to 1,000 recipients, by the same rules as `POST "
    "/api/sms/send/bulk`. The messages name who wrote them, as `operator:<personId>` in `clientId`. A person's "
    "idempotency keys are their own.",
    response_description="The batch, and what became of each row.",
    operation_id="sendToMany",
    tags=_TAGS,
)
def send_to_many(request: BulkRequest) -> Response[BulkAccepted]:
    """Queue many SMS."""
    person = sign_in.person()
    answer = bulk.accept_all(bulk_order_of(callers.current(), request), now_ms())
    # The batch is accepted: an error now would make it be sent twice. It says itself whose it is.
    with logs.errors_logged():
        audit_log.note(person, Action.BATCH_QUEUED, answer.batch.batch_id, now_ms())
    return serving.answer(bulk_view(answer), 202, {"Location": f"/console/batches/{answer.batch.batch_id}"})


@router.get(
    "/console/batches",
    summary="Batches",
    description="List the account's bulk requests, newest first. One that was just accepted may be missing for a "
    "moment.",
    response_description="A page of batches.",
    operation_id="listBatches",
    tags=_TAGS,
)
def list_batches(limit: BatchLimit = 50, cursor: Cursor = None) -> Response[BatchPage]:
    """List batches."""
    return serving.answer(batch_page(batches.list_page(sign_in.person().account_id, limit, cursor, now_ms())))


@router.get(
    "/console/batches/<batch_id>",
    summary="Batch",
    description="Show a batch, and how many of its messages are in each state. A change of a message is counted within "
    "about a minute; the message itself shows it at once.",
    response_description="The batch.",
    operation_id="getBatch",
    tags=_TAGS,
)
def get_batch(batch_id: str) -> Response[BatchDetail]:
    """Show a batch."""
    return serving.answer(batch_detail(batches.read(sign_in.person().account_id, batch_id, now_ms())))


@router.get(
    "/console/batches/<batch_id>/messages",
    summary="Messages of a batch",
    description="List the batch's messages in the order of its rows. A filter by status looks at 300 messages a "
    "request: a page may then be short, or empty, and still have a next one.",
    response_description="A page of messages.",
    operation_id="listBatchMessages",
    tags=_TAGS,
)
def list_batch_messages(
    batch_id: str, status: Status = None, limit: Limit = 50, cursor: Cursor = None
) -> Response[MessagePage]:
    """List a batch's messages."""
    now = now_ms()
    batch = batches.read(sign_in.person().account_id, batch_id, now)
    page = batch_messages.list_page(batch, filter_of(status), limit, cursor, now)
    return serving.answer(message_page(page, author_names(callers.current(), page.items)))


@router.post(
    "/console/batches/<batch_id>/cancel",
    status_code=202,
    summary="Cancel a batch",
    description="Withdraw all of its messages that are Scheduled or Pending: no phone has taken them. It is done "
    "behind the answer, for most within seconds, and may be asked for again.",
    response_description="The batch, whose messages are being withdrawn.",
    operation_id="cancelBatch",
    tags=_TAGS,
)
def cancel_batch(batch_id: str) -> Response[BatchDetail]:
    """Withdraw a batch."""
    person = sign_in.person()
    return serving.answer(batch_detail(batches.cancel(person.account_id, batch_id, now_ms(), person)), 202)

"""The client API's routes about many messages at once."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.times import now_ms
from smskit.sending.api.batch_rendering import batch_detail, batch_page, bulk_order_of, bulk_view
from smskit.sending.api.batch_views import BatchDetail, BatchPage, BulkAccepted
from smskit.sending.api.bulk_requests import BulkRequest
from smskit.sending.api.list_parameters import BatchLimit, Limit, Status, filter_of
from smskit.sending.api.rendering import job_page
from smskit.sending.api.views import JobPage
from smskit.sending.logic import batch_messages, batches, bulk

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Batches"]


@router.post(
    "/api/sms/send/bulk",
    status_code=202,
    summary="Send SMS to many",
    description="Queue one message, with variables, for up to 1,000 recipients: each by the rules of `POST "
    "/api/sms/send`, and all for one unit of the rate limit. A row that those rules refuse is refused alone; what is "
    "wrong with the request as a whole, or with all of its rows, refuses it whole. The body may have 4.75 MB "
    "(4,980,736 bytes); a larger one is refused whole, with 413. The messages are made behind the answer, most within "
    "seconds: until then their status is 404.",
    response_description="The batch, and what became of each row.",
    operation_id="sendBulk",
    tags=_TAGS,
)
def send_bulk(request: BulkRequest) -> Response[BulkAccepted]:
    """Queue many SMS."""
    answer = bulk.accept_all(bulk_order_of(callers.current(), request), now_ms())
    return serving.answer(bulk_view(answer), 202, {"Location": f"/api/sms/batches/{answer.batch.batch_id}"})


@router.get(
    "/api/sms/batches",
    summary="List batches",
    description="The account's bulk requests, newest first. One that was just accepted may be missing for a moment.",
    response_description="A page of batches.",
    operation_id="listSmsBatches",
    tags=_TAGS,
)
def list_batches(limit: BatchLimit = 50, cursor: Cursor = None) -> Response[BatchPage]:
    """List batches."""
    return serving.answer(batch_page(batches.list_page(callers.current().account_id, limit, cursor, now_ms())))


@router.get(
    "/api/sms/batches/<batch_id>",
    summary="Batch",
    description="Show a batch, and how many of its messages are in each state. A change of a message is counted within "
    "about a minute; its own status shows it at once.",
    response_description="The batch.",
    operation_id="getSmsBatch",
    tags=_TAGS,
)
def get_batch(batch_id: str) -> Response[BatchDetail]:
    """Show a batch."""
    return serving.answer(batch_detail(batches.read(callers.current().account_id, batch_id, now_ms())))


@router.get(
    "/api/sms/batches/<batch_id>/messages",
    summary="Messages of a batch",
    description="The batch's jobs in the order of its rows. A filter by status looks at 300 jobs a request: a page may "
    "then be short, or empty, and still have a next one. `GET /api/sms?batchId=` takes further filters.",
    response_description="A page of jobs.",
    operation_id="listSmsBatchJobs",
    tags=_TAGS,
)
def list_batch_messages(
    batch_id: str, status: Status = None, limit: Limit = 50, cursor: Cursor = None
) -> Response[JobPage]:
    """List a batch's jobs."""
    now = now_ms()
    batch = batches.read(callers.current().account_id, batch_id, now)
    return serving.answer(job_page(batch_messages.list_page(batch, filter_of(status), limit, cursor, now)))


@router.post(
    "/api/sms/batches/<batch_id>/cancel",
    status_code=202,
    summary="Cancel a batch",
    description="Withdraw all of its jobs that are Scheduled or Pending: no phone has taken them. It is done behind "
    "the answer, for most within seconds, and may be asked for again.",
    response_description="The batch, whose jobs are being withdrawn.",
    operation_id="cancelSmsBatch",
    tags=_TAGS,
)
def cancel_batch(batch_id: str) -> Response[BatchDetail]:
    """Withdraw a batch."""
    return serving.answer(batch_detail(batches.cancel(callers.current().account_id, batch_id, now_ms())), 202)

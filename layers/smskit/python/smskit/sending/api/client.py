"""The client API's routes about messages: send, look, list, cancel."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.http.query_values import plus_kept
from smskit.platform.times import now_ms
from smskit.sending.api.list_parameters import BatchId, Limit, Number, Reference, Since, Status, Until, filter_of
from smskit.sending.api.rendering import accepted_view, explanation_view, job_page, job_view, moment_of, order_of
from smskit.sending.api.requests import MoveRequest, SendRequest
from smskit.sending.api.views import ExplanationView, JobPage, JobStatusView, SendAccepted
from smskit.sending.logic import accept, cancel, explain, job_list, job_status, own_country, phone_numbers, reschedule

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.post(
    "/api/sms/send",
    status_code=202,
    summary="Send SMS",
    description="Queue an SMS for delivery. Returns immediately with a job id; delivery happens asynchronously on "
    "your phone. With `sendAt` it is kept until then.",
    response_description="The job is queued, or kept until it is due.",
    operation_id="sendSms",
    tags=["SMS"],
)
def send_sms(order: SendRequest) -> Response[SendAccepted]:
    """Queue an SMS."""
    accepted = accept.accept(order_of(callers.current(), order), now_ms())
    return serving.answer(accepted_view(accepted), 202, {"Location": f"/api/sms/{accepted.job_id}/status"})


@router.get(
    "/api/sms",
    summary="List jobs",
    description="The account's jobs, newest first; of a batch, in the order of its rows. A filter by status looks at "
    "300 jobs a request: a page may then be short, or empty, and still have a next one; `lookedBackTo` says how far it "
    "has come. A job that was just accepted may be missing for a moment.",
    response_description="A page of jobs.",
    operation_id="listSms",
    tags=["SMS"],
)
def list_sms(
    status: Status = None,
    recipient: Number = None,
    client_reference: Reference = None,
    batch_id: BatchId = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response[JobPage]:
    """List jobs."""
    number = _recipient(plus_kept(recipient)) if recipient is not None else None
    wanted = filter_of(status, None, number, client_reference, since, until, batch_id)
    return serving.answer(job_page(job_list.list_page(callers.current().account_id, wanted, limit, cursor, now_ms())))


def _recipient(written: str) -> str:
    return phone_numbers.normalise(written, own_country.of(callers.current().account_id, written, now_ms()))


@router.get(
    "/api/sms/<job_id>/status",
    summary="Job status",
    description="Poll a job through its lifecycle: Pending → Assigned → Sent → Delivered, or Failed / DeadLetter / "
    "Cancelled; one with `sendAt` is Scheduled before. Fields that don't apply yet are absent.",
    response_description="The job.",
    operation_id="getJobStatus",
    tags=["SMS"],
)
def get_job_status(job_id: str) -> Response[JobStatusView]:
    """Show a job."""
    return serving.answer(job_view(job_status.read(callers.current().account_id, job_id, now_ms())))


@router.get(
    "/api/sms/<job_id>/explain",
    summary="Why a job waits, or where it went",
    description="What is with the job, in words that support can read out, and for programs what each SIM waits for.",
    response_description="The explanation.",
    operation_id="explainJob",
    tags=["SMS"],
)
def explain_job(job_id: str) -> Response[ExplanationView]:
    """Explain a job."""
    return serving.answer(explanation_view(explain.read(callers.current().account_id, job_id, now_ms())))


@router.patch(
    "/api/sms/<job_id>",
    summary="Move a job",
    description="Send a job that is still Scheduled at another time. Its validity counts from there, as long as it "
    "was.",
    response_description="The job, as it is now.",
    operation_id="moveJob",
    tags=["SMS"],
)
def move_job(job_id: str, request: MoveRequest) -> Response[JobStatusView]:
    """Move a scheduled job."""
    moved = reschedule.reschedule(callers.current().account_id, job_id, moment_of(request), now_ms())
    return serving.answer(job_view(moved))


@router.post(
    "/api/sms/<job_id>/cancel",
    summary="Cancel a job",
    description="Withdraw a job that is still Scheduled or Pending: no phone has taken it.",
    response_description="The job, now Cancelled.",
    operation_id="cancelJob",
    tags=["SMS"],
)
def cancel_job(job_id: str) -> Response[JobStatusView]:
    """Withdraw a job."""
    return serving.answer(job_view(cancel.cancel(callers.current().account_id, job_id, now_ms())))

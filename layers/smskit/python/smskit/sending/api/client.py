"""The client API's routes about messages: send, look, cancel."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers
from smskit.platform.http import serving
from smskit.platform.times import now_ms
from smskit.sending.api.rendering import job_view, order_of
from smskit.sending.api.requests import SendRequest
from smskit.sending.api.views import JobStatusView, SendAccepted
from smskit.sending.logic import accept, cancel, job_status

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.post(
    "/api/sms/send",
    status_code=202,
    summary="Send SMS",
    description="Queue an SMS for delivery. Returns immediately with a job id; delivery happens asynchronously on "
    "your phone.",
    response_description="The job is queued.",
    operation_id="sendSms",
    tags=["SMS"],
)
def send_sms(order: SendRequest) -> Response[SendAccepted]:
    """Queue an SMS."""
    job_id = accept.accept(order_of(callers.current(), order), now_ms())
    accepted = SendAccepted(job_id=job_id, status="Pending")
    return serving.answer(accepted, 202, {"Location": f"/api/sms/{job_id}/status"})


@router.get(
    "/api/sms/<job_id>/status",
    summary="Job status",
    description="Poll a job through its lifecycle: Pending → Assigned → Sent → Delivered, or Failed / DeadLetter / "
    "Cancelled. Fields that don't apply yet are absent.",
    response_description="The job.",
    operation_id="getJobStatus",
    tags=["SMS"],
)
def get_job_status(job_id: str) -> Response[JobStatusView]:
    """Show a job."""
    return serving.answer(job_view(job_status.read(callers.current().account_id, job_id, now_ms())))


@router.post(
    "/api/sms/<job_id>/cancel",
    summary="Cancel a job",
    description="Withdraw a job that is still Pending: no phone has taken it.",
    response_description="The job, now Cancelled.",
    operation_id="cancelJob",
    tags=["SMS"],
)
def cancel_job(job_id: str) -> Response[JobStatusView]:
    """Withdraw a job."""
    return serving.answer(job_view(cancel.cancel(callers.current().account_id, job_id, now_ms())))

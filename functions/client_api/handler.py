"""The client API: send, receive, converse; devices, opt-outs and webhooks. For programs that hold an API key."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from smskit import aws
from smskit.edge import description, http, key_check
from smskit.edge.conversation_routes import router as conversation_router
from smskit.edge.device_rendering import device_view
from smskit.edge.message_rendering import job_view, order_of
from smskit.edge.opt_out_routes import router as opt_out_router
from smskit.edge.webhook_routes import router as webhook_router
from smskit.logic import accept, cancel, device_list, job_status
from smskit.models.api import SendRequest
from smskit.models.device_views import DeviceList
from smskit.models.job_views import JobStatusView, SendAccepted
from smskit.models.times import now_ms
from smskit.models.views import Health

aws.prepare("dynamodb", "sqs")

app = APIGatewayHttpResolver(enable_validation=True, response_validation_error_http_code=500)
http.install(app)
app.include_router(conversation_router)
app.include_router(opt_out_router)
app.include_router(webhook_router)

PUBLIC = ("/health", "/api/openapi.json")


@app.post(
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
    job_id = accept.accept(order_of(key_check.sender(), order), now_ms())
    accepted = SendAccepted(job_id=job_id, status="Pending")
    return http.answer(accepted, 202, {"Location": f"/api/sms/{job_id}/status"})


@app.get(
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
    return http.answer(job_view(job_status.read(key_check.sender().account_id, job_id, now_ms())))


@app.post(
    "/api/sms/<job_id>/cancel",
    summary="Cancel a job",
    description="Withdraw a job that is still Pending: no phone has taken it.",
    response_description="The job, now Cancelled.",
    operation_id="cancelJob",
    tags=["SMS"],
)
def cancel_job(job_id: str) -> Response[JobStatusView]:
    """Withdraw a job."""
    return http.answer(job_view(cancel.cancel(key_check.sender().account_id, job_id, now_ms())))


@app.get(
    "/api/devices",
    summary="Devices",
    description="List your account's phones and their SIMs: useful for building a targeting selection.",
    response_description="All phones of the account.",
    operation_id="listDevices",
    tags=["Devices"],
)
def list_devices() -> Response[DeviceList]:
    """List the account's phones."""
    rows = device_list.read(key_check.sender().account_id, now_ms())
    return http.answer(DeviceList(devices=[device_view(row) for row in rows]))


@app.get("/api/openapi.json", include_in_schema=False, enable_validation=False)
def get_openapi() -> Response[Any]:
    """Show this API's description."""
    return description.answer(app.current_event.headers.get("if-none-match", ""))


@app.get(
    "/health",
    summary="Health",
    description="Whether the function answers. Needs no key.",
    response_description="It answers.",
    operation_id="getHealth",
    tags=["Service"],
)
def get_health() -> Response[Health]:
    """Say that the function answers."""
    return http.answer(Health(status="ok"))


def needs_key(path: str) -> bool:
    """Everything under /api, whether it exists or not, but the description of the API."""
    return path not in PUBLIC and (path == "/api" or path.startswith("/api/"))


def lambda_handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Entry point."""
    return http.serve(app, event, context, key_check.holders_of_keys(needs_key))

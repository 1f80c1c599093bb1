"""The console API's routes by which people send, and withdraw what was sent."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers, sign_in
from smskit.accounts.logic import audit_log
from smskit.models.audit import Action
from smskit.platform import logs
from smskit.platform.http import serving
from smskit.platform.times import now_ms
from smskit.sending.api.author_names import author_names
from smskit.sending.api.console_rendering import message_detail
from smskit.sending.api.console_views import MessageDetail
from smskit.sending.api.preview_rendering import draft_of, preview_view
from smskit.sending.api.preview_views import Preview, PreviewRequest
from smskit.sending.api.rendering import accepted_view, moment_of, order_of
from smskit.sending.api.requests import MoveRequest, SendRequest
from smskit.sending.api.views import SendAccepted
from smskit.sending.logic import accept, cancel, reschedule

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Messages"]


@router.post(
    "/console/messages",
    status_code=202,
    summary="Send a message",
    description="Queue an SMS, by the same rules as `POST /api/sms/send`. The message names who wrote it, as "
    "`operator:<personId>` in `clientId`. A person's idempotency keys are their own: they meet neither those of API "
    "clients nor those of other people. No client's hourly limit counts; the SIMs' own limits do.",
    response_description="The job is queued, or kept until it is due.",
    operation_id="sendMessage",
    tags=_TAGS,
)
def send_message(order: SendRequest) -> Response[SendAccepted]:
    """Queue an SMS."""
    person = sign_in.person()
    accepted = accept.accept(order_of(callers.current(), order), now_ms())
    # The job is queued: an error now would make it be sent twice. It says itself whose it is.
    with logs.errors_logged():
        audit_log.note(person, Action.MESSAGE_QUEUED, accepted.job_id, now_ms())
    return serving.answer(accepted_view(accepted), 202, {"Location": f"/console/messages/{accepted.job_id}"})


@router.post(
    "/console/messages/preview",
    summary="Preview a message",
    description="Show what a message would be if it was sent now: the number as it is stored, how the text is cut, the "
    "characters that cost it the GSM alphabet, and how many SIMs could send it. Nothing is stored or reserved. What is "
    "unfinished is no error, so it can be asked while somebody writes.",
    response_description="What the message would be.",
    operation_id="previewMessage",
    tags=_TAGS,
)
def preview_message(request: PreviewRequest) -> Response[Preview]:
    """Show what a message would be."""
    return serving.answer(preview_view(draft_of(callers.current(), request), now_ms()))


@router.patch(
    "/console/messages/<job_id>",
    summary="Move a message",
    description="Send a message that is still Scheduled at another time. Its validity counts from there, as long as it "
    "was.",
    response_description="The message, as it is now.",
    operation_id="moveMessage",
    tags=_TAGS,
)
def move_message(job_id: str, request: MoveRequest) -> Response[MessageDetail]:
    """Move a scheduled message."""
    person = sign_in.person()
    job = reschedule.reschedule(person.account_id, job_id, moment_of(request), now_ms(), person)
    return serving.answer(message_detail(job, author_names(callers.current(), [job])))


@router.post(
    "/console/messages/<job_id>/cancel",
    summary="Cancel a message",
    description="Withdraw a message that is still Scheduled or Pending: no phone has taken it.",
    response_description="The message, now Cancelled.",
    operation_id="cancelMessage",
    tags=_TAGS,
)
def cancel_message(job_id: str) -> Response[MessageDetail]:
    """Withdraw a message."""
    person = sign_in.person()
    job = cancel.cancel(person.account_id, job_id, now_ms(), person)
    return serving.answer(message_detail(job, author_names(callers.current(), [job])))

"""Routes of Twilio's messaging API. They send, find and withdraw the same jobs as the client API's own."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers
from smskit.models import twilio
from smskit.models.job import Job
from smskit.models.twilio import SidKind
from smskit.phones.logic import numbers
from smskit.platform.http import serving
from smskit.platform.http.faults import Fault
from smskit.platform.http.problems import INVALID_REQUEST, ProblemError
from smskit.platform.http.query_values import plus_kept
from smskit.platform.times import now_ms
from smskit.sending.logic import accept, cancel, job_list, job_status, own_country, phone_numbers
from smskit.sending.logic.filters import Filter
from smskit.twilio.api import dialect
from smskit.twilio.api.list_parameters import (
    DateSent,
    DateSentAfter,
    DateSentBefore,
    PageNumber,
    PageSize,
    PageToken,
    To,
    stretch,
)
from smskit.twilio.api.ordering import accepted_job, order_of
from smskit.twilio.api.rendering import list_view, message_view
from smskit.twilio.api.requests import CreateMessage, UpdateMessage
from smskit.twilio.api.views import MessageListView, MessageView
from smskit.twilio.logic import messages

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Twilio"]
_LIST = "/2010-04-01/Accounts/<account_sid>/Messages.json"
_MESSAGE = "/2010-04-01/Accounts/<account_sid>/Messages/<message_sid>.json"


@router.post(
    _LIST,
    status_code=201,
    summary="Send SMS, as Twilio has it",
    description="Queue an SMS, or keep it until `SendAt`. Parameters that SMSKit doesn't know, or can't act on, are "
    "refused, and so is one that stands there twice.",
    response_description="The message.",
    operation_id="createTwilioMessage",
    tags=_TAGS,
)
def create_message(account_sid: str, request: CreateMessage) -> Response[MessageView]:
    """Queue an SMS."""
    now = now_ms()
    order = order_of(callers.current(), request, now)
    job = accepted_job(order, accept.accept(order, now), now)
    own = {"from_": request.from_, "messaging_service_sid": request.messaging_service_sid}
    return serving.answer(message_view(job, None).model_copy(update=own), 201)


@router.get(
    _LIST,
    summary="List messages, as Twilio has it",
    description="What the account sent, newest first; what came in is in conversations. A page looks at 300 jobs at "
    "most. A message that was just accepted may be missing for a moment.",
    response_description="A page of messages.",
    operation_id="listTwilioMessages",
    tags=_TAGS,
)
def list_messages(
    account_sid: str,
    to: To = None,
    date_sent: DateSent = None,
    date_sent_after: DateSentAfter = None,
    date_sent_before: DateSentBefore = None,
    page_size: PageSize = 50,
    page: PageNumber = 0,
    page_token: PageToken = None,
) -> Response[MessageListView]:
    """List messages."""
    dialect.refuse_repeated_parameters(router.current_event.raw_query_string)
    if page and page_token is None:
        fault = Fault("#/PageToken", "PageToken is required with Page: follow next_page_uri")
        raise ProblemError(INVALID_REQUEST, fault.detail, (fault,))
    since, until = stretch(date_sent, date_sent_after, date_sent_before)
    account_id = callers.current().account_id
    number = _number(account_id, plus_kept(to)) if to is not None else None
    wanted = Filter(number=number, since=since, until=until)
    found = job_list.list_page(account_id, wanted, page_size, page_token, now_ms())
    asked = {"PageSize": page_size, "To": number, "DateSent": date_sent}
    asked |= {"DateSent>": date_sent_after, "DateSent<": date_sent_before}
    known = numbers.of_lanes(job.lane for job in found.items)
    return serving.answer(list_view(account_sid, found, known, asked, page, page_token))


@router.get(
    _MESSAGE,
    summary="Show a message, as Twilio has it",
    description="A message that the account sent, as it is now.",
    response_description="The message.",
    operation_id="fetchTwilioMessage",
    tags=_TAGS,
)
def fetch_message(account_sid: str, message_sid: str) -> Response[MessageView]:
    """Show a message."""
    return _shown(job_status.read(callers.current().account_id, _job_id(message_sid), now_ms()))


@router.post(
    _MESSAGE,
    summary="Cancel or redact a message, as Twilio has it",
    description="`Status=canceled` withdraws a message that no phone has taken; an empty `Body` takes the text out of "
    "one that has ended.",
    response_description="The message, as it is now.",
    operation_id="updateTwilioMessage",
    tags=_TAGS,
)
def update_message(account_sid: str, message_sid: str, request: UpdateMessage) -> Response[MessageView]:
    """Cancel or redact."""
    account_id, job_id = callers.current().account_id, _job_id(message_sid)
    if (request.status is None) == (request.body is None):
        fault = Fault("#/Status", "Status must be canceled, or Body empty: one of the two")
        raise ProblemError(INVALID_REQUEST, fault.detail, (fault,))
    if request.status is not None:
        return _shown(cancel.cancel(account_id, job_id, now_ms()))
    return _shown(messages.redact(account_id, job_id, now_ms()))


@router.delete(
    _MESSAGE,
    status_code=204,
    summary="Delete a message, as Twilio has it",
    description="Erase a message that has ended: its number and its text.",
    response_description="It is erased.",
    operation_id="deleteTwilioMessage",
    tags=_TAGS,
)
def delete_message(account_sid: str, message_sid: str) -> Response[None]:
    """Erase a message."""
    messages.delete(callers.current().account_id, _job_id(message_sid), now_ms())
    return serving.nothing()


def _number(account_id: str, written: str) -> str:
    return phone_numbers.normalise(written, own_country.of(account_id, written, now_ms()))


def _job_id(sid: str) -> str:
    """Raises NotFoundError for a SID that no message that was sent can have."""
    job_id = twilio.id_of(SidKind.SENT, sid)
    if job_id is None:
        raise job_status.not_found()
    return job_id


def _shown(job: Job) -> Response[MessageView]:
    known = numbers.of_lanes([job.lane])
    return serving.answer(message_view(job, known.get(job.lane) if job.lane else None))

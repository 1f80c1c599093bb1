"""The console API's route that erases a number's messages."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from smskit.accounts.api import sign_in
from smskit.accounts.logic import audit_log
from smskit.erasure import logic as erasure
from smskit.models.audit import Action
from smskit.platform.http import patterns, serving
from smskit.platform.http.api_models import ApiModel, RequestModel
from smskit.platform.times import now_ms
from smskit.sending.logic import own_country, phone_numbers

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


class EraseNumber(RequestModel):
    """A number whose messages shall be erased."""

    number: str = Field(
        min_length=1,
        max_length=40,
        description="As a recipient is written; also one that gets no SMS.",
        examples=["+254712345678"],
        json_schema_extra=patterns.shown(patterns.CORRESPONDENT, "phone-number"),
    )


class ErasureQueued(ApiModel):
    """Messages so far to this number are being erased; what a phone holds follows once it has ended."""

    number: str = Field(examples=["+254712345678"])


@router.post(
    "/console/erasures",
    status_code=202,
    summary="Erase a number's messages",
    description="Erase the messages so far to one number, for good. Those that wait are withdrawn first; those that a "
    "phone holds are erased once they have ended. What the number has opted out of stays opted out.",
    response_description="The erasure is queued.",
    operation_id="eraseNumber",
    tags=["Account"],
)
def erase_number(request: EraseNumber) -> Response[ErasureQueued]:
    """Erase a number's messages."""
    person, now = sign_in.person(), now_ms()
    number = phone_numbers.correspondent(request.number, own_country.of(person.account_id, request.number, now))
    erasure.ask(person.account_id, number, now)
    audit_log.note(person, Action.NUMBER_ERASED, audit_log.ending(number), now)
    return serving.answer(ErasureQueued(number=number), 202)

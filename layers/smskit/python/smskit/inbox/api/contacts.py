"""The console API's routes about contacts: what people call a number, and what they note about it."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import AfterValidator, Field

from smskit.accounts.api import sign_in
from smskit.inbox.logic import contact_cards
from smskit.inbox.logic.contact_cards import Card
from smskit.platform.http import patterns, serving
from smskit.platform.http.api_models import ApiModel, RequestModel, maybe
from smskit.platform.times import now_ms

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Conversations"]
_NUMBER, _NAME, _NOTE = "+254712345678", "Amina Otieno", "Prefers to be called in the morning"


class ChangeContact(RequestModel):
    """What to keep of a number; what is absent stays, and an empty text takes away what was there."""

    number: str = Field(
        min_length=1,
        max_length=40,
        description="As a recipient is written; also one that gets no SMS.",
        examples=[_NUMBER],
        json_schema_extra=patterns.shown(patterns.CORRESPONDENT, "phone-number"),
    )
    name: Annotated[str, AfterValidator(str.strip)] | None = Field(
        default=None, max_length=64, description="What people call it.", examples=[_NAME]
    )
    note: Annotated[str, AfterValidator(str.strip)] | None = Field(
        default=None, max_length=500, description="What people should know of it.", examples=[_NOTE]
    )


class ContactView(ApiModel):
    """What an account knows of a number."""

    number: str = Field(examples=[_NUMBER])
    name: str | None = maybe(examples=[_NAME])
    note: str | None = maybe(examples=[_NOTE])
    opted_out: bool = Field(description="Whether the number has opted out of messages.", examples=[False])
    conversation_id: str | None = maybe(
        description="The conversation with it, once it has written.", examples=["cnv_4N8R2T6W0X3Z7B1D5F9H"]
    )


@router.get(
    "/console/contacts/<number>",
    summary="Contact",
    description="Show what is known of a number: its name, a note, whether it has opted out, and its conversation.",
    response_description="The contact.",
    operation_id="getContact",
    tags=_TAGS,
)
def get_contact(number: str) -> Response[ContactView]:
    """Show a contact."""
    return serving.answer(_view(contact_cards.read(sign_in.person().account_id, unquote(number))))


@router.post(
    "/console/contacts",
    summary="Name a contact",
    description="Keep a name or a note for a number, whether or not it has written. Both are erased with its messages.",
    response_description="The contact as it is now.",
    operation_id="changeContact",
    tags=_TAGS,
)
def change_contact(request: ChangeContact) -> Response[ContactView]:
    """Keep a name or a note."""
    card = contact_cards.change(sign_in.person(), request.number, now_ms(), name=request.name, note=request.note)
    return serving.answer(_view(card))


def _view(card: Card) -> ContactView:
    return ContactView(
        number=card.contact.number,
        name=card.contact.name,
        note=card.note,
        opted_out=card.contact.opted_out,
        conversation_id=card.contact.conversation_id,
    )

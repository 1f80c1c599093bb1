"""Routes about conversations, of both APIs: the inbox, replies, and what was read."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import BeforeValidator

from smskit.accounts.api import callers
from smskit.accounts.logic import audit_log
from smskit.inbox.api.rendering import conversation_view, list_view, reply_of, thread_view
from smskit.inbox.api.views import ConversationPage, ConversationView, MarkRead, ReplyRequest, ThreadPage
from smskit.inbox.logic import conversation_messages, conversations
from smskit.models.audit import Action
from smskit.platform import logs
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.http.query_values import moment_ms, plus_kept, truth
from smskit.platform.times import now_ms
from smskit.sending.api.rendering import accepted_view
from smskit.sending.api.views import SendAccepted

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Conversations"]
Limit = Annotated[int, Query(ge=1, le=100, description="How many a page holds.", examples=[50])]
_Unread = Annotated[
    bool,
    BeforeValidator(truth, json_schema_input_type=bool),
    Query(description="Whether to list only those that hold something unread.", examples=[True]),
]
_Number = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=100,
        description="Only the one with this number or sender, however a number is written.",
        examples=["+254712345678"],
    ),
]


@router.get(
    "/conversations",
    summary="Conversations",
    description="Everybody who has written to the account, the last active first. A conversation is active when "
    "something comes in and when it is replied to; other sends to the number are in it, but don't move it. Those that "
    "are unread alone stand in the order in which they became so, the last first.",
    response_description="A page of conversations.",
    operation_id="listConversations",
    tags=_TAGS,
)
def list_conversations(
    unread: _Unread = False, number: _Number = None, limit: Limit = 50, cursor: Cursor = None
) -> Response[ConversationPage]:
    """List conversations."""
    if number is not None:
        found = conversations.list_of(_account(), plus_kept(number), cursor, now_ms(), unread=unread)
    elif unread:
        found = conversations.list_unread(_account(), limit, cursor, now_ms())
    else:
        found = conversations.list_page(_account(), limit, cursor, now_ms())
    return serving.answer(list_view(found))


@router.get(
    "/conversations/<conversation_id>",
    summary="Conversation",
    description="Show whom a conversation is with, and how it ends.",
    response_description="The conversation.",
    operation_id="getConversation",
    tags=_TAGS,
)
def get_conversation(conversation_id: str) -> Response[ConversationView]:
    """Show a conversation."""
    return _shown(_account(), conversation_id)


@router.get(
    "/conversations/<conversation_id>/messages",
    summary="Messages of a conversation",
    description="What came in from the number and what was sent to it, newest first; also what was sent before it "
    "wrote for the first time.",
    response_description="A page of messages.",
    operation_id="listConversationMessages",
    tags=_TAGS,
)
def list_conversation_messages(conversation_id: str, limit: Limit = 50, cursor: Cursor = None) -> Response[ThreadPage]:
    """Show a conversation's messages."""
    page = conversation_messages.list_page(_account(), conversation_id, limit, cursor, now_ms())
    return serving.answer(thread_view(callers.current(), page))


@router.post(
    "/conversations/<conversation_id>/reply",
    status_code=202,
    summary="Reply",
    description="Queue an answer. It goes out by the SIM that the contact wrote to last; with `fallback` by another "
    "one when that can't send it.",
    response_description="The reply is queued as a job, or kept until it is due.",
    operation_id="replyInConversation",
    tags=_TAGS,
)
def reply(conversation_id: str, request: ReplyRequest) -> Response[SendAccepted]:
    """Queue a reply."""
    caller = callers.current()
    accepted = conversations.reply(conversation_id, reply_of(caller, request), now_ms())
    job_id = accepted.job_id
    # The reply is queued: an error now would make it be sent twice. The job says itself whose it is.
    with logs.errors_logged():
        conversations.note_reply(job_id)
    with logs.errors_logged():
        audit_log.note_by(caller.person, Action.REPLY_QUEUED, job_id, now_ms(), conversation=conversation_id)
    # Where a program follows its job; people see it in the conversation.
    headers = {} if caller.person else {"Location": f"{caller.prefix}/sms/{job_id}/status"}
    return serving.answer(accepted_view(accepted), 202, headers)


@router.post(
    "/conversations/<conversation_id>/read",
    summary="Mark as read",
    description="Say that what came in up to a time was read: `unreadCount` is 0 then. When something came in later, "
    "all stays unread: show that first.",
    response_description="The conversation as it is now.",
    operation_id="markConversationRead",
    tags=_TAGS,
)
def mark_read(conversation_id: str, request: MarkRead) -> Response[ConversationView]:
    """Note what was read."""
    caller = callers.current()
    if conversations.mark_read(caller.account_id, conversation_id, moment_ms(request.until)):
        audit_log.note_by(caller.person, Action.CONVERSATION_READ, conversation_id, now_ms(), until=request.until)
    return _shown(caller.account_id, conversation_id)


def _account() -> str:
    return callers.current().account_id


def _shown(account_id: str, conversation_id: str) -> Response[ConversationView]:
    return serving.answer(conversation_view(conversations.read(account_id, conversation_id, now_ms())))

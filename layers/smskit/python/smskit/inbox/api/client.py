"""The client API's routes about what came in: the feed, conversations and replies."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.clients.api import key_check
from smskit.inbox.api.rendering import conversation_view, feed_view, list_view, reply_of, thread_view
from smskit.inbox.api.views import ConversationPage, ConversationView, MarkRead, ReceivedPage, ReplyRequest, ThreadPage
from smskit.inbox.logic import conversation_messages, conversations, feed
from smskit.platform import cursors, logs
from smskit.platform.http import patterns, serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.http.query_values import moment_ms
from smskit.platform.times import now_ms
from smskit.sending.api.views import SendAccepted

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Conversations"]
_Limit = Annotated[int, Query(ge=1, le=100, description="How many a page holds.", examples=[50])]


@router.get(
    "/api/sms/received",
    summary="Received SMS",
    description="The feed of inbound SMS in the order of their arrival, oldest first. Keep the cursor and send it as "
    "`since` the next time: no message is missed and none comes twice, also while messages arrive. Without `since` it "
    "begins at the oldest message that is kept.",
    response_description="A page of the feed.",
    operation_id="listReceived",
    tags=["SMS"],
)
def list_received(
    since: Annotated[
        str | None,
        Query(
            max_length=cursors.MAX_LENGTH,
            description="The cursor of an earlier answer.",
            examples=["MS5hMWIyYzNkNC40Mg"],
            json_schema_extra=patterns.shown(patterns.CURSOR_OR_NONE),
        ),
    ] = None,
    limit: _Limit = 50,
) -> Response[ReceivedPage]:
    """Read the feed."""
    return serving.answer(feed_view(feed.list_page(_account(), since, limit, now_ms())))


@router.get(
    "/api/conversations",
    summary="Conversations",
    description="Everybody who has written to the account, the last active first. A conversation is active when "
    "something comes in and when it is replied to; other sends to the number are in it, but don't move it.",
    response_description="A page of conversations.",
    operation_id="listConversations",
    tags=_TAGS,
)
def list_conversations(limit: _Limit = 50, cursor: Cursor = None) -> Response[ConversationPage]:
    """List conversations."""
    return serving.answer(list_view(conversations.list_page(_account(), limit, cursor, now_ms())))


@router.get(
    "/api/conversations/<conversation_id>",
    summary="Conversation",
    description="Show whom a conversation is with, and how it ends.",
    response_description="The conversation.",
    operation_id="getConversation",
    tags=_TAGS,
)
def get_conversation(conversation_id: str) -> Response[ConversationView]:
    """Show a conversation."""
    return serving.answer(conversation_view(conversations.read(_account(), conversation_id, now_ms())))


@router.get(
    "/api/conversations/<conversation_id>/messages",
    summary="Messages of a conversation",
    description="What came in from the number and what was sent to it, newest first; also what was sent before it "
    "wrote for the first time.",
    response_description="A page of messages.",
    operation_id="listConversationMessages",
    tags=_TAGS,
)
def list_conversation_messages(conversation_id: str, limit: _Limit = 50, cursor: Cursor = None) -> Response[ThreadPage]:
    """Show a conversation's messages."""
    return serving.answer(
        thread_view(conversation_messages.list_page(_account(), conversation_id, limit, cursor, now_ms()))
    )


@router.post(
    "/api/conversations/<conversation_id>/reply",
    status_code=202,
    summary="Reply",
    description="Queue an answer. It goes out by the SIM that the contact wrote to last; with `fallback` by another "
    "one when that can't send it.",
    response_description="The reply is queued as a job.",
    operation_id="replyInConversation",
    tags=_TAGS,
)
def reply(conversation_id: str, request: ReplyRequest) -> Response[SendAccepted]:
    """Queue a reply."""
    sender = key_check.sender()
    wanted = reply_of(sender.account_id, sender.client_id, request)
    job_id = conversations.reply(conversation_id, wanted, now_ms())
    try:
        conversations.note_reply(job_id)
    except Exception as error:  # the reply is queued: an error now would make the client send it twice
        logs.failure(error)
    accepted = SendAccepted(job_id=job_id, status="Pending")
    return serving.answer(accepted, 202, {"Location": f"/api/sms/{job_id}/status"})


@router.post(
    "/api/conversations/<conversation_id>/read",
    summary="Mark as read",
    description="Say that what came in up to a time was read: `unreadCount` is 0 then. When something came in later, "
    "all stays unread: show that first.",
    response_description="The conversation as it is now.",
    operation_id="markConversationRead",
    tags=_TAGS,
)
def mark_read(conversation_id: str, request: MarkRead) -> Response[ConversationView]:
    """Note what was read."""
    account_id = _account()
    conversations.mark_read(account_id, conversation_id, moment_ms(request.until))
    return serving.answer(conversation_view(conversations.read(account_id, conversation_id, now_ms())))


def _account() -> str:
    return key_check.sender().account_id

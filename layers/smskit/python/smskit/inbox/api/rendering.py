"""Inbound messages and conversations, as the APIs show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from smskit.accounts.api.callers import Caller
from smskit.inbox.api.views import (
    ConversationMessageView,
    ConversationPage,
    ConversationView,
    LastMessageView,
    OwnerView,
    ReceivedMessageView,
    ReceivedPage,
    ReplyRequest,
    ThreadPage,
)
from smskit.inbox.logic import conversation_messages, conversations, feed
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job
from smskit.platform.cursors import Page
from smskit.platform.http.query_values import moment_ms
from smskit.platform.times import rfc3339, time_text
from smskit.sending.api.author_names import author_names
from smskit.sending.api.rendering import job_view

PREVIEW = 160


def reply_of(caller: Caller, request: ReplyRequest) -> conversations.Reply:
    """What the caller wants to answer."""
    return conversations.Reply(
        account_id=caller.account_id,
        client_id=caller.client_id,
        message=request.message,
        priority=request.priority,
        validity_seconds=request.validity_seconds,
        fallback=request.fallback,
        idempotency_key=request.idempotency_key,
        client_reference=request.client_reference,
        key_scope=caller.key_scope,
        wait_for_phone=request.wait_for_phone,
        send_at=moment_ms(request.send_at) if request.send_at is not None else None,
    )


def feed_view(page: feed.FeedPage) -> ReceivedPage:
    """A page of the feed."""
    shown = [ReceivedMessageView(**_fields(message)) for message in page.messages]
    return ReceivedPage(messages=shown, cursor=page.cursor, has_more=page.has_more)


def _fields(message: InboundMessage) -> dict[str, Any]:
    """Fields of the feed; `from` can't be a parameter's name in Python."""
    return {
        "message_id": message.message_id,
        "from": message.sender,
        "to": message.recipient,
        "content": message.content,
        "device_id": message.device_id,
        "sim_slot": message.sim_slot,
        "received_at": rfc3339(message.received_at),
        "conversation_id": message.conversation_id,
    }


def list_view(page: Page[conversations.Conversation]) -> ConversationPage:
    """A page of the account's conversations."""
    return ConversationPage.of(page, conversation_view)


def conversation_view(conversation: conversations.Conversation) -> ConversationView:
    """A conversation, with the message that it ends with."""
    contact, message = conversation.contact, conversation.last
    owner = contact.owner
    return ConversationView(
        conversation_id=contact.conversation_id or "",
        number=contact.number,
        contact_name=contact.name,
        unread_count=contact.unread,
        unread_since=time_text(contact.unread_since),
        opted_out=contact.opted_out,
        owner=OwnerView(device_id=owner.device_id, sim_slot=owner.sim_slot or 0) if owner else None,
        last_message=_last_view(conversation, message),
    )


def _last_view(conversation: conversations.Conversation, message: InboundMessage | Job | None) -> LastMessageView:
    last = conversation.contact.last
    assert last is not None  # noqa: S101 - a conversation has one
    text = None if message is None else message.message if isinstance(message, Job) else message.content
    return LastMessageView(
        direction=last.direction,
        at=rfc3339(last.at),
        message_id=last.key if last.direction == "in" else None,
        job_id=last.key if last.direction == "out" else None,
        status=message.status.value if isinstance(message, Job) else None,
        preview=text[:PREVIEW] if text is not None else None,
    )


def thread_view(caller: Caller, page: Page[conversation_messages.Message]) -> ThreadPage:
    """A page of one conversation."""
    names = author_names(caller, [message for message in page.items if isinstance(message, Job)])
    return ThreadPage.of(
        page, lambda message: _job_view(message, names) if isinstance(message, Job) else _inbound_view(message)
    )


def _inbound_view(message: InboundMessage) -> ConversationMessageView:
    return ConversationMessageView(
        direction="in",
        at=rfc3339(message.stored_at),
        content=message.content,
        message_id=message.message_id,
        device_id=message.device_id,
        sim_slot=message.sim_slot,
        received_at=rfc3339(message.received_at),
    )


def _job_view(job: Job, names: Mapping[str, str]) -> ConversationMessageView:
    shown = job_view(job)
    return ConversationMessageView(
        direction="out",
        at=shown.created_at,
        content=job.message,
        job_id=shown.job_id,
        status=shown.status,
        device_id=shown.device_id,
        sim_slot=shown.sim_slot,
        sent_at=shown.sent_at,
        delivered_at=shown.delivered_at,
        failed_at=shown.failed_at,
        error=shown.error,
        segments=shown.segments,
        client_id=job.client_id,
        client_name=names.get(job.client_id),
        client_reference=shown.client_reference,
    )

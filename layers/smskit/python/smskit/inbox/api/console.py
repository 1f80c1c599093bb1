"""The console API's own route about conversations: how many wait."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import sign_in
from smskit.inbox.api.views import UnreadConversations
from smskit.inbox.logic import conversations
from smskit.platform.http import serving
from smskit.platform.times import time_text

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get(
    "/console/conversations/unread",
    summary="Unread conversations, counted",
    description="How many conversations hold something that nobody has read, and since when the oldest of that waits. "
    f"Up to {conversations.MOST_COUNTED} are counted; a change shows within about a second. It is one read, whatever "
    "the account has.",
    response_description="The count.",
    operation_id="countUnreadConversations",
    tags=["Conversations"],
)
def count_unread_conversations() -> Response[UnreadConversations]:
    """Count the conversations that wait."""
    seen = conversations.count_unread(sign_in.person().account_id)
    return serving.answer(UnreadConversations(count=seen.count, has_more=seen.more, oldest_since=time_text(seen.since)))

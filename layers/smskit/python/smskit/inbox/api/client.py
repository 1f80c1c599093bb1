"""The client API's own route about what came in: the feed."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers
from smskit.inbox.api.rendering import feed_view
from smskit.inbox.api.routes import Limit
from smskit.inbox.api.views import ReceivedPage
from smskit.inbox.logic import feed
from smskit.platform import cursors
from smskit.platform.http import patterns, serving
from smskit.platform.times import now_ms

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


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
    limit: Limit = 50,
) -> Response[ReceivedPage]:
    """Read the feed."""
    return serving.answer(feed_view(feed.list_page(callers.current().account_id, since, limit, now_ms())))

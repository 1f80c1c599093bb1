"""The console API as a whole: what a member's request changes is told to the pages that others have open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from smskit.accounts.api import callers, sign_in
from smskit.changes import logic as changes
from smskit.changes.api import area_of_request
from smskit.platform import logs
from smskit.platform.http.serving import Answer
from smskit.platform.times import now_ms

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver


def serve(app: APIGatewayHttpResolver, event: Mapping[str, Any], context: Any) -> Answer:
    """Answer a request of a member; never raises."""
    answer = sign_in.serve(app, event, context)
    area = area_of_request(event["requestContext"]["http"]["method"].upper(), event["rawPath"])
    if area is not None and answer["statusCode"] < 300:
        try:
            changes.tell_all(callers.current().account_id, area, now_ms())
        except Exception as error:
            logs.failure(error)  # the change is made: pages see it a little later
    return answer

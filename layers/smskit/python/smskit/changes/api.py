"""The console API's route about changes, and which requests of people are changes."""

from __future__ import annotations

import re
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from smskit.accounts.api import sign_in
from smskit.changes import logic as changes
from smskit.changes.logic import Area
from smskit.platform.http import serving
from smskit.platform.http.api_models import ApiModel
from smskit.platform.times import now_ms

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

# What the stream tells of a moment later, or what changes nothing.
_NOT_TOLD = re.compile(r"/console/(messages|messages/preview|batches|conversations/[^/]+/reply)/?")
_BY_PATH = {
    "messages": Area.MESSAGES,
    "batches": Area.MESSAGES,
    "templates": Area.ACCOUNT,
    "conversations": Area.INBOX,
    "contacts": Area.INBOX,
    "devices": Area.PHONES,
    "pairing-codes": Area.PHONES,
    "webhooks": Area.WEBHOOKS,
    "account": Area.ACCOUNT,
    "clients": Area.ACCOUNT,
    "members": Area.ACCOUNT,
    "settings": Area.ACCOUNT,
}
_VALUE = "19a5f3c2e00-37c8a0e"


class ChangesView(ApiModel):
    """A value for each part of the account; another one than before says that it may have changed."""

    messages: str = Field(
        description="Messages that were sent, delivered or failed. One that was only accepted or assigned, or that a "
        "program cancelled, shows within 30 seconds.",
        examples=[_VALUE],
    )
    inbox: str = Field(
        description="Messages that came in, opt-outs, what was read, and names of contacts. How replies go on is in "
        "`messages`.",
        examples=[_VALUE],
    )
    phones: str = Field(
        description="Phones that came online or went offline, and what people changed of phones and SIMs. What phones "
        "say of themselves, and what is left of the hour, shows within 30 seconds.",
        examples=[_VALUE],
    )
    webhooks: str = Field(
        description="What people changed of webhooks. Outages and suspensions show within 10 seconds.",
        examples=[_VALUE],
    )
    account: str = Field(description="API clients, members, settings and the account's name.", examples=[_VALUE])


@router.get(
    "/console/changes",
    summary="What has changed",
    description="For a page that stays open: fetch what it shows once more when the value of that part is another one "
    "than it was. A value changes within a second or two of what happened, and every 30 seconds in any case, "
    "`webhooks` every 10.",
    response_description="A value for each part of the account.",
    operation_id="getChanges",
    tags=["Account"],
)
def get_changes(
    unnoted_seconds: Annotated[
        int | None,
        Query(
            alias="unnotedSeconds",
            ge=1,
            le=300,
            description="So long may go unseen what nobody notes, for a page that asks seldom: longer than the 30 or "
            "10 seconds of each value. What is noted is seen as soon as without it.",
            examples=[60],
        ),
    ] = None,
) -> Response[ChangesView]:
    """Say what has changed."""
    values = changes.look(sign_in.person().account_id, now_ms(), 1000 * (unnoted_seconds or 0))
    return serving.answer(ChangesView(**{area.value: value for area, value in values.items()}))


def area_of_request(method: str, path: str) -> Area | None:
    """What a person's request changes, if it is taken; None for one that changes nothing here.

    A message isn't told of: the stream does so once it is sent, and it shall cost no more for being a person's.
    """
    if method == "GET" or _NOT_TOLD.fullmatch(path):
        return None
    return _BY_PATH.get(path.removeprefix(sign_in.PREFIX).strip("/").partition("/")[0])

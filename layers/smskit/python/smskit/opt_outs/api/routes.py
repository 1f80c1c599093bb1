"""Routes about opt-outs, of both APIs."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from smskit.accounts.api import callers
from smskit.opt_outs.api.rendering import history_view, list_view, opt_out_view
from smskit.opt_outs.api.views import AddOptOut, OptOutHistory, OptOutList, OptOutView, Reason
from smskit.opt_outs.logic import opt_out_list, opt_outs
from smskit.platform.http import serving
from smskit.platform.http.parameters import Cursor
from smskit.platform.times import now_ms

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_TAGS = ["Opt-outs"]
_ONE: Any = {"application/json": {"model": OptOutView}}


@router.get(
    "/opt-outs",
    summary="Opt-outs",
    description="List the numbers that have opted out of your messages, the newest opt-out first. A change shows "
    "within about a second.",
    response_description="A page of opt-outs.",
    operation_id="listOptOuts",
    tags=_TAGS,
)
def list_opt_outs(
    limit: Annotated[int, Query(ge=1, le=100, description="Opt-outs a page.", examples=[50])] = 50,
    cursor: Cursor = None,
) -> Response[OptOutList]:
    """List the account's opt-outs."""
    return serving.answer(list_view(opt_out_list.list_page(callers.current().account_id, limit, cursor)))


@router.post(
    "/opt-outs",
    status_code=201,
    summary="Add an opt-out",
    description="Send this number no more messages, as if it had written STOP; nothing is sent to say so. A number "
    "that has opted out already stays as it is: 200 with the opt-out that stands.",
    responses={
        200: {"description": "It had opted out already.", "content": _ONE},
        201: {"description": "The number is opted out.", "content": _ONE},
    },
    operation_id="addOptOut",
    tags=_TAGS,
)
def add_opt_out(request: AddOptOut) -> Response[OptOutView]:
    """Opt a number out."""
    caller = callers.current()
    opt_out, is_new = opt_outs.add(
        caller.account_id, request.number, caller.source, request.reason, now_ms(), caller.person
    )
    return serving.answer(opt_out_view(opt_out), 201 if is_new else 200)


@router.get(
    "/opt-outs/<number>",
    summary="Opt-out of a number",
    description="Show whether a number has opted out, at once after a change: 404 when it hasn't.",
    response_description="The opt-out that stands.",
    operation_id="getOptOut",
    tags=_TAGS,
)
def get_opt_out(number: str) -> Response[OptOutView]:
    """Show a number's opt-out."""
    return serving.answer(opt_out_view(opt_out_list.read(callers.current().account_id, unquote(number))))


@router.delete(
    "/opt-outs/<number>",
    status_code=204,
    summary="Remove an opt-out",
    description="Send to this number again, as if it had written START; nothing is sent to say so. The audit trail "
    "keeps both.",
    response_description="The number is opted in again.",
    operation_id="removeOptOut",
    tags=_TAGS,
)
def remove_opt_out(number: str, reason: Annotated[Reason | None, Query()] = None) -> Response[None]:
    """Opt a number in again."""
    caller = callers.current()
    opt_outs.remove(caller.account_id, unquote(number), caller.source, reason, now_ms(), caller.person)
    return serving.nothing()


@router.get(
    "/opt-outs/<number>/history",
    summary="History of a number",
    description="The audit trail: every opt-out and opt-in of a number, with its source and reason, newest first; "
    "kept for good. A number that never opted out has an empty one.",
    response_description="A page of the audit trail.",
    operation_id="showOptOutHistory",
    tags=_TAGS,
)
def show_opt_out_history(
    number: str,
    limit: Annotated[int, Query(ge=1, le=100, description="Entries a page.", examples=[50])] = 50,
    cursor: Cursor = None,
) -> Response[OptOutHistory]:
    """Show a number's audit trail."""
    page = opt_out_list.list_trail(callers.current().account_id, unquote(number), limit, cursor)
    return serving.answer(history_view(page))

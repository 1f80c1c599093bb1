"""The client API as a whole: its description, its health, and which paths need a key."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from smskit.clients.api import key_check
from smskit.entrypoints import client_document
from smskit.platform.http import serving
from smskit.platform.http.api_models import ApiModel
from smskit.platform.http.serving import Dialect, Request
from smskit.twilio.api import dialect as twilio

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

PUBLIC = ("/health", "/api/openapi.json")


class Health(ApiModel):
    """The function answers."""

    status: str = Field(examples=["ok"], json_schema_extra={"const": "ok"})


@router.get("/api/openapi.json", include_in_schema=False, enable_validation=False)
def get_openapi() -> Response[Any]:
    """Show this API's description."""
    return client_document.answer(router.current_event.headers.get("if-none-match", ""))


@router.get(
    "/health",
    summary="Health",
    description="Whether the function answers. Needs no key.",
    response_description="It answers.",
    operation_id="getHealth",
    tags=["Service"],
)
def get_health() -> Response[Health]:
    """Say that the function answers."""
    return serving.answer(Health(status="ok"))


def admit(request: Request) -> None:
    """Let in who may ask for the request's path: by HTTP Basic where it is Twilio's, else by key."""
    check = twilio.admit if twilio.speaks(request.path) else _admit_key
    check(request)


def dialect_of(path: str) -> Dialect:
    """How the requests of a path are read and refused."""
    return twilio.TWILIO if twilio.speaks(path) else serving.PLAIN


def needs_key(path: str) -> bool:
    """Everything under /api, whether it exists or not, but the description of the API."""
    return path not in PUBLIC and (path == "/api" or path.startswith("/api/"))


_admit_key = key_check.holders_of_keys(needs_key)

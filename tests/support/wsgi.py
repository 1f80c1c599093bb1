"""A WSGI door to a Lambda handler, as an HTTP API would call it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from tests.support import functions
from tests.support.http_events import http_event


class WsgiHandler:
    """A function's handler as a WSGI application; `claims` stands for an authorizer that verifies bearer tokens."""

    def __init__(self, function: str, claims: Callable[[str], dict[str, str] | None] | None = None) -> None:
        self.function = function
        self.claims = claims

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) if length else None
        headers = {
            name.removeprefix("HTTP_").replace("_", "-"): value
            for name, value in environ.items()
            if name.startswith("HTTP_") or name == "CONTENT_TYPE"
        }
        path = environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        query = environ.get("QUERY_STRING", "")
        event = http_event(environ["REQUEST_METHOD"], path, body=body, headers=headers, query=query)
        claims = self.claims(environ.get("HTTP_AUTHORIZATION", "")) if self.claims else None
        if claims is not None:
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
        answer = functions.load(self.function).lambda_handler(event, functions.LambdaContext())
        status = HTTPStatus(answer["statusCode"])
        start_response(f"{status.value} {status.phrase}", list(answer["headers"].items()))
        return [(answer.get("body") or "").encode()]

"""The way of every HTTP request: who asks, route, body, then the resolver; and of every answer back."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from smskit.platform import logs, patience
from smskit.platform.http import bodies, problems
from smskit.platform.http import faults as invalid
from smskit.platform.http.problems import INVALID_REQUEST, METHOD_NOT_ALLOWED, NOT_FOUND, Problem, ProblemError

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
    from aws_lambda_powertools.event_handler.api_gateway import Route
    from pydantic import BaseModel

Answer = dict[str, Any]
_BODILESS = (204, 304)
_SAFE_REQUEST_ID = re.compile(r"[\w.=+/-]{1,128}", re.ASCII)


@dataclass(slots=True)
class Request:
    """What is known of a request while it is served."""

    event: dict[str, Any]
    request_id: str
    method: str
    path: str
    headers: dict[str, str]
    route: Route | None = None
    # What letting the caller in adds to the answer's headers and to the log's line.
    headers_back: dict[str, str] = field(default_factory=dict)
    logged: dict[str, str] = field(default_factory=dict)


Check = Callable[[Request], None]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How requests are read and refused. `body_text`: the JSON object that a body of at most so many bytes means."""

    body_text: Callable[[Request, int], str]
    refusal: Callable[[Problem, Request], Answer]


def _json_body(request: Request, most: int) -> str:
    bodies.require_json_type(request.headers.get("content-type", ""))
    return bodies.json_object_text(request.event, most)


PLAIN = Dialect(_json_body, lambda problem, request: problem.answer(request.request_id))


def request_of(event: Mapping[str, Any]) -> Request:
    """Read an HTTP API event (payload format 2.0)."""
    context = event["requestContext"]
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    request_id = str(context.get("requestId") or "")
    if not _SAFE_REQUEST_ID.fullmatch(request_id):
        request_id = "unknown"
    return Request(dict(event), request_id, context["http"]["method"].upper(), event["rawPath"], headers)


def source_of(event: Mapping[str, Any]) -> str:
    """The caller's address; of IPv6 the /64, since whoever has one address of it has all."""
    text = str(event["requestContext"]["http"].get("sourceIp", ""))
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else text


def install(app: APIGatewayHttpResolver) -> None:
    """Let exceptions pass through the resolver to `serve`: its own answers for them have other shapes."""

    def pass_on(error: Exception) -> NoReturn:
        raise error

    app.exception_handler(Exception)(pass_on)


def serve(
    app: APIGatewayHttpResolver,
    event: Mapping[str, Any],
    context: Any,
    admit: Check,
    permit: Check | None = None,
    dialect_of: Callable[[str], Dialect] = lambda _: PLAIN,
) -> Answer:
    """Answer a request; never raises. `admit` lets the caller in, before the path is looked at; `permit` then sees the
    route too. Either raises to refuse. `dialect_of` knows a path's dialect."""
    patience.heed(context)
    request = request_of(event)
    dialect = dialect_of(request.path)
    logs.logger().append_keys(requestId=request.request_id)
    try:
        admit(request)
        _find_route(app, request)
        if permit is not None:
            permit(request)
        check_query(request)
        _check_body(request, dialect)
        answer = app.resolve(request.event, context)
    except Exception as error:
        problem = problems.of(error)
        if problem.kind.status >= 500:
            logs.failure(error)
        answer = dialect.refusal(problem, request)
    return _finish(request, answer)


def anyone(_: Request) -> None:
    """Admits every caller."""


def _find_route(app: APIGatewayHttpResolver, request: Request) -> None:
    known = _matching(app._static_routes, request) or _matching(app._dynamic_routes, request)
    if not known:
        raise ProblemError(NOT_FOUND, "There is nothing at this path")
    request.route = next((route for route in known if route.method == request.method), None)
    if request.route is None:
        allowed = ", ".join(sorted({route.method for route in known}))
        raise ProblemError(METHOD_NOT_ALLOWED, f"This path takes {allowed}", headers={"Allow": allowed})


def _matching(routes: Sequence[Route], request: Request) -> list[Route]:
    """What is a path of its own is no id in another."""
    return [route for route in routes if route.rule.match(request.path)]


def check_query(request: Request, *, always: bool = False) -> None:
    """A typo in a parameter must not pass in silence: without its cursor a list would begin anew.

    `always`: also on a route that takes no parameters.
    """
    taken = {param.alias for param in request.route.dependant.query_params} if request.route else set()
    given = request.event.get("queryStringParameters") or {}
    faults = tuple(invalid.unknown_parameter(name) for name in given if name not in taken)
    if faults and (taken or always):
        raise ProblemError(INVALID_REQUEST, faults[0].detail, faults[: invalid.MAX_FAULTS])


def _check_body(request: Request, dialect: Dialect) -> None:
    """Leave a checked JSON object for the resolver; a route that takes no body never sees one."""
    taken = request.route.dependant.body_params if request.route is not None else []
    most = max((getattr(param.type_, "most_bytes", bodies.MAX_BYTES) for param in taken), default=bodies.MAX_BYTES)
    bodies.require_size(request.event, most)
    text: str | None = None
    if taken:
        text = dialect.body_text(request, most)
    headers = request.headers | {"content-type": "application/json"}
    request.event |= {"body": text, "isBase64Encoded": False, "headers": headers}


def answer(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response[Any]:
    """A JSON answer of a route handler; the model is what the API's description shows."""
    from aws_lambda_powertools.event_handler import Response

    return Response(status, "application/json", body, headers)


def nothing(status: int = 204, headers: dict[str, str] | None = None) -> Response[Any]:
    """An answer without a body."""
    from aws_lambda_powertools.event_handler import Response

    return Response(status, None, "", headers)


def _finish(request: Request, answer: Answer) -> Answer:
    extra = {"method": request.method, "status": answer["statusCode"]}
    if request.route is not None:
        extra["route"] = request.route.path
    logs.logger().info("answered", extra=extra | request.logged)
    headers = {"X-Request-Id": request.request_id, "Cache-Control": "no-store"} | request.headers_back
    if answer["statusCode"] not in _BODILESS:
        headers = {"Content-Type": "application/json"} | headers
    # The resolver says null for no body. API Gateway takes it; what stands in for it on the way to AWS needn't.
    return answer | {"headers": headers | (answer.get("headers") or {}), "body": answer.get("body") or ""}

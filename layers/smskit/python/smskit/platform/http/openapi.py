"""OpenAPI documents: what the resolver knows of an API, and what it doesn't know about our answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smskit.errors import UnlistedRouteError
from smskit.platform.http import openapi_dialects, openapi_links, openapi_problems, patterns, problems
from smskit.platform.http.openapi_dialects import ShownDialect
from smskit.platform.http.openapi_links import Follows, Operation
from smskit.platform.http.problems import Kind

if TYPE_CHECKING:
    from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

VERSION = "1.0.0"
# Names of path parameters as people see them, with an example and maybe how they are written.
_PATH_NAMES: dict[str, tuple[Any, ...]] = {
    "job_id": ("jobId", "job_7H2K9M4P1Q6R3T8V5W0X"),
    "batch_id": ("batchId", "bat_7H2K9M4P1Q6R3T8V5W0X"),
    "template_id": ("templateId", "tpl_7H2K9M4P1Q6R3T8V5W0X"),
    "conversation_id": ("conversationId", "cnv_4N8R2T6W0X3Z7B1D5F9H"),
    "webhook_id": ("webhookId", "whk_06F2M8QZ4N1R7T3V5W0X"),
    "delivery_id": ("deliveryId", "dlv_06F2M8QZ4N1R7T3V5W0X"),
    "number": ("number", "+254712345678", patterns.shown(patterns.NUMBER, "phone-number")),
    "device_id": ("deviceId", "dvc_3K7J2H5F8M1N4Q9R6V0W"),
    "sim_slot": ("simSlot", "0"),
    "client_id": ("clientId", "cli_06F2M8QZ4N1R7T3V5W0X"),
    "code_id": ("codeId", "pcd_06F2M8QZ4N1R7T3V5W0X"),
    "person_id": ("personId", "8b6e1f7a-2c1d-4f7e-9a57-0d3c5a1e6f42"),
    "account_sid": ("AccountSid", "AC000000000660a1136f5d2a5c7bed0e1b"),
    "message_sid": ("Sid", "SM000000003c44b2a3e5f41b3d8e4bd81d"),
}
_EVERYWHERE = (problems.BODY_TOO_LARGE, problems.INTERNAL_ERROR)
_RESOLVERS_OWN = ("HTTPValidationError", "ValidationError", "ResponseValidationError")
_HEADERS: dict[str, tuple[str, str]] = {
    "X-Request-Id": ("Names this request in our logs.", "Yl5wVhGjDoEEJcw="),
    "RateLimit-Policy": ("Requests (q) that the client may send in a window of w seconds.", '"hour";q=100;w=3600'),
    "RateLimit": ("Requests that remain (r) and seconds to the end of the window (t).", '"hour";r=99;t=1800'),
    "Location": ("Where to read what was made.", "/api/sms/job_7H2K9M4P1Q6R3T8V5W0X/status"),
    "Link": ('With `rel="next"`, where to go on; absent at the end.', '</console/messages/export.csv?…>; rel="next"'),
    "Retry-After": ("Seconds to wait.", "1800"),
}
_SOMETIMES = frozenset({"Link"})


@dataclass(frozen=True)
class Wording:
    """Descriptions of an operation and of its successful answer; None stays as the route has it."""

    description: str
    answer: str | None = None


@dataclass(frozen=True)
class Api:
    """What only its author knows of an API.

    `problems_of` tells an operation's own problems from its method, path and operation. `guarded` are those of every
    operation behind the security scheme, which all are but `open_operations`. `own_headers` are those of an operation's
    successful answer, `gateway_answers` the contents that API Gateway itself may answer with, by status. `follows`
    says what can be asked with an id out of an answer. `wording` is what this API says otherwise of routes that another
    one has too. `webhooks` are the requests that it sends. `dialect` is that of some operations.
    """

    title: str
    description: str
    tags: list[dict[str, str]]
    scheme: dict[str, dict[str, str]]
    problems_of: Callable[[str, str, Operation], tuple[Kind, ...]]
    guarded: tuple[Kind, ...]
    guarded_headers: tuple[str, ...] = ()
    open_operations: tuple[str, ...] = ()
    own_headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    gateway_answers: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    follows: Follows = field(default_factory=dict)
    wording: Mapping[str, Wording] = field(default_factory=dict)
    webhooks: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    dialect: ShownDialect | None = None


def text(app: APIGatewayHttpResolver, api: Api) -> str:
    """The document as it is committed for people."""
    return json.dumps(document(app, api), indent=2, ensure_ascii=False) + "\n"


def compact(text_: str) -> str:
    """A document as it is served."""
    return json.dumps(json.loads(text_), separators=(",", ":"), ensure_ascii=False)


def document(app: APIGatewayHttpResolver, api: Api) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    schema = app.get_openapi_schema(title=api.title, version=VERSION, openapi_version="3.1.0")
    made: dict[str, Any] = _whole_numbers(json.loads(schema.model_dump_json(by_alias=True, exclude_none=True)))
    made["info"]["description"] = api.description
    made["info"]["contact"] = {"name": "SMSKit", "url": problems.SITE}
    made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    made["tags"] = api.tags
    made["paths"] = {
        _path(path): {method: _operation(api, method, path, operation) for method, operation in item.items()}
        for path, item in sorted(made["paths"].items())
    }
    schemas = made["components"]["schemas"]
    for name in _RESOLVERS_OWN:
        schemas.pop(name, None)
    shown = json.dumps(made["paths"])
    openapi_links.add(made["paths"], schemas, api.follows)
    schemas["Problem"] = openapi_problems.schema([kind for kind in problems.KINDS if _is_shown(kind, shown)])
    made["components"] |= {
        "headers": {name: _header(name) for name in _HEADERS if f"#/components/headers/{name}" in shown},
        "securitySchemes": api.scheme | (api.dialect.scheme if api.dialect else {}),
    }
    if api.dialect:
        schemas[api.dialect.schema_name] = api.dialect.schema
    if api.webhooks:
        made["webhooks"] = dict(api.webhooks)
    return made


def _is_shown(kind: Kind, text: str) -> bool:
    """Any API may answer 405 to a method that it doesn't have, which no operation can show."""
    return kind is problems.METHOD_NOT_ALLOWED or f'"{problems.TYPE_BASE}{kind.slug}"' in text


def _path(path: str) -> str:
    for name, (shown, *_) in _PATH_NAMES.items():
        path = path.replace(f"{{{name}}}", f"{{{shown}}}")
    return path


def _operation(api: Api, method: str, path: str, operation: Operation) -> Operation:
    name = operation["operationId"]
    guarded = name not in api.open_operations
    headers = api.guarded_headers if guarded else ()
    success = {code: answer for code, answer in operation["responses"].items() if code.startswith("2")}
    for answer in success.values():
        answer["headers"] = _header_refs(*headers, *api.own_headers.get(name, ()))
    success.get("204", {}).pop("content", None)
    if name in api.wording:
        _reword(operation, success, api.wording[name])
    own = api.problems_of(method.upper(), path, operation)
    kinds = sorted({*own, *_EVERYWHERE, *(api.guarded if guarded else ())}, key=problems.KINDS.index)
    kinds.sort(key=lambda kind: kind.status)
    dialect = api.dialect if api.dialect and name in api.dialect.operations else None
    if dialect:
        operation["responses"] = success | dialect.responses(kinds, lambda status: _refusal_headers(status, headers))
        openapi_dialects.take_a_form(operation)
    else:
        operation["responses"] = success | {
            str(status): _problem_response([kind for kind in kinds if kind.status == status], headers)
            for status in dict.fromkeys(kind.status for kind in kinds)
        }
    for code, content in api.gateway_answers.items():
        answer = operation["responses"][code]
        answer["content"] |= content
        del answer["headers"]  # API Gateway sends none of ours
    _name_parts_of_path(method, path, operation)
    schemes = dialect.scheme if dialect else api.scheme
    operation["security"] = [{scheme: []} for scheme in schemes] if guarded else []
    return operation


def _name_parts_of_path(method: str, path: str, operation: Operation) -> None:
    for parameter in operation.get("parameters", ()):
        if parameter["in"] != "path":
            continue
        name = parameter["name"]
        if name not in _PATH_NAMES:
            raise UnlistedRouteError(f"{method.upper()} {path}: _PATH_NAMES of platform/http/openapi.py has no {name}")
        shown, example, *rules = _PATH_NAMES[name]
        parameter |= {"name": shown, "schema": {"type": "string"} | dict(*rules), "example": example}


def _reword(operation: Operation, success: Mapping[str, Any], wording: Wording) -> None:
    operation["description"] = wording.description
    if wording.answer is not None:
        (answer,) = success.values()
        answer["description"] = wording.answer


def _problem_response(kinds: list[Kind], headers: tuple[str, ...]) -> dict[str, Any]:
    examples = {kind.slug: {"summary": kind.title, "value": openapi_problems.example(kind)} for kind in kinds}
    return {
        "description": " · ".join(kind.title for kind in kinds),
        "headers": _refusal_headers(kinds[0].status, headers),
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
        },
    }


def _refusal_headers(status: int, headers: tuple[str, ...]) -> dict[str, Any]:
    retry = ("Retry-After",) if status in (429, 503) else ()
    return _header_refs(*(headers if status != 401 else ()), *retry)


def _header(name: str) -> dict[str, Any]:
    description, example = _HEADERS[name]
    required = name not in _SOMETIMES
    return {"description": description, "required": required, "schema": {"type": "string"}, "example": example}


def _header_refs(*more: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("X-Request-Id", *more)}


def _whole_numbers(value: Any) -> Any:
    """The resolver's models hold bounds as floats: 10.0 for 10."""
    match value:
        case dict():
            return {name: _whole_numbers(entry) for name, entry in value.items()}
        case list():
            return [_whole_numbers(entry) for entry in value]
        case float():
            return int(value) if value.is_integer() else value
        case _:
            return value

"""The short way to moto: a request to DynamoDB or SQS without what only other services need of moto.

Of the time of a request, moto's own work on tables and queues was a quarter. The rest went into a WSGI request made
out of botocore's, the search among the addresses of all services, a signature that nobody checks, and an answer put
together by trying six spellings of each member that it might have. What the short way doesn't know takes the long one:
other services, binary values, errors, and answers that aren't plain. `store/test_short_way.py` compares the two.

What each test's new session and clients find out again, alike every time, is kept: names of events, the clients'
classes, and a TLS context that no request gets as far as.
"""

from __future__ import annotations

import inspect
import itertools
import json
import time
from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import botocore.hooks
import moto.core.models
import moto.core.responses
import moto.sqs.models
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.client import ClientCreator
from botocore.compat import accepts_kwargs
from botocore.hooks import EventAliaser
from botocore.httpsession import URLLib3Session, create_urllib3_context
from botocore.model import Shape
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import camelcase_to_underscores, unix_time
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.responses import DynamoHandler
from moto.sqs.responses import SQSResponse

from tests.support import expressions

_REGION = "eu-west-1"
_HANDLERS: dict[str, Callable[[], BaseResponse]] = {
    f"https://dynamodb.{_REGION}.amazonaws.com/": DynamoHandler,
    f"https://sqs.{_REGION}.amazonaws.com/": SQSResponse,
}
_UNSIGNED = ("DynamoDB", "SQS")
_BINARY = (b'"B":', b'"BS":', b'"BinaryValue":')
_PLAIN = {"integer": (int,), "long": (int,), "boolean": (bool,), "string": (str,), "double": (float, int)}

_long_way = BotocoreStubber.process_request
_long_answer = ActionResult.execute_result
_signed = RequestSigner.handler
_method_names = cache(moto.core.responses.method_names_from_class)
_snake_case = cache(camelcase_to_underscores)
# What reads an expression's tree changes a copy of it.
_update_tree = lru_cache(maxsize=512)(UpdateExpressionParser.make)
_request_numbers = itertools.count(1)
_alias = EventAliaser._alias_event_name
_client_class = ClientCreator._create_client_class
_client_classes: dict[str, type] = {}
_tls_context = lru_cache(maxsize=1)(create_urllib3_context)


class _NotPlainError(Exception):
    """A value that only moto itself knows how to write."""


def take(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the short way from now on."""
    monkeypatch.setattr(BotocoreStubber, "process_request", _process)
    monkeypatch.setattr(ActionResult, "execute_result", _answer)
    monkeypatch.setattr(RequestSigner, "handler", _sign)
    monkeypatch.setattr(
        UserAgentString, "to_string", lambda _: f"tests region/{_REGION}"
    )  # where moto looks if an address doesn't say
    monkeypatch.setattr(moto.core.responses, "method_names_from_class", _method_names)
    monkeypatch.setattr(moto.core.responses, "gen_amzn_requestid_long", _number)
    monkeypatch.setattr(moto.core.responses, "camelcase_to_underscores", _snake_case)
    monkeypatch.setattr(moto.sqs.models, "camelcase_to_underscores", _snake_case)
    monkeypatch.setattr(UpdateExpressionParser, "make", staticmethod(_update_tree))
    monkeypatch.setattr(moto.sqs.models, "unix_time", _seconds)
    monkeypatch.setattr(moto.sqs.models, "unix_time_millis", lambda at=None: _seconds(at) * 1000)
    monkeypatch.setattr(EventAliaser, "_alias_event_name", lambda _, name: _event_name(name))
    monkeypatch.setattr(botocore.hooks, "accepts_kwargs", _accepts_kwargs)
    monkeypatch.setattr(ClientCreator, "_create_client_class", _class_of_service)
    monkeypatch.setattr(URLLib3Session, "_get_ssl_context", lambda _: _tls_context())
    # Nobody asks AWS through the `requests` library, for which moto makes 861 rules a test.
    monkeypatch.setattr(moto.core.models, "RESPONSES_METHODS", [])
    expressions.walk_little(monkeypatch)


def _process(stubber: BotocoreStubber, request: AWSPreparedRequest) -> Any:
    make, body = _HANDLERS.get(request.url), request.body
    if make is None or not isinstance(body, bytes) or any(name in body for name in _BINARY):
        return _long_way(stubber, request)
    handler = make()
    _set_up(handler, request, body)
    return handler.call_action()


def _set_up(handler: Any, request: AWSPreparedRequest, body: bytes) -> None:
    """What moto's `setup_class` leaves behind, as far as the two services look at it."""
    handler.params, handler.body, handler.raw_body = json.loads(body), body.decode(), body
    handler.headers = {
        name: value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
    }
    handler.uri, handler.path, handler.method = request.url, "/", request.method
    handler.querystring, handler.data, handler.uri_match = {}, {}, {}
    handler.region, handler.partition, handler.current_account = _REGION, "aws", DEFAULT_ACCOUNT_ID
    handler.response_headers = {"server": "amazon.com"}


def _sign(signer: Any, operation_name: str | None = None, request: Any = None, **_: Any) -> Any:
    return None if signer._service_id in _UNSIGNED else _signed(signer, operation_name, request)


def _number(headers: dict[str, Any] | None = None) -> str:
    """An id for a request; moto's are 52 random characters, one by one."""
    made = f"{next(_request_numbers):052}"
    if headers is not None:
        headers["x-amzn-requestid"] = made
    return made


def _seconds(at: datetime | None = None) -> float:
    """Since 1970. moto takes two dates for it, and asks a queue's messages one by one whether it is their time."""
    return unix_time(at) if at else time.time()


@cache
def _event_name(name: str) -> str:
    """As botocore calls an event today; it goes through all the names of old for each new session."""
    return str(_alias(EventAliaser(None), name))


def _class_of_service(creator: ClientCreator, service_name: str, service_model: Any) -> type:
    """With a method for each of a service's operations, of which DynamoDB has 57."""
    if service_name not in _client_classes:
        _client_classes[service_name] = _client_class(creator, service_name, service_model)
    return _client_classes[service_name]


def _accepts_kwargs(handler: Any) -> Any:
    code = getattr(handler, "__code__", None)
    return code.co_flags & inspect.CO_VARKEYWORDS if code else accepts_kwargs(handler)


def _answer(result: ActionResult, context: Any) -> Any:
    """Status, headers and body of an answer."""
    shape = context.operation_model.output_shape
    if not isinstance(context.response, DynamoHandler | SQSResponse) or isinstance(result.result, Exception):
        return _long_answer(result, context)
    try:
        body = {} if shape is None else _plain(result.result, shape)
    except _NotPlainError:
        return _long_answer(result, context)
    return 200, {"Content-Type": "application/x-amz-json-1.0"}, json.dumps(body)


def _plain(value: Any, shape: Shape) -> Any:
    match shape.type_name:
        case "structure":
            return _plain_structure(value, shape)
        case "list":
            return [_plain(it, shape.member) for it in value]  # type: ignore[attr-defined]
        case "map":
            return {name: _plain(it, shape.value) for name, it in value.items()}  # type: ignore[attr-defined]
    if type(value) not in _PLAIN.get(shape.type_name, ()):
        raise _NotPlainError(f"{value!r} as {shape.type_name}")
    return value


def _plain_structure(value: Any, shape: Any) -> dict[str, Any]:
    if type(value) is not dict or not value.keys() <= shape.members.keys():
        raise _NotPlainError(f"{value!r} as {shape.name}")
    members = [(shape.members[name], name, it) for name, it in value.items() if it is not None]
    return {member.serialization.get("name", name): _plain(it, member) for member, name, it in members}

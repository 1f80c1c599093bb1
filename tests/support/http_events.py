"""HTTP API events (payload format 2.0), shaped as API Gateway sends them."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs


def http_event(
    method: str,
    path: str,
    *,
    body: Any = None,
    headers: dict[str, str] | None = None,
    query: str = "",
    source_ip: str = "203.0.113.7",
    as_base64: bool = False,
    claims: dict[str, str] | None = None,
) -> dict[str, Any]:
    """An event; `body` as bytes or text goes as it is, anything else as JSON. `claims` are those of a verified token,
    all of them texts."""
    route = "ANY /console/{proxy+}" if path.startswith("/console/") else "ANY /api/{proxy+}"
    sent = {"accept": "*/*", "host": "abc123.execute-api.eu-west-1.amazonaws.com", "user-agent": "curl/8.5.0"}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "headers": sent | {name.lower(): value for name, value in (headers or {}).items()},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": "abc123.execute-api.eu-west-1.amazonaws.com",
            "domainPrefix": "abc123",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": source_ip,
                "userAgent": "curl/8.5.0",
            },
            "requestId": uuid.uuid4().hex[:15] + "=",
            "routeKey": route,
            "stage": "$default",
            "time": "23/Jun/2026:10:00:00 +0000",
            "timeEpoch": 1782208800000,
        },
        "isBase64Encoded": False,
    }
    if claims is not None:
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    if query:
        event["queryStringParameters"] = {
            name: ",".join(values) for name, values in parse_qs(query, keep_blank_values=True).items()
        }
    if body is None:
        return event
    raw = body if isinstance(body, str | bytes) else json.dumps(body)
    if as_base64 or isinstance(raw, bytes):
        encoded = base64.b64encode(raw if isinstance(raw, bytes) else raw.encode()).decode()
        return event | {"body": encoded, "isBase64Encoded": True}
    return event | {"body": raw}


@dataclass(frozen=True)
class Answer:
    """An answer of a handler, with its JSON body read."""

    status: int
    headers: dict[str, str]
    text: str
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        """The last part of a problem's type."""
        assert self.headers["content-type"] == "application/problem+json", self.headers
        return str(self.body["type"]).removeprefix("https://smskit.dev/problems/")

    @property
    def pointers(self) -> list[str]:
        """The fields that a problem names."""
        return [error["pointer"] for error in self.body.get("errors", [])]


def answer_of(raw: dict[str, Any]) -> Answer:
    """Read what a handler returned."""
    assert raw["isBase64Encoded"] is False
    assert isinstance(raw["body"], str)  # also for no body: the emulator answers 500 for null
    headers = {name.lower(): value for name, value in raw["headers"].items()}
    text = raw["body"]
    is_json = "json" in headers.get("content-type", "json")
    return Answer(raw["statusCode"], headers, text, json.loads(text) if text and is_json else {})

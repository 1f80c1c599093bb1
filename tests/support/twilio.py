"""Twilio's API, asked with an account's SID and a key, as Twilio's packages ask it."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from smskit.models import twilio
from smskit.models.twilio import SidKind
from tests.support.client_api import ClientApi
from tests.support.hooks import Call
from tests.support.http_events import Answer

FORM = "application/x-www-form-urlencoded"
SEND = {"To": "+254712345678", "Body": "Your code is 123456"}


def basic(sid: str, key: str) -> str:
    """The header of HTTP Basic."""
    return "Basic " + b64encode(f"{sid}:{key}".encode()).decode()


class TwilioApi:
    """Speaks for the tenant of a client of the client API."""

    def __init__(self, api: ClientApi) -> None:
        self.api = api
        self.sid = twilio.sid_of(SidKind.ACCOUNT, api.account_id)
        self.path = f"/2010-04-01/Accounts/{self.sid}/Messages"

    def call(self, method: str, path: str, form: Mapping[str, str] | str | None = None, **more: Any) -> Answer:
        """A request; a form may be given as its text."""
        text = form if isinstance(form, str) or form is None else urlencode(form)
        headers = {"authorization": basic(self.sid, self.api.tenant.key), "x-api-key": "", "content-type": FORM}
        headers |= more.pop("headers", {})
        return self.api.call(method, path, text, headers=headers, **more)

    def create(self, **changes: str) -> Answer:
        """A send that is good but for the changes."""
        return self.call("POST", f"{self.path}.json", SEND | changes)

    def sent(self, **changes: str) -> dict[str, Any]:
        """The message of a send that must be accepted."""
        answer = self.create(**changes)
        assert answer.status == 201, answer.text
        return dict(answer.body)

    def fetch(self, sid: str) -> Answer:
        """A message."""
        return self.call("GET", f"{self.path}/{sid}.json")

    def update(self, sid: str, **form: str) -> Answer:
        """Cancel or redact."""
        return self.call("POST", f"{self.path}/{sid}.json", form)

    def delete(self, sid: str) -> Answer:
        """Erase."""
        return self.call("DELETE", f"{self.path}/{sid}.json")

    def page(self, uri: str) -> dict[str, Any]:
        """A page of the list, by its URI."""
        parts = urlsplit(uri)
        answer = self.call("GET", parts.path, query=parts.query)
        assert answer.status == 200, answer.text
        return dict(answer.body)

    def list(self, **parameters: str) -> dict[str, Any]:
        """The first page."""
        return self.page(f"{self.path}.json?{urlencode(parameters)}")


def job_id_of(message: Mapping[str, Any]) -> str:
    """The job that a message is."""
    job_id = twilio.id_of(SidKind.SENT, message["sid"])
    assert job_id is not None
    return job_id


def refused(answer: Answer) -> tuple[int, int, list[str]]:
    """Status, code and the fields of a refusal, which must be as Twilio's."""
    body = json.loads(answer.text)
    assert body["status"] == answer.status and body["message"]
    assert body["more_info"] == f"https://www.twilio.com/docs/errors/{body['code']}"
    assert answer.headers["content-type"] == "application/json"
    return answer.status, body["code"], [fault["pointer"] for fault in body.get("details", {}).get("errors", [])]


def form_of(call: Call) -> dict[str, str]:
    """The form of a request that arrived; no name stands there twice."""
    assert call.headers["content-type"].startswith(FORM)
    pairs = parse_qsl(call.body.decode(), keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)

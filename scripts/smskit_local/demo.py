"""Sends one SMS through the public API, the way a customer would, and follows it."""

import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

from smskit_local.errors import DemoError, LocalStackError, NotYetError
from smskit_local.waiting import until

_FINAL = {"Delivered", "Failed", "DeadLetter", "Cancelled"}
_ANSWER_SECONDS = 60
RECIPIENT = "+254712345678"


class Customer:
    """A caller of the REST API with one key."""

    def __init__(self, api_url: str, api_key: str) -> None:
        self._http = httpx2.Client(base_url=api_url, headers={"X-Api-Key": api_key}, timeout=30, trust_env=False)

    def __enter__(self) -> "Customer":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def is_welcome(self, seconds: float = _ANSWER_SECONDS) -> bool:
        """Whether the API knows the key; who is too busy to say it has time to."""
        try:
            until(lambda: self._ask("GET", "/api/devices"), seconds, "the API doesn't answer")
        except LocalStackError:
            return False
        return True

    def has_phone_online(self) -> bool:
        """Whether any phone of the account is online. Raises NotYetError while the API can't say."""
        return any(device["status"] == "Online" for device in self._ask("GET", "/api/devices")["devices"])

    def send(
        self, message: str, recipient: str = RECIPIENT, priority: int = 9, seconds: float = _ANSWER_SECONDS
    ) -> str:
        """Queue an SMS, once, and return its job id."""
        body = {
            "recipient": recipient, "message": message, "priority": priority, "idempotencyKey": uuid.uuid4().hex,
        }  # fmt: skip
        job = until(lambda: self._ask("POST", "/api/sms/send", body), seconds, "the test SMS wasn't accepted")
        return str(job["jobId"])

    def conversation_with(self, number: str) -> str | None:
        """The id of the conversation with somebody who wrote. Raises NotYetError while the API can't say."""
        found = self._ask("GET", "/api/conversations")["conversations"]
        return next((str(one["conversationId"]) for one in found if one["number"] == number), None)

    def reply(self, conversation_id: str, message: str, seconds: float = _ANSWER_SECONDS) -> None:
        """Queue an answer, once."""
        path, body = (
            f"/api/conversations/{conversation_id}/reply",
            {"message": message, "idempotencyKey": uuid.uuid4().hex},
        )
        until(lambda: self._ask("POST", path, body), seconds, "the reply wasn't accepted")

    def register_webhook(self, url: str, events: Sequence[str]) -> str:
        """Let events be POSTed to a URL, and return the secret that signs them.

        Asked twice it would be two webhooks; so the API must have answered something else before.
        """
        until(lambda: self._ask("GET", "/api/webhooks"), _ANSWER_SECONDS, "the API doesn't answer")
        return str(self._ask("POST", "/api/webhooks", {"url": url, "events": list(events)})["secret"])

    def follow(self, job_id: str, seconds: float = 180, log: Path | None = None) -> dict[str, Any]:
        """Return the job once it is in a final state. Raises DemoError if that isn't Delivered.

        ``log`` is the one whose end is shown if it takes longer.
        """
        job: dict[str, Any] = {"status": "unknown"}

        def ended() -> dict[str, Any] | None:
            job.update(self._ask("GET", f"/api/sms/{job_id}/status"))
            return job if job["status"] in _FINAL else None

        until(ended, seconds, lambda: f"the test SMS {job_id} is still {job['status']}", log=log)
        if job["status"] != "Delivered":
            raise DemoError(f"the test SMS {job_id} ended as {job['status']}: {job.get('error')}")
        return job

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer. Raises NotYetError where there is none or the server could give none, DemoError if it refuses."""
        try:
            response = self._http.request(method, path, json=body)
        except httpx2.HTTPError as failed:
            raise NotYetError(f"{method} {path}: {failed or type(failed).__name__}") from failed
        if not response.is_success:
            kind = NotYetError if response.is_server_error else DemoError
            raise kind(f"{method} {response.request.url} answered {response.status_code}: {response.text}")
        answer: dict[str, Any] = response.json()
        return answer

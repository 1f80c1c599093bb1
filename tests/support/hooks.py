"""A customer's webhook endpoint: a real server on this machine that verifies, remembers and answers as told."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

from tests.support.endpoints import Endpoint, read_request


@dataclass(frozen=True)
class Call:
    """One POST that arrived."""

    headers: dict[str, str]
    body: bytes
    path: str

    @property
    def payload(self) -> dict[str, Any]:
        """The event."""
        return json.loads(self.body)  # type: ignore[no-any-return]

    @property
    def event_id(self) -> str:
        """What the receiver knows a repetition by."""
        return self.headers["webhook-id"]

    def verified_by(self, secret: str) -> bool:
        """Whether the public library takes the signature for one of this secret."""
        try:
            Webhook(secret).verify(self.body, self.headers)
        except WebhookVerificationError:
            return False
        return True


def verified_in_javascript(secret: str, calls: list[Call]) -> list[bool]:
    """Whether the npm package of the standard takes the signatures of the calls."""
    given = [{"secret": secret, "body": call.body.decode(), "headers": call.headers} for call in calls]
    script = Path(__file__).with_name("verify_webhook.mjs")
    done = subprocess.run(["node", str(script)], input=json.dumps(given), capture_output=True, text=True, check=True)
    return list(json.loads(done.stdout))


Answer = int | tuple[int, dict[str, str]] | None
Rule = Callable[[Call], Answer]


class Hook:
    """`rule` decides each answer, None closes without one; `calls` is all that arrived, `taken` what got a 2xx."""

    def __init__(self, rule: Rule | Answer = 200) -> None:
        self.rule: Rule | Answer = rule
        self.calls: list[Call] = []
        self.taken: list[Call] = []
        self.server = Endpoint(self._play)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self.server.url()

    def close(self) -> None:
        """Stop listening."""
        self.server.close()

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """The payloads that were taken, of one event or of all."""
        return [call.payload for call in self.taken if name in (None, call.payload["event"])]

    def _play(self, connection: socket.socket, endpoint: Endpoint) -> None:
        head, _, body = read_request(connection).partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        pairs = (line.partition(": ") for line in lines)
        call = Call({name.lower(): value for name, _, value in pairs}, body, first.split(" ")[1])
        self.calls.append(call)
        answer = self.rule(call) if callable(self.rule) else self.rule
        if answer is None:
            return
        status, headers = answer if isinstance(answer, tuple) else (answer, {})
        if 200 <= status < 300:
            self.taken.append(call)
        more = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        connection.sendall(f"HTTP/1.1 {status} X\r\n{more}Content-Length: 4\r\n\r\nseen".encode())


def job_ids(hook: Hook) -> list[str]:
    """The jobs whose events were taken, in order."""
    return [event["jobId"] for event in hook.events("sms:delivered")]

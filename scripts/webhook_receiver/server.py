"""The receiver: any POST is a delivery, except to /_behaviour."""

from __future__ import annotations

import json
import sys
import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TextIO

from webhook_receiver import behaviour
from webhook_receiver.behaviour import Behaviour, BehaviourError, Switch
from webhook_receiver.verifying import Secrets

MAX_BODY = 1 << 20
CONTROL_PATH = "/_behaviour"


class Receiver(ThreadingHTTPServer):
    """Listens on 127.0.0.1 only. Writes one JSON line a delivery, with the body only if `show`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, port: int, secrets: Secrets, switch: Switch, *, show: bool = False, out: TextIO | None = None
    ) -> None:
        self.secrets, self.switch, self._show = secrets, switch, show
        self._out, self._lock = out or sys.stdout, threading.Lock()
        self.stopped = threading.Event()
        super().__init__(("127.0.0.1", port), _Handler)  # closes itself if the port is taken

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def server_close(self) -> None:
        self.stopped.set()
        super().server_close()

    def write(self, line: dict[str, Any], body: bytes) -> None:
        """One line of what came and what was answered."""
        if self._show:
            line["body"] = body.decode("utf-8", "replace")
        with self._lock:
            print(json.dumps(line), file=self._out, flush=True)


class _Handler(BaseHTTPRequestHandler):
    server: Receiver
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "webhook-receiver", ""
    timeout = 30

    def do_GET(self) -> None:
        if self.path == CONTROL_PATH:
            self._answer(200, self.server.switch.behaviour.known())
        else:
            self._answer(404, {"error": "deliveries are POSTs"})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()) or len(length) > 7 or int(length) > MAX_BODY:
            self.close_connection = True
            self._answer(413, {"error": "needs a Content-Length of at most 1 MiB"})
            return
        body = self.rfile.read(int(length))
        if self.path == CONTROL_PATH:
            self._control(body)
        else:
            self._deliver(body)

    def _control(self, body: bytes) -> None:
        try:
            document = json.loads(body)
            secrets = document.pop("secrets", None) if isinstance(document, dict) else None
            wanted = behaviour.parse(document)
            if secrets is not None:
                self.server.secrets.set([str(secret) for secret in secrets])
        except (BehaviourError, ValueError, TypeError) as wrong:
            self._answer(400, {"error": str(wrong)})
            return
        self.server.switch.set(wanted)
        self._answer(200, wanted.known())

    def _deliver(self, body: bytes) -> None:
        verified_by = self.server.secrets.verifying(body, dict(self.headers.items()))
        fault = self.server.switch.next(body)
        answer = 401 if verified_by == [] else _name(fault)
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "path": self.path,
            "id": self.headers.get("webhook-id"),
            "event": _event(body),
            "verified": None if verified_by is None else bool(verified_by),
            "secrets": verified_by or [],
            "bytes": len(body),
            "answer": answer,
        }
        self.server.write(line, body)
        if answer == 401:
            self._answer(401, {"error": "the signature doesn't verify"})
        else:
            self._behave(fault)

    def _behave(self, fault: Behaviour) -> None:
        if fault.close or fault.hang:
            self.server.stopped.wait(fault.hang or 0)
            self.close_connection = True
        elif fault.slow:
            self._drip(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", fault.slow)
        elif fault.redirect:
            self._answer(307, {}, {"Location": fault.redirect})
        else:
            headers = {} if fault.retryAfter is None else {"Retry-After": str(fault.retryAfter)}
            self._answer(fault.fail or 200, {"received": fault.fail is None}, headers)

    def _drip(self, answer: bytes, seconds: float) -> None:
        self.close_connection = True
        for byte in answer:
            if self.server.stopped.wait(seconds / len(answer)):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def _answer(self, status: int, document: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        content = b"" if status == 204 else json.dumps(document).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if content:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """The lines on standard output are all that is logged."""


def _name(fault: Behaviour) -> int | str:
    if fault.redirect:
        return 307
    return "close" if fault.close else "hang" if fault.hang else fault.fail or 200


def _event(body: bytes) -> str | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    event = document.get("event") if isinstance(document, dict) else None
    return event if isinstance(event, str) else None

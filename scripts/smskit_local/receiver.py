"""The local webhook receiver of ``make up``: registered once, started when it doesn't run, and read by its log."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from typing import Any

from smskit_local import processes
from smskit_local.demo import Customer
from smskit_local.emulator import free_port
from smskit_local.errors import LocalStackError, log_tail
from smskit_local.safety import clean_environment
from smskit_local.stack_file import LOCAL

LOG = LOCAL / "logs" / "webhooks.log"
MARK = processes.Mark("webhooks", LOCAL)
EVENTS = ("sms:sent", "sms:delivered", "sms:failed", "sms:received")

_PREFERRED_PORT = 8790
_START_SECONDS = 20


@dataclass(frozen=True)
class Registered:
    """Where the receiver listens, and the secret that it verifies signatures with."""

    url: str
    secret: str


def register(customer: Customer) -> Registered:
    """Make the receiver's address a webhook of the account; nothing listens there yet."""
    url = f"http://127.0.0.1:{free_port(_PREFERRED_PORT)}/"
    return Registered(url, customer.register_webhook(url, EVENTS))


def ensure(registered: Registered) -> None:
    """Start the receiver if it doesn't run. Raises LocalStackError."""
    if processes.find(MARK):
        return
    LOG.unlink(missing_ok=True)
    port = registered.url.rstrip("/").rpartition(":")[2]
    command = [sys.executable, "-m", "webhook_receiver", "--port", port]
    environment = {**clean_environment(), "WEBHOOK_SECRETS": registered.secret}
    processes.start(MARK, command, environment=environment, log=LOG)
    deadline = time.monotonic() + _START_SECONDS
    while "listening on" not in _text():
        if not processes.find(MARK) or time.monotonic() > deadline:
            raise LocalStackError(f"the webhook receiver didn't start.\n{log_tail(LOG)}")
        time.sleep(0.1)


def position() -> int:
    """Where the log ends now."""
    return len(_text())


def wait_for(event: str, since: int, seconds: float = 30) -> dict[str, Any]:
    """The first delivery of the event that the log shows behind a position. Raises LocalStackError."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for line in _text()[since:].splitlines(keepends=True):
            if line.startswith("{") and line.endswith("\n"):
                delivery: dict[str, Any] = json.loads(line)
                if delivery["event"] == event:
                    return delivery
        time.sleep(0.1)
    raise LocalStackError(f"no {event} arrived at the webhook within {seconds:.0f} s.\n{log_tail(LOG)}")


def _text() -> str:
    return LOG.read_text() if LOG.exists() else ""

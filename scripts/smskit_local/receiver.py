"""The local webhook receiver of ``make up``: registered once, started when it doesn't run, and read by its log."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from smskit_local import processes
from smskit_local.demo import Customer
from smskit_local.emulator import free_port
from smskit_local.safety import clean_environment
from smskit_local.stack_file import LOCAL
from smskit_local.waiting import until

LOG = LOCAL / "logs" / "webhooks.log"
MARK = processes.Mark("webhooks", LOCAL)
EVENTS = ("sms:sent", "sms:delivered", "sms:failed", "sms:received")

_PREFERRED_PORT = 8790
_START_SECONDS = 120
_DELIVERY_SECONDS = 180  # longer than the first waits after a delivery that failed


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
    process = processes.start(MARK, command, environment=environment, log=LOG)
    until(
        lambda: "listening on" in _text(),
        _START_SECONDS,
        "the webhook receiver didn't start",
        log=LOG,
        is_alive=lambda: process.poll() is None,
    )


def position() -> int:
    """Where the log ends now."""
    return len(_text())


def wait_for(event: str, since: int, seconds: float = _DELIVERY_SECONDS) -> dict[str, Any]:
    """The first delivery of the event that the log shows behind a position. Raises LocalStackError."""
    problem = f"no {event} arrived at the webhook"
    return until(lambda: _delivered(event, since), seconds, problem, log=LOG, is_alive=lambda: processes.find(MARK))


def _delivered(event: str, since: int) -> dict[str, Any] | None:
    for line in _text()[since:].splitlines(keepends=True):
        if line.startswith("{") and line.endswith("\n"):
            delivery: dict[str, Any] = json.loads(line)
            if delivery["event"] == event:
                return delivery
    return None


def _text() -> str:
    return LOG.read_text() if LOG.exists() else ""

"""Typed settings, read from the environment on first use and never at import."""

from __future__ import annotations

import os
from dataclasses import dataclass

from smskit import caches
from smskit.caches import cached
from smskit.errors import MissingSettingError


def _env(name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise MissingSettingError(f"environment variable {name} is not set")
    return value


@cached(maxsize=16)
def table(name: str) -> str:
    """The name of a table by its aggregate, from TABLE_<NAME>."""
    return _env(f"TABLE_{name.upper()}")


@cached(maxsize=8)
def queue_url(name: str) -> str:
    """The URL of a queue (urgent, standard, bulk, timers, background, test, deliveries), from QUEUE_<NAME>_URL."""
    return _env(f"QUEUE_{name.upper()}_URL")


@cached(maxsize=1)
def callback_url() -> str:
    """The management endpoint of the WebSocket stage."""
    return _env("WEBSOCKET_CALLBACK_URL")


@cached(maxsize=1)
def websocket_url() -> str:
    """The address that phones connect to."""
    return _env("WEBSOCKET_PUBLIC_URL")


@cached(maxsize=1)
def api_url() -> str:
    """The address of the REST API, without a slash at its end: what a phone pairs with."""
    return _env("API_URL")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long the parts of the message's path wait; seconds."""

    heartbeat: int
    report: int
    claim: int
    early_timer: int
    offer_timer: int


@cached(maxsize=1)
def timeouts() -> Timeouts:
    """An offer's timer outlasts the claim window plus the longest that a handler may run (5 s + 5 s).

    The early timer of an urgent offer takes nothing back, so it needs to outlast no more than a phone's usual answer.
    """
    return Timeouts(
        heartbeat=int(os.environ.get("HEARTBEAT_SECONDS", "300")),
        report=int(os.environ.get("REPORT_SECONDS", "600")),
        claim=5,
        early_timer=2,
        offer_timer=10,
    )


@cached(maxsize=1)
def retention_seconds() -> int:
    """How long a finished job is kept."""
    return int(os.environ.get("RETENTION_DAYS", "30")) * 86_400


@cached(maxsize=1)
def audit_seconds() -> int:
    """How long an entry of the audit log is kept."""
    return int(os.environ.get("AUDIT_DAYS", "365")) * 86_400


@cached(maxsize=1)
def secrets_key() -> str:
    """The ARN of the key that signing secrets are sealed under."""
    return _env("SECRETS_KEY_ARN")


@cached(maxsize=1)
def user_pool() -> str:
    """The id of the user pool."""
    return _env("USER_POOL_ID")


@cached(maxsize=1)
def webhooks_local() -> bool:
    """Whether webhooks may go to http and loopback targets; only where the whole stack runs on one machine."""
    return os.environ.get("WEBHOOK_LOCAL") == "true"


@cached(maxsize=1)
def webhook_own_domains() -> tuple[str, ...]:
    """Names of this system, to which no webhook may go; comma separated in WEBHOOK_OWN_DOMAINS."""
    names = (name.strip().lower().rstrip(".") for name in os.environ.get("WEBHOOK_OWN_DOMAINS", "").split(","))
    return tuple(name for name in names if name)


@cached(maxsize=1)
def webhook_wait_scale() -> float:
    """What the waits between two tries at a failing endpoint are multiplied by; 1 but where time is short."""
    return float(os.environ.get("WEBHOOK_WAIT_SCALE", "1"))


@cached(maxsize=1)
def recovery_machine() -> str:
    """The ARN of the state machine that looks after endpoints which fail."""
    return _env("RECOVERY_MACHINE_ARN")


def forget() -> None:
    """Drop what was read, so that changed environment variables are seen."""
    caches.forget(__name__)

"""The deployed stack, its accounts, and clients of its REST API."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import httpx2
import pytest

from smskit import aws, settings
from smskit.accounts.logic import accounts
from smskit.clients.logic import clients
from smskit.phones.logic import pairing_codes
from smskit.platform.times import now_ms
from smskit_admin.stack import VARIABLES
from smskit_local.deploy import deploy
from smskit_local.emulator import Emulator
from smskit_local.logs import function_log
from smskit_local.safety import emulator_session
from tests.e2e.waiting import eventually

FINAL = ("Delivered", "Failed", "DeadLetter", "Cancelled")
FUNCTIONS = (
    "client_api", "console_api", "phone_pairing", "phone_auth", "phone_gateway", "dispatcher", "timekeeper", "janitor",
    "test_player", "event_fanout", "webhook_sender", "webhook_recovery",
)  # fmt: skip
SEND = {"recipient": "+254712345678", "message": "Your code is 123456"}
UNLIMITED = 1_000_000
# The steps between tries at a webhook are this part of their real length: 24 hours are 43 seconds at most.
WAIT_SCALE = float(os.environ.get("SMSKIT_WAIT_SCALE") or 0.0005)
# Each request in flight is a process of the emulator's: more than these only wait for a processor.
_CONNECTIONS = httpx2.Limits(max_connections=10)


@dataclass(frozen=True)
class Stack:
    """Both stacks on an emulator. `secrets` collects what must never get into a log."""

    emulator: Emulator
    outputs: dict[str, str]
    secrets: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        """The base address of the REST API."""
        return self.outputs["ApiUrl"]

    @lru_cache  # noqa: B019 - one stack a session
    def aws(self, service: str, endpoint_url: str | None = None) -> Any:
        """A client with the emulator's root key, whatever the environment of the tests holds."""
        return emulator_session().client(service, endpoint_url=endpoint_url or self.emulator.endpoint)

    def log(self, function: str) -> list[str]:
        """All that a function has logged."""
        return function_log(self.emulator.endpoint, function, limit=10**6)

    def __hash__(self) -> int:
        return id(self)


@contextmanager
def deployed(home: Path) -> Iterator[Stack]:
    """Both stacks on an emulator of their own, with its files below `home`."""
    with Emulator(home / "emulator") as emulator:
        yield Stack(emulator, deploy(emulator.endpoint, output=home / "deploy", webhook_wait_scale=str(WAIT_SCALE)))


def use_smskit(stack: Stack, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let `smskit` in this process work on the stack's tables, as smskit-admin does, without touching AWS_* at all."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        patch.delenv(name)
    for variable, output in VARIABLES.items():
        patch.setenv(variable, stack.outputs[output])
    settings.forget()
    patch.setattr(aws, "client", stack.aws)
    yield
    settings.forget()


class Api:
    """A program that uses the client API with one key."""

    def __init__(self, url: str, key: str | None) -> None:
        headers = {"X-Api-Key": key} if key else {}
        self.http = httpx2.AsyncClient(base_url=url, headers=headers, timeout=60, limits=_CONNECTIONS, trust_env=False)

    async def send(self, **changes: Any) -> httpx2.Response:
        """A send that is good but for the changes."""
        return await self.http.post("/api/sms/send", json=SEND | changes)

    async def accepted(self, **changes: Any) -> str:
        """The id of a job that must be accepted."""
        answer = await self.send(**changes)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["jobId"])

    async def job(self, job_id: str) -> dict[str, Any]:
        """A job as the API shows it."""
        answer = await self.http.get(f"/api/sms/{job_id}/status")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def ended(self, job_id: str, *statuses: str, seconds: float = 60) -> dict[str, Any]:
        """The job once it is in one of the statuses (default: any final one)."""
        wanted = statuses or FINAL
        seen: dict[str, Any] = {}

        async def is_there() -> bool:
            seen.update(await self.job(job_id))
            return seen["status"] in wanted

        await eventually(is_there, seconds, what=lambda: f"{job_id} {wanted}: {seen}", every=0.2)
        return seen

    async def devices(self) -> dict[str, dict[str, Any]]:
        """The account's phones by id."""
        answer = await self.http.get("/api/devices")
        assert answer.status_code == 200, answer.text
        return {device["deviceId"]: device for device in answer.json()["devices"]}


@dataclass(frozen=True)
class Tenant:
    """An account of its own for one test, with a client."""

    stack: Stack
    account_id: str
    client_id: str
    key: str

    @cached_property
    def api(self) -> Api:
        """The API with the client's key."""
        return Api(self.stack.url, self.key)

    def codes(self, count: int) -> list[str]:
        """Pairing codes."""
        return [pairing_codes.create_code(self.account_id, now_ms()).code for _ in range(count)]


def open_account(stack: Stack, limit: int = UNLIMITED) -> Tenant:
    """A new account with a client that may send `limit` requests an hour."""
    account = accounts.create("Acme", now_ms())
    client, key = clients.create(account.account_id, "backend", now_ms(), limit)
    stack.secrets.add(key)
    return Tenant(stack, account.account_id, client.client_id, key)


def events_of(job: dict[str, Any]) -> list[str]:
    """The names in a job's timeline."""
    return [entry["event"] for entry in job["timeline"]]

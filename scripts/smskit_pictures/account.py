"""The account in the pictures: who signs in, and what is asked of its APIs."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpx2

from smskit import aws
from smskit.accounts.logic import accounts, members
from smskit.clients.logic import clients
from smskit.models.member import Role
from smskit.phones.logic import pairing_codes
from smskit.platform.times import now_ms
from smskit_local.errors import LocalStackError
from smskit_smoke.signing_in import Login, LoginPages
from smskit_smoke.target import Target

T = TypeVar("T")
_PAUSE_SECONDS = 0.2
_ANSWER_SECONDS = 180


class Api:
    """One of the two APIs, asked by somebody."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self._http = httpx2.AsyncClient(base_url=base, headers=dict(headers), timeout=_ANSWER_SECONDS, trust_env=False)

    async def ask(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """What it answers. Raises LocalStackError when that is a refusal."""
        answer = await self._http.request(method, path, json=body or None)
        if not answer.is_success:
            raise LocalStackError(f"{method} {path} answered {answer.status_code}: {answer.text}")
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    async def close(self) -> None:
        """Give up the connections."""
        await self._http.aclose()


@dataclass(frozen=True)
class Business:
    """An account with a client for each purpose, an owner and an operator."""

    account_id: str
    owner: Login
    console: Api
    desk: Api
    clients: dict[str, Api]

    def new_code(self) -> str:
        """A pairing code."""
        return pairing_codes.create_code(self.account_id, now_ms()).code

    async def send(self, client: str, to: str, text: str, **more: Any) -> str:
        """A message that is accepted; its job id."""
        answer = await self.clients[client].ask("POST", "/api/sms/send", recipient=to, message=text, **more)
        return str(answer["jobId"])

    async def job(self, job_id: str) -> dict[str, Any]:
        """A message as the console shows it."""
        return await self.console.ask("GET", f"/console/messages/{job_id}")

    async def reached(self, job_id: str, *statuses: str, seconds: float = 300) -> dict[str, Any]:
        """The message once it is in one of the statuses."""

        async def look() -> dict[str, Any] | None:
            found = await self.job(job_id)
            return found if found["status"] in statuses else None

        return await until(look, seconds, f"{job_id} doesn't become {' or '.join(statuses)}")

    async def close(self) -> None:
        """Give up the connections."""
        for api in (self.console, self.desk, *self.clients.values()):
            await api.close()


async def open_business(target: Target, name: str, owner: str, operator: str, programs: Mapping[str, int]) -> Business:
    """A new account; `programs` are its API clients, with their limits."""
    account = accounts.create(name, now_ms())
    keys = {
        program: clients.create(account.account_id, program, now_ms(), limit)[1] for program, limit in programs.items()
    }
    first = _may_sign_in(target, owner)
    members.create_owner(account.account_id, owner, now_ms(), first.password)
    _choose_password(target, first)
    console = Api(target.api_url, await _token(target, first))
    await console.ask("POST", "/console/members", email=operator, role=Role.OPERATOR.value)
    second = _may_sign_in(target, operator)
    _choose_password(target, second)
    desk = Api(target.api_url, await _token(target, second))
    await desk.ask("GET", "/console/me")
    apis = {program: Api(target.api_url, {"X-Api-Key": key}) for program, key in keys.items()}
    return Business(account.account_id, first, console, desk, apis)


def _may_sign_in(target: Target, email: str) -> Login:
    return Login(email, f"Aa1!{secrets.token_urlsafe(18)}")


def _choose_password(target: Target, login: Login) -> None:
    aws.client("cognito-idp").admin_set_user_password(
        UserPoolId=target.outputs["UserPoolId"], Username=login.email, Password=login.password, Permanent=True
    )


async def _token(target: Target, login: Login) -> dict[str, str]:
    pages = LoginPages(target)
    try:
        return {"Authorization": f"Bearer {await pages.sign_in(login, lambda _: None)}"}
    finally:
        await pages.close()


async def until(condition: Callable[[], Awaitable[T | None]], seconds: float, problem: str) -> T:
    """The first truthy value of the condition. Raises LocalStackError when none comes in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := await condition():
            return value
        await asyncio.sleep(_PAUSE_SECONDS)
    raise LocalStackError(f"{problem} (not within {seconds:.0f} s)")

"""The REST API as the smoke's customer and its operator use it, and waiting for what it is to say."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import httpx2

from smskit_smoke.report import SmokeError

T = TypeVar("T")
_EVERY = 0.5
WAIT_SECONDS = 90
"""Longer than cold starts and the first polls of every queue take together."""


class Asker:
    """One caller of an API."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        proxied = not base_url.startswith("http://")
        self._http = httpx2.AsyncClient(base_url=base_url, headers=headers, timeout=30, trust_env=proxied)

    async def ask(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The answer. Raises SmokeError for anything but a 2xx."""
        answer = await self._http.request(method, path, json=body)
        if not answer.is_success:
            raise SmokeError(f"{method} {path} answered {answer.status_code}: {answer.text[:300]}")
        return dict(answer.json()) if answer.content else {}

    async def close(self) -> None:
        """Give up the connections."""
        await self._http.aclose()


async def until(look: Callable[[], Awaitable[T | None]], problem: str, seconds: float = WAIT_SECONDS) -> T:
    """The first truthy answer. Raises SmokeError with the problem when none comes in time."""
    deadline = time.monotonic() + seconds
    while not (value := await look()):
        if time.monotonic() > deadline:
            raise SmokeError(f"{problem} within {seconds:.0f} s")
        await asyncio.sleep(_EVERY)
    return value

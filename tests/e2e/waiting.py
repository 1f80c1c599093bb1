"""Waiting for conditions, with a deadline."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(
    condition: Callable[[], T | Awaitable[T]], seconds: float = 30, *, what: object = "", every: float = 0.05
) -> T:
    """The first truthy value of the condition. Fails after `seconds`, telling the last value and `what` was awaited."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if inspect.isawaitable(value):
            value = await value
        if value:
            return value  # type: ignore[return-value]
        said = what() if callable(what) else what
        assert time.monotonic() < deadline, f"not within {seconds} s: {said} (last: {value!r})"
        await asyncio.sleep(every)

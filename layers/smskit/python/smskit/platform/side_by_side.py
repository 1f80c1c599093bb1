"""The same for each of many, several at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Each = TypeVar("Each")
Answer = TypeVar("Answer")
WORKERS = 8


def run(do: Callable[[Each], Answer], each: Sequence[Each]) -> list[Answer]:
    """What `do` answers for each, in contexts of their own, which know how long the invocation may still run. One alone
    needs no other thread."""
    if len(each) <= 1:
        return [do(one) for one in each]
    with ThreadPoolExecutor(WORKERS) as workers:
        running = [workers.submit(copy_context().run, do, one) for one in each]
        return [one.result() for one in running]

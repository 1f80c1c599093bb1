"""What a process remembers from one call to the next: known in one place, so that it can be as a new one again."""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper, lru_cache
from typing import Protocol, TypeVar


class Memory(Protocol):
    """What can be emptied."""

    def clear(self) -> object:
        """Be as new."""


T = TypeVar("T")
M = TypeVar("M", bound=Memory)
_registered: list[tuple[str, Callable[[], object]]] = []


def kept(memory: M) -> M:
    """Register a module's memory."""
    _registered.append(("", memory.clear))
    return memory


def cached(maxsize: int) -> Callable[[Callable[..., T]], _lru_cache_wrapper[T]]:
    """`functools.lru_cache`, registered."""

    def wrap(make: Callable[..., T]) -> _lru_cache_wrapper[T]:
        wrapped = lru_cache(maxsize)(make)
        _registered.append((make.__module__, wrapped.cache_clear))
        return wrapped

    return wrap


def forget(module: str | None = None) -> None:
    """Be as a new process; with the name of a module: only drop what its functions have cached."""
    for name, clear in _registered:
        if module in (None, name):
            clear()

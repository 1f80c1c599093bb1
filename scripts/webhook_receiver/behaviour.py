"""How the receiver answers: well, or badly in one of the ways that endpoints do."""

from __future__ import annotations

import threading
from dataclasses import asdict, dataclass, fields
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "fail": int,
    "retryAfter": int,
    "hang": (int, float),
    "slow": (int, float),
    "redirect": str,
    "close": bool,
    "every": int,
    "only": str,
}


class BehaviourError(ValueError):
    """A behaviour that can't be; says which field and why."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """At most one fault. It strikes each `every`-th delivery of those whose body contains `only`.

    `fail` answers with that status, with a Retry-After of `retryAfter` seconds if given; `hang` says nothing for that
    many seconds and then closes; `slow` spreads the bytes of a good answer over that many seconds; `redirect` answers
    307 to that URL; `close` closes at once.
    """

    fail: int | None = None
    retryAfter: int | None = None  # noqa: N815 - as in JSON
    hang: float | None = None
    slow: float | None = None
    redirect: str | None = None
    close: bool = False
    every: int = 1
    only: str | None = None

    def __post_init__(self) -> None:
        if sum(bool(fault) for fault in (self.fail, self.hang, self.slow, self.redirect, self.close)) > 1:
            raise BehaviourError("fail, hang, slow, redirect and close exclude each other")
        if self.fail is not None and not 200 <= self.fail <= 599:
            raise BehaviourError("fail must be a status from 200 to 599")
        if self.every < 1:
            raise BehaviourError("every must be at least 1")
        if any(seconds is not None and not 0 < seconds <= 3600 for seconds in (self.hang, self.slow)):
            raise BehaviourError("hang and slow must be more than 0 and at most 3600 seconds")
        if self.redirect is not None and not (self.redirect.isprintable() and self.redirect.isascii()):
            raise BehaviourError("redirect must be a URL")

    def known(self) -> dict[str, Any]:
        """What was set, as JSON."""
        return {name: value for name, value in asdict(self).items() if value}


def parse(document: object) -> Behaviour:
    """The behaviour in a JSON object. Raises BehaviourError."""
    names = [field.name for field in fields(Behaviour)]
    if not isinstance(document, dict) or not set(document) <= set(names):
        raise BehaviourError(f"must be an object with fields of {', '.join(names)}")
    for name, value in document.items():
        if not isinstance(value, _TYPES[name]) or (isinstance(value, bool) and name != "close"):
            raise BehaviourError(f"{name} has the wrong type")
    return Behaviour(**document)


class Switch:
    """The behaviour of the moment; switched from one thread, read from others."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._lock = threading.Lock()
        self._behaviour, self._count = behaviour, 0

    @property
    def behaviour(self) -> Behaviour:
        """What was set last."""
        return self._behaviour

    def set(self, behaviour: Behaviour) -> None:
        """Behave so from now on, counting from the start."""
        with self._lock:
            self._behaviour, self._count = behaviour, 0

    def next(self, body: bytes) -> Behaviour:
        """How to answer this delivery."""
        with self._lock:
            current = self._behaviour
            if current.only and current.only.encode() not in body:
                return Behaviour()
            self._count += 1
            return current if self._count % current.every == 0 else Behaviour()

"""Waiting for a condition: never for a time, never for ever, and never with one look."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from smskit_local.errors import LocalStackError, NotYetError, log_tail

T = TypeVar("T")
_PAUSE_SECONDS = 0.1


def until(
    condition: Callable[[], T | None],
    seconds: float,
    problem: str | Callable[[], str],
    *,
    log: Path | None = None,
    is_alive: Callable[[], object] = lambda: True,
) -> T:
    """The first truthy value of the condition, for which NotYetError counts as an untrue one.

    Raises LocalStackError with the problem, the last NotYetError and the last lines of ``log`` when none comes within
    ``seconds``, or at once when what should make it true no longer lives.
    """
    deadline = time.monotonic() + seconds
    while True:
        lives = is_alive()  # asked first: what has ended since may have made it true before
        value, obstacle = _look(condition)
        if value:
            return value
        if not lives or time.monotonic() > deadline:
            end = f"not within {seconds:.0f} s" if lives else "it has ended"
            said = problem if isinstance(problem, str) else problem()
            raise LocalStackError("\n".join(filter(None, (f"{said} ({end})", obstacle, log_tail(log) if log else ""))))
        time.sleep(_PAUSE_SECONDS)


def _look(condition: Callable[[], T | None]) -> tuple[T | None, str]:
    try:
        return condition(), ""
    except NotYetError as obstacle:
        return None, str(obstacle)

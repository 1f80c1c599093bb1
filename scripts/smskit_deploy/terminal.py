"""What is said and asked."""

from __future__ import annotations

import os
import sys
from typing import NoReturn


def stop(message: str) -> NoReturn:
    """End the program with a message."""
    sys.exit(message)


def asks_nothing() -> bool:
    """Whether YES=1 answers every question."""
    return os.environ.get("YES") == "1"


def require_yes(question: str) -> None:
    """Go on only if the person says yes, or YES=1 did."""
    if asks_nothing():
        return
    if not sys.stdin.isatty():
        stop(f"{question} Nobody is here to ask: set YES=1 to go on without questions.")
    try:
        answer = input(f"{question} [y/N] ")
    except (EOFError, KeyboardInterrupt):
        answer = ""
    if answer.strip().lower() not in {"y", "yes"}:
        stop("Nothing was changed.")


def rows(pairs: list[tuple[str, str]]) -> str:
    """Names and values in two columns."""
    width = max(len(name) for name, _ in pairs)
    return "\n".join(f"  {name:<{width}}  {value}" for name, value in pairs)

"""Tells what happens and how long it has taken."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Progress:
    """Prints one line a step, with the seconds since the start of the command."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.monotonic()

    def say(self, text: str) -> None:
        """Print one line."""
        self._console.print(f"[dim]{time.monotonic() - self._started:5.1f} s[/]  {text}", highlight=False)

    @contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Show a running step, and leave a line once it is done."""
        with self._console.status(f"{text} ..."):
            if not self._console.is_terminal:
                self.say(f"{text} ...")
            yield
        if self._console.is_terminal:
            self.say(text)

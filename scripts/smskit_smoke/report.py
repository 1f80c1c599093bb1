"""What held, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from rich.console import Console
from rich.table import Table
from rich.text import Text


class Outcome(Enum):
    """How a check ended."""

    HELD = "held"
    FAILED = "failed"
    NOT_RUN = "not run"
    ONLY_ON_AWS = "only on AWS"


class SmokeError(Exception):
    """What was promised didn't come; says what was seen instead."""


class NotRunError(Exception):
    """A check that can't be made, and why."""


class OnlyOnAwsError(Exception):
    """A check that proves nothing on the emulator; says what the emulator does instead."""


@dataclass(frozen=True)
class Row:
    """One check."""

    what: str
    outcome: Outcome
    seconds: float
    detail: str


Check = Callable[[], Awaitable[str]]
_STYLES = {
    Outcome.HELD: ("✓", "green"),
    Outcome.FAILED: ("✗", "bold red"),
    Outcome.NOT_RUN: ("–", "yellow"),
    Outcome.ONLY_ON_AWS: ("○", "cyan"),
}


class Report:
    """Makes the checks one after the other; one that fails keeps none of the others from being made."""

    def __init__(self, console: Console) -> None:
        self.rows: list[Row] = []
        self._console = console

    async def check(self, what: str, check: Check) -> None:
        """Make it, and note how it ended. What an unforeseen error says is shown as a failure."""
        begun = time.monotonic()
        with self._console.status(f"{what} ..."):
            outcome, detail = await _outcome(check)
        self.rows.append(Row(what, outcome, time.monotonic() - begun, detail))
        mark, style = _STYLES[outcome]
        if outcome is not Outcome.HELD or not self._console.is_terminal:
            self._console.print(Text.assemble((f"{mark} ", style), f"{what}: {detail}"))

    @property
    def is_good(self) -> bool:
        """Nothing failed, and nothing was left out that could have been made here."""
        return all(row.outcome in (Outcome.HELD, Outcome.ONLY_ON_AWS) for row in self.rows)

    def show(self, title: str) -> None:
        """The table."""
        table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 2, 0, 0))
        for name in ("", "what", "time", "what was seen"):
            table.add_column(name, header_style="dim", justify="right" if name == "time" else "left", overflow="fold")
        for row in self.rows:
            mark, style = _STYLES[row.outcome]
            seconds = f"{row.seconds:.1f} s" if row.outcome in (Outcome.HELD, Outcome.FAILED) else ""
            said = row.detail if row.outcome is Outcome.HELD else f"{row.outcome.value}: {row.detail}"
            table.add_row(
                Text(mark, style), row.what, seconds, Text(said, "" if row.outcome is Outcome.HELD else style)
            )
        self._console.print("", table, "", self._sum(), sep="\n")

    def _sum(self) -> Text:
        count = {outcome: sum(row.outcome is outcome for row in self.rows) for outcome in Outcome}
        parts = [(f"{number} {outcome.value}", _STYLES[outcome][1]) for outcome, number in count.items() if number]
        return Text("  ").join(Text(*part) for part in parts)


async def _outcome(check: Check) -> tuple[Outcome, str]:
    try:
        return Outcome.HELD, await check()
    except NotRunError as left:
        return Outcome.NOT_RUN, str(left)
    except OnlyOnAwsError as elsewhere:
        return Outcome.ONLY_ON_AWS, str(elsewhere)
    except Exception as failed:
        return Outcome.FAILED, str(failed) or type(failed).__name__

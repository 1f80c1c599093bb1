"""Verdicts as people read them, and as programs do."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from smskit_phone.conformance.verdicts import Outcome, Rule, Verdict
from smskit_phone.frames import PROTOCOL

_MARKS = {Outcome.PASSED: ("✓", "green"), Outcome.FAILED: ("✗", "bold red"), Outcome.SKIPPED: ("–", "yellow")}
_ID_WIDTH = 24


def as_json(verdicts: Sequence[Verdict], paired: dict[str, Any], seconds: float) -> dict[str, Any]:
    """`client` is what the phone said of itself when it paired."""
    counted = Counter(verdict.outcome for verdict in verdicts)
    return {
        "protocol": PROTOCOL,
        "client": {name: paired.get(name) for name in ("name", "model", "platform", "appVersion")},
        "seconds": round(seconds, 1),
        **{str(outcome): counted[outcome] for outcome in Outcome},
        "rules": [verdict.as_json() for verdict in verdicts],
    }


class Printer:
    """Tells each verdict as it is reached, and at the end what failed and why."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def tell(self, verdict: Verdict) -> None:
        """One line, and below it what was seen, unless it passed."""
        mark, style = _MARKS[verdict.outcome]
        self._console.print(_line(Text(mark, style), verdict.rule, style if _is_bad(verdict) else "bold"))
        if verdict.seen is not None:
            self._console.print(Padding(Group(*_seen(verdict)), (0, 0, 0, _ID_WIDTH + 2)))

    def sum_up(self, verdicts: Sequence[Verdict], paired: dict[str, Any], seconds: float) -> None:
        """How many of each, and the ids of what failed."""
        counted = Counter(verdict.outcome for verdict in verdicts)
        told = Text(" · ").join(
            Text(f"{counted[outcome]} {outcome}", _MARKS[outcome][1]) for outcome in Outcome if counted[outcome]
        )
        client = " ".join(str(paired[name]) for name in ("model", "appVersion") if paired.get(name))
        self._console.print()
        self._console.print(Text.assemble((client or "No phone paired", "bold"), ": ", told, f" · {seconds:.0f} s"))
        failed = [verdict.rule.rule_id for verdict in verdicts if _is_bad(verdict)]
        if failed:
            self._console.print(Text.assemble("Failed: ", (", ".join(failed), "bold red")))


def list_rules(console: Console, rules: Sequence[Rule]) -> None:
    """What a phone is judged by."""
    for rule in rules:
        console.print(_line(Text(" "), rule, "bold"))


def _seen(verdict: Verdict) -> Iterator[Text]:
    """What was seen, what happened last, and where the protocol asks for something else."""
    words, _, last = (verdict.seen or "").partition(" Last: ")
    yield Text(words, _MARKS[verdict.outcome][1].removeprefix("bold "))
    if last:
        yield Text(f"last: {last}", "dim")
    if _is_bad(verdict):
        yield Text(f"see {verdict.rule.source}", "dim")


def _line(mark: Text, rule: Rule, style: str) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=1)
    grid.add_column(width=_ID_WIDTH - 1, no_wrap=True)
    grid.add_column()
    grid.add_row(mark, Text(rule.rule_id, style), rule.promise)
    return grid


def _is_bad(verdict: Verdict) -> bool:
    return verdict.outcome is Outcome.FAILED

"""The figures as a table for people and as JSON for machines, and the limits that they are held to."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from tests.simulation.cases import BURST, Figures
from tests.simulation.order import percentile

WORKING = ("backlog", "inflow", "reconnect")  # the cases in which a fleet has always something to send


@dataclass(frozen=True, slots=True)
class Limit:
    """What must hold of the figures of some cases."""

    words: str
    applies: Callable[[Figures], bool]
    holds: Callable[[Figures], bool]


LIMITS = (
    Limit("at least 95 % of what the radios can do", lambda f: f.case in (*WORKING, "fast"), lambda f: f.share >= 0.95),
    Limit(
        "at most 0.1 transactions a message from a backlog",
        lambda f: f.case == "backlog",
        lambda f: f.transactions_per_message <= 0.1,
    ),
    Limit(
        "at most 1 transaction a message",
        lambda f: f.case in ("inflow", "reconnect"),
        lambda f: f.transactions_per_message <= 1,
    ),
    Limit("no failed hello", lambda f: True, lambda f: f.failed_hellos == 0),
    Limit("no failed queue message", lambda f: f.case == "targeted", lambda f: f.failed_messages == 0),
    Limit("no dead letter", lambda f: True, lambda f: f.dead_lettered == 0),
    Limit("no inversion of priorities", lambda f: True, lambda f: f.inversions == 0),
    Limit("99 % at most 2 s behind strict order", lambda f: f.case in WORKING, lambda f: f.late_p99 <= 2),
    Limit(
        "one phone sends what waited first in, first out",
        lambda f: f.case in ("backlog", "fast") and f.phones == 1,
        lambda f: f.out_of_order == 0,
    ),
    Limit("every message of the burst is sent", lambda f: f.case == "targeted", lambda f: f.messages == BURST),
    Limit(
        "at most one other message begun before an OTP, with a radio of 1 s",
        lambda f: f.case == "urgent" and f.radio >= 1,
        lambda f: max(otp.others for otp in f.otps) <= 1,
    ),
    Limit(
        "nothing begun between an OTP's offer and itself",
        lambda f: f.case == "urgent",
        lambda f: max(otp.others_after_offer for otp in f.otps) == 0,
    ),
    Limit(
        "an OTP's offer reaches a phone within 0.5 s: it waits for no credit",
        lambda f: f.case == "urgent",
        lambda f: max(otp.offered for otp in f.otps) <= 0.5,
    ),
)


def broken(figures: Figures) -> list[str]:
    """The limits that these figures don't keep."""
    return [limit.words for limit in LIMITS if limit.applies(figures) and not limit.holds(figures)]


def name_of(figures: Figures) -> str:
    """A case in a few words."""
    phones = f"{figures.phones:,} phone{'s' if figures.phones > 1 else ''} of {figures.radio:g} s"
    return f"{figures.case}, {phones}" + (f", {figures.queued:,} waiting" if figures.case == "urgent" else "")


COLUMNS: dict[str, Callable[[Figures], str]] = {
    "case": lambda f: f.case,
    "phones": lambda f: f"{f.phones:,}",
    "radio\ns": lambda f: f"{f.radio:g}",
    "sent": lambda f: f"{f.messages:,}",
    "radios\n%": lambda f: f"{100 * f.share:.1f}",
    "trans-\nactions": lambda f: f"{f.transactions_per_message:.2f}",
    "WRU": lambda f: f"{f.wru_per_message:.1f}",
    "RRU": lambda f: f"{f.rru_per_message:.1f}",
    "failed hellos/\nframes/queued": lambda f: f"{f.failed_hellos}/{f.failed_frames}/{f.failed_messages}",
    "dead\nletters": lambda f: f"{f.dead_lettered}",
    "inver-\nsions": lambda f: f"{f.inversions}",
    "late s\np50/p99/max": lambda f: f"{f.late_p50:.2f}/{f.late_p99:.2f}/{f.late_max:.2f}",
}
OTP_COLUMNS: dict[str, Callable[[Figures], str]] = {
    "phones": lambda f: f"{f.phones:,}",
    "radio\ns": lambda f: f"{f.radio:g}",
    "waiting": lambda f: f"{f.queued:,}",
    "OTPs": lambda f: f"{len(f.otps)}",
    "behind one\nor none": lambda f: f"{sum(otp.others <= 1 for otp in f.otps)}",
    "most begun\nbefore it": lambda f: f"{max(otp.others for otp in f.otps)}",
    "most after\nits offer": lambda f: f"{max(otp.others_after_offer for otp in f.otps)}",
    "offered s\np50/max": lambda f: _middle_and_most(otp.offered for otp in f.otps),
    "begun s\np50/max": lambda f: _middle_and_most(otp.begun for otp in f.otps),
}


def _middle_and_most(values: Iterable[float]) -> str:
    found = list(values)
    return f"{percentile(found, 0.5):.2f}/{max(found):.2f}"


def table(title: str, columns: dict[str, Callable[[Figures], str]], rows: Iterable[Figures]) -> Table:
    """Figures, a row a case."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in columns:
        made.add_column(name, justify="left" if name == "case" else "right", no_wrap=True)
    for row in rows:
        made.add_row(*(show(row) for show in columns.values()))
    return made


def show(found: Sequence[Figures], console: Console) -> bool:
    """Print everything; whether every limit is kept."""
    console.print(table("An account's phones, on a virtual clock", COLUMNS, found))
    console.print("Radios, transactions, WRU and RRU are of the run's second half, the last three a message.\n")
    otps = [figures for figures in found if figures.otps]
    if otps:
        console.print(
            table("Other messages that an OTP's phone began between its acceptance and itself", OTP_COLUMNS, otps)
        )
    wrong = [f"{name_of(figures)}: not {words}" for figures in found for words in broken(figures)]
    for line in wrong:
        console.print(f"FAILED  {line}", style="bold red", soft_wrap=True)
    if not wrong:
        console.print("Every limit is kept.")
    return not wrong


def as_json(figures: Figures) -> dict[str, Any]:
    """The figures of a case for machines."""
    found: dict[str, Any] = {
        "case": figures.case,
        "phones": figures.phones,
        "messages": figures.messages,
        "share": round(figures.share, 4),
        "transactionsPerMessage": round(figures.transactions_per_message, 3),
        "deadLettered": figures.dead_lettered,
        "failedHellos": figures.failed_hellos,
        "failedFrames": figures.failed_frames,
        "failedMessages": figures.failed_messages,
        "inversions": figures.inversions,
        "outOfOrder": figures.out_of_order,
        "lateP50": round(figures.late_p50, 3),
        "lateP99": round(figures.late_p99, 3),
        "lateMax": round(figures.late_max, 3),
        "wruPerMessage": round(figures.wru_per_message, 2),
        "rruPerMessage": round(figures.rru_per_message, 2),
        "radioSeconds": figures.radio,
        "queued": figures.queued,
    }
    if figures.otps:
        found["others"] = [otp.others for otp in figures.otps]
        found["othersAfterOffer"] = [otp.others_after_offer for otp in figures.otps]
        found["offered"] = [round(otp.offered, 3) for otp in figures.otps]
        found["begun"] = [round(otp.begun, 3) for otp in figures.otps]
    return found


def write_json(found: Sequence[Figures], path: Path) -> None:
    """Write the table for machines."""
    path.write_text(json.dumps([as_json(figures) for figures in found], indent=2) + "\n")

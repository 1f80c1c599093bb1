"""`make simulate`: every case, a process each, side by side on the cores there are."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from pathlib import Path

from rich.console import Console

from tests.simulation import report
from tests.simulation.cases import CASES, Case, Figures, run

WIDTH = 120


def main() -> int:
    """Run the cases, longest first; 1 when a limit isn't kept."""
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="PATH", help="write the table for machines")
    parser.add_argument("--only", metavar="CASE", help="only the cases of this name")
    arguments = parser.parse_args()
    cases = [case for case in CASES if arguments.only in (None, case.name)]
    if not cases:
        names = ", ".join(dict.fromkeys(case.name for case in CASES))
        parser.error(f"no case {arguments.only!r}: choose one of {names}")
    console = Console(width=WIDTH, highlight=False)
    started = time.monotonic()
    found = _run_all(cases, console)
    is_kept = report.show(found, console)
    if arguments.json:
        report.write_json(found, arguments.json)
    console.print(f"{len(cases)} cases in {time.monotonic() - started:.0f} s")
    return 0 if is_kept else 1


def _run_all(cases: list[Case], console: Console) -> list[Figures]:
    # A run doesn't depend on the order of a set: the same seed gives the same figures in every process.
    os.environ["PYTHONHASHSEED"] = "0"

    def tell(figures: Figures) -> None:
        console.print(f"{report.name_of(figures)}: {100 * figures.share:.1f} % of the radios")

    longest_first = sorted(cases, key=lambda case: case.phones * case.seconds, reverse=True)
    with multiprocessing.get_context("spawn").Pool(processes=os.cpu_count(), maxtasksperchild=1) as workers:
        running = {case: workers.apply_async(run, [case], callback=tell) for case in longest_first}
        return [running[case].get() for case in cases]


if __name__ == "__main__":
    raise SystemExit(main())

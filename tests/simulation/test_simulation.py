"""The smaller cases of `make simulate`, held to the same limits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulation import report
from tests.simulation.cases import Case, run

SMALL = (
    Case("backlog", 1, 60),
    Case("backlog", 50, 24),
    Case("inflow", 50, 24),
    Case("reconnect", 50, 24),
    Case("targeted", 1, 1_600, queued=0),
    Case("urgent", 1, 105, radio=1, queued=2_000),
    Case("fast", 1, 40, radio=0.2, network=(25, 25)),
)


@pytest.mark.parametrize("case", SMALL, ids=lambda case: f"{case.name} {case.phones}")
def test_a_case(case: Case, tmp_path: Path) -> None:
    figures = run(case)
    assert report.broken(figures) == [], figures
    report.write_json([figures], tmp_path / "table.json")
    (row,) = json.loads((tmp_path / "table.json").read_text())
    assert (row["case"], row["phones"], row["messages"]) == (case.name, case.phones, figures.messages)

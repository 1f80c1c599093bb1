"""The guarantee, over random schedules: at most one hand-over to the radio a job, every job ends, nothing leaks.

SMSKIT_SCHEDULES sets how many, SMSKIT_SEED where to begin, SMSKIT_BREAK which rule of `mutations` is broken.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.model.chunks import chunks, name_of
from tests.model.running import Runner
from tests.model.violations import violations

# Every schedule has to bear with these; a chunk that never met one of them proves nothing.
WEATHER = {
    "TransactionConflict", "TransactionConflictException", "ThrottlingError", "ThrottlingException",
    "ProvisionedThroughputExceeded", "ProvisionedThroughputExceededException", "ConditionalCheckFailed", "lost answer",
}  # fmt: skip


@pytest.mark.parametrize("seeds", chunks(200), ids=name_of)
def test_the_guarantee_holds_over_random_schedules(runner: Runner, seeds: range) -> None:
    met: Counter[str] = Counter()
    bad: dict[int, list[str]] = {}
    for seed in seeds:
        try:
            schedule = runner.run(seed)
        except AssertionError as error:
            bad[seed] = [str(error)]
            continue
        met += schedule.met
        found = violations(schedule)
        if found:
            bad[seed] = found
    assert not bad, "\n".join(f"seed {seed}: {found[:3]}" for seed, found in bad.items())
    assert len(seeds) < 50 or met.keys() >= WEATHER, met

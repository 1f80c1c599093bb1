"""The random schedules are worth something only if they fail where a rule of the real handlers is broken.

The rules' own model finds all of them; here are those that a few seconds of random schedules find in the real handlers.
What comes back in the wrong order is healed by the timers, so that healing is off, too. For the rest:
make model SMSKIT_BREAK=clear-assigned+no-orphans SMSKIT_SCHEDULES=20000 must fail.
"""

from __future__ import annotations

import pytest

from tests.model.mutations import MUTATIONS
from tests.model.running import Runner
from tests.model.violations import violations

MOST = 700
# The schedule that found it when this was written comes before all the others.
FOUND_BY = {"timer-late": 2, "blind-claim": 5, "conflict-decides": 1, "release-first+no-orphans": 67}


def is_bad(runner: Runner, seed: int) -> bool:
    """Whether a schedule ends in something that doesn't hold, or doesn't end."""
    try:
        return bool(violations(runner.run(seed)))
    except AssertionError:
        return True


@pytest.mark.parametrize("rules", FOUND_BY)
def test_a_broken_rule_is_found(runner: Runner, monkeypatch: pytest.MonkeyPatch, rules: str) -> None:
    for rule in rules.split("+"):
        MUTATIONS[rule](monkeypatch)
    assert any(is_bad(runner, seed) for seed in (FOUND_BY[rules], *range(1, MOST + 1)))

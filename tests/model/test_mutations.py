"""The random schedules are worth something only if they fail where a rule of the real handlers is broken.

The rules' own model finds all of them; here are those that a few seconds of random schedules find in the real handlers.
For the rest: make model SMSKIT_BREAK=no-look-job SMSKIT_SCHEDULES=20000 must fail.
"""

from __future__ import annotations

import pytest

from tests.model.mutations import MUTATIONS
from tests.model.running import Runner
from tests.model.violations import violations

MOST = 300


def is_bad(runner: Runner, seed: int) -> bool:
    """Whether a schedule ends in something that doesn't hold, or doesn't end."""
    try:
        return bool(violations(runner.run(seed)))
    except AssertionError:
        return True


@pytest.mark.parametrize("rule", ["timer-late", "blind-claim"])
def test_a_broken_rule_is_found(runner: Runner, monkeypatch: pytest.MonkeyPatch, rule: str) -> None:
    MUTATIONS[rule](monkeypatch)
    assert any(is_bad(runner, seed) for seed in range(1, MOST + 1))

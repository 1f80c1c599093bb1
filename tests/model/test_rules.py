"""The rules of the pool hold over random schedules, and the schedules find each rule that is broken on purpose.

SMSKIT_RULE_SCHEDULES sets how many, SMSKIT_SEED where to begin.
"""

from __future__ import annotations

import pytest

from tests.model.chunks import chunks, name
from tests.model.rule_schedules import RuleSchedule


@pytest.mark.parametrize("seeds", chunks(400, "SMSKIT_RULE_SCHEDULES"), ids=name)
def test_the_rules_hold(seeds: range) -> None:
    found = {seed: RuleSchedule(seed).run() for seed in seeds}
    assert not {seed: bad for seed, bad in found.items() if bad}

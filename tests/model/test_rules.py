"""The rules of the pool hold over random schedules, and the schedules find each rule that is broken on purpose.

SMSKIT_RULE_SCHEDULES sets how many, SMSKIT_SEED where to begin.
"""

from __future__ import annotations

import pytest

from tests.model.chunks import chunks, name_of
from tests.model.rule_schedules import RuleSchedule
from tests.model.rules import HEALED, RULES

# Seeds at which a broken rule is found, some of many. Whoever changes the world or the schedules looks for them anew.
FOUND = {
    ("timer-late",): [10, 12, 18],
    ("no-look-lane",): [49, 185, 371],
    ("no-look-job",): [57, 357, 373],
    ("first-entry-first",): [822],
    ("no-orphans",): [33, 75, 141],
    ("blind-claim",): [5, 64, 79],
    ("first-only",): [31657],
    ("keeps-lost-token",): [37, 6589, 8029],
    ("no-full",): [10, 16, 18],
    # Healed 10 s later by the offers' timers, by the rule about jobs that are in neither place.
    ("delete-first", "no-orphans"): [16, 56, 80],
    ("release-first", "no-orphans"): [26, 56, 78],
    ("clear-assigned", "no-orphans"): [26, 148, 172],
    ("full-last", "no-orphans"): [64, 148, 401],
}


@pytest.mark.parametrize("seeds", chunks(400, "SMSKIT_RULE_SCHEDULES"), ids=name_of)
def test_the_rules_hold(seeds: range) -> None:
    found = {seed: RuleSchedule(seed).run() for seed in seeds}
    assert not {seed: bad for seed, bad in found.items() if bad}


@pytest.mark.parametrize("broken", FOUND, ids="+".join)
def test_a_broken_rule_is_found(broken: tuple[str, ...]) -> None:
    """One that is healed is found where the healing is off, too, and the healing alone wouldn't be missed."""
    found = {seed: RuleSchedule(seed, *broken).run() for seed in FOUND[broken]}
    assert all(found.values()), (RULES[broken[0]], found)
    without = {seed: RuleSchedule(seed, *broken[1:]).run() for seed in FOUND[broken]}
    assert not any(without.values()), without


@pytest.mark.parametrize("rule", sorted(HEALED))
def test_what_the_timers_heal_does_no_harm(rule: str) -> None:
    """If one of these is found some day, it has become a rule of safety and belongs to the others."""
    assert not any(RuleSchedule(seed, rule).run() for seed in range(60))


def test_every_rule_has_its_proof() -> None:
    assert {broken[0] for broken in FOUND} | HEALED == RULES.keys()

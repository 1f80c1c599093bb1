"""Phones that are broken on purpose fail, each by its own rule."""

import asyncio
import os
import tempfile
from pathlib import Path

import pytest

from smskit_phone.conformance.endpoint import play_server
from smskit_phone.conformance.rules import in_order
from smskit_phone.conformance.suite import Setting, Suite
from smskit_phone.conformance.verdicts import Outcome, Rule
from tests.conformance.broken import VARIANTS, Variant
from tests.conformance.in_process import InProcess

# Every other rule for each phone; without it a tenth of them, not the same for any two neighbours.
LARGE = bool(os.environ.get("SMSKIT_BENCHMARK"))
# Rules that mostly wait: a broken phone is judged by those of them alone that it breaks.
SLOW = {
    "heartbeat.pace",
    "heartbeat.silence",
    "hello.unanswered",
    "deadline.radio",
    "revoked.leaves",
    "connect.backoff",
    "connect.replaced",
    "connect.jitter",
    "connect.lifetime",
}


async def judge(rules: list[Rule], folder: Path, patience: float) -> dict[str, str | None]:
    """What failed, with what was seen."""
    async with play_server() as endpoint:
        own_folder = Path(tempfile.mkdtemp(dir=folder))
        suite = Suite(endpoint, InProcess(), Setting(own_folder, scale=20, at_once=80, patience=patience))
        try:
            verdicts = await suite.judge(rules, lambda verdict: None)
        finally:
            await suite.end()
    return {verdict.rule.rule_id: verdict.seen for verdict in verdicts if verdict.outcome is Outcome.FAILED}


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
async def test_a_broken_phone_fails_by_its_own_rules(variant: Variant, quick_folder: Path, monkeypatch):
    variant.break_it(monkeypatch)

    own = [rule for rule in in_order() if rule.rule_id in variant.breaks]
    others = [rule for rule in in_order() if rule.rule_id not in variant.breaks | variant.may_break | SLOW]
    some = others if LARGE else others[VARIANTS.index(variant) % 10 :: 10]

    side_by_side = asyncio.Semaphore(1 if LARGE else 2)

    async def judged(rules: list[Rule], patience: float) -> dict[str, str | None]:
        async with side_by_side:
            return await judge(rules, quick_folder, patience)

    failed, also_failed = await asyncio.gather(judged(own, 2), judged(some, 20))

    assert failed.keys() == variant.breaks
    assert also_failed == {}


def test_each_rule_is_broken_by_a_phone():
    assert {rule.rule_id for rule in in_order()} == {name for variant in VARIANTS for name in variant.breaks}
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)

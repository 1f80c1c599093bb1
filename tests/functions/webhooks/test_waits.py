"""When an endpoint that fails is probed: how soon after its return, and how often in a day."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from smskit import settings
from smskit.platform.times import now_ms
from smskit.webhooks.logic.recovery import retry_schedule
from tests.support.hooks import job_ids
from tests.support.webhooks import Webhooks

DAY = 86_400
Draw = Callable[[float, float], float]


def shortest(low: float, high: float) -> float:
    return low


def longest(low: float, high: float) -> float:
    return high


@pytest.mark.parametrize("draw", [shortest, longest, random.uniform])
def test_the_waits_follow_the_age_of_the_outage_for_a_day_in_at_most_150_transitions(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch, draw: Draw
) -> None:
    """Whatever is drawn: the shortest waits are the most probes, and each state that is entered costs."""
    monkeypatch.setattr(retry_schedule.random, "uniform", draw)
    _, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    first = hooks.executions()[f"{webhook_id}-1"]["wait"]
    played = hooks.recover()
    probes = [wait for wait in played.waits if wait]
    assert probes[0] == first
    age = 0
    for wait in probes[:-1]:
        step = min(max(age / 3, 10), 3600)
        assert 0.7 * step - 1 <= wait <= step + 1
        age += wait
    assert DAY <= sum(probes) <= DAY + len(probes)
    assert hooks.status(webhook_id) == "Suspended"
    print(f"{len(probes)} probes, {played.transitions} transitions")
    assert played.transitions <= 150


@pytest.mark.parametrize(("down", "within"), [(120, 60), (900, 300), (6 * 3600, 3600)])
@pytest.mark.parametrize("draw", [shortest, longest, random.uniform])
def test_an_outage_is_over_for_its_events_soon_after_it_is_over(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch, draw: Draw, down: int, within: int
) -> None:
    monkeypatch.setattr(retry_schedule.random, "uniform", draw)
    hook, webhook_id, _ = hooks.hook(rule=500)
    happened = hooks.happen(1)
    began = now_ms()

    def come_back(_: int) -> None:
        # A probe that is due after the return finds the endpoint there.
        if now_ms() - began >= down * 1000:
            hook.rule = 200

    hooks.recover(on_wait=come_back)
    assert job_ids(hook) == happened
    assert (now_ms() - began) / 1000 - down <= within
    assert hooks.status(webhook_id) == "Active"


def test_endpoints_that_fail_together_are_not_probed_together() -> None:
    drawn = [retry_schedule.until_probe(900_000) for _ in range(2_000)]
    assert 210 <= min(drawn) < 220 and 290 < max(drawn) <= 300


@pytest.mark.parametrize(("wished", "waited"), [(1, 10), (10, 10), (17, 17), (20, 20), (3600, 20)])
def test_retry_after_is_honoured_between_once_and_twice_the_step(hooks: Webhooks, wished: int, waited: int) -> None:
    _, webhook_id, _ = hooks.hook(rule=lambda call: (503, {"Retry-After": str(wished)}))
    hooks.happen()
    assert hooks.executions()[f"{webhook_id}-1"]["wait"] == waited


def test_waits_are_scaled_where_time_is_short(hooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_WAIT_SCALE", "0.001")
    settings.forget()
    hooks.hook(rule=500)
    hooks.happen()
    assert sum(hooks.recover().waits) <= 100

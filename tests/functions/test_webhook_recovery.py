"""Endpoints that fail: the line, the steps and the drain."""

from __future__ import annotations

from itertools import count
from threading import Barrier

import pytest

from smskit import settings
from smskit.logic.webhooks import recovery, waits
from smskit.models.times import now_ms
from smskit.store import deliveries
from tests.support.hooks import Call, Hook
from tests.support.webhooks import Webhooks

DAY = 86_400


def job_ids(hook: Hook) -> list[str]:
    """The jobs whose events were taken, in order."""
    return [event["jobId"] for event in hook.events() if event["event"] == "sms:delivered"]


def test_an_outage_has_one_execution_and_is_made_up_for_in_order(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=503)
    happened = hooks.happen(1)
    assert hooks.status(webhook_id) == "Recovering"
    assert hooks.get(webhook_id)["failingSince"]
    happened += hooks.happen(250)
    assert len(hook.calls) == 1, "while Recovering, events join the line untried"

    def come_back(wait: int) -> None:
        if wait == 4:
            hook.rule = 200

    played = hooks.recover(on_wait=come_back)

    assert list(hooks.executions()) == [f"{webhook_id}-1"]
    assert job_ids(hook) == happened
    assert hooks.status(webhook_id) == "Active"
    assert "failingSince" not in hooks.get(webhook_id)
    assert hooks.statuses(webhook_id) == ["Delivered"] * 251
    assert deliveries.line(webhook_id, 10, deliveries.LINE) == []
    assert len([wait for wait in played.waits if wait]) == 4
    # Five waits with their tasks and a choice; the first drain is the fifth task, three more have a choice each.
    assert played.transitions == 11 + 3 * 2 + 2 + 1


def test_events_that_join_out_of_order_leave_in_order_of_their_time(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook(rule=500)
    hooks.happen()
    late, early = hooks.job(), hooks.job()
    hooks.clock.shift(10)
    at = 1_782_208_800_000
    hooks.fan_out([hooks.delivered(late, heard_at=at + 9_000), hooks.delivered(early, heard_at=at + 5_000)])
    hooks.send()
    hook.rule = 200
    hooks.recover()
    assert job_ids(hook)[1:] == [early.job_id, late.job_id]


def test_after_an_outage_events_go_straight_out_and_the_next_outage_has_its_own_execution(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 200
    hooks.recover()
    hooks.happen()
    assert len(hook.taken) == 2
    hook.rule = 500
    hooks.happen()
    hook.rule = 200
    hooks.recover()
    assert sorted(hooks.executions()) == [f"{webhook_id}-1", f"{webhook_id}-2"]
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3


def test_the_waits_follow_the_age_of_the_outage_for_a_day_in_at_most_150_transitions(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    first = hooks.executions()[f"{webhook_id}-1"]["wait"]
    played = hooks.recover()
    probes = [wait for wait in played.waits if wait]
    assert probes[0] == first
    age = 0
    for wait in probes[:-1]:
        step = min(max(age / 3, 10), 3600)
        assert step / 2 - 1 <= wait <= step + 1
        age += wait
    assert DAY <= sum(probes) <= DAY + len(probes)
    assert hooks.status(webhook_id) == "Suspended"
    assert played.transitions <= 150


@pytest.mark.parametrize(("down", "within"), [(120, 60), (900, 300), (6 * 3600, 3600)])
def test_an_outage_is_over_for_its_events_soon_after_it_is_over(hooks: Webhooks, down: int, within: int) -> None:
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


def test_half_of_a_step_is_jitter() -> None:
    drawn = [waits.until_probe(900_000) for _ in range(2_000)]
    assert 150 <= min(drawn) < 160 and 290 < max(drawn) <= 300


def test_events_of_one_recipient_stay_in_order_while_those_of_others_go_side_by_side(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook(rule=500)
    numbers = [f"+2547123456{index:02}" for index in range(8)]
    happened: dict[str, list[str]] = {number: [] for number in numbers}
    for index in range(32):
        job = hooks.job(recipient=numbers[index % 8])
        happened[job.recipient].append(job.job_id)
        hooks.clock.shift(1)
        hooks.fan_out([hooks.delivered(job)])
        hooks.send()
    together = Barrier(8, timeout=30)
    arrived = count(1)

    def answer(_: Call) -> int:
        # The probe takes the first; then a whole wave must be on its way before any of it is answered.
        if 1 < next(arrived) <= 9:
            together.wait()
        return 200

    hook.rule = answer
    hooks.recover()
    taken = hook.events("sms:delivered")
    assert len(taken) == 32 and not together.broken
    for number in numbers:
        assert [event["jobId"] for event in taken if event["recipient"] == number] == happened[number]


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


def test_a_sporadic_failure_never_suspends(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook()
    hook.rule = lambda call: 500 if len(hook.calls) % 3 == 0 else 200
    for _ in range(30):
        hooks.happen()
        if hooks.status(webhook_id) == "Recovering":
            hooks.happen(4)
            hooks.recover()
    assert hooks.status(webhook_id) == "Active"
    assert set(hooks.statuses(webhook_id)) == {"Delivered"}


def test_a_burst_over_a_sporadic_failure_is_drained_without_a_wait_for_each(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(100)
    hook.rule = lambda call: 500 if len(hook.calls) % 3 == 0 else 200
    played = hooks.recover()
    assert hooks.statuses(webhook_id) == ["Delivered"] * 100
    assert len([wait for wait in played.waits if wait]) <= 2


def test_an_endpoint_that_goes_down_during_the_drain_is_waited_for_again(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    happened = hooks.happen(40)
    hook.rule = lambda call: 200 if len(hook.taken) < 20 else 503

    def come_back(wait: int) -> None:
        if wait == 5:
            hook.rule = 200

    played = hooks.recover(on_wait=come_back)
    assert job_ids(hook) == happened
    assert 5 <= played.waits[1] <= 10, "from the first step"
    assert hooks.status(webhook_id) == "Active"


def test_a_connection_that_is_refused_is_an_outage_too(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook()
    hook.close()
    hooks.happen(2)
    (entry, _) = reversed(hooks.log(webhook_id))
    assert entry["attempts"][0]["error"].startswith("connect:")
    assert "status" not in entry["attempts"][0]
    assert hooks.status(webhook_id) == "Recovering"


def test_a_removed_endpoint_ends_its_execution(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hooks.api.call("DELETE", f"/api/webhooks/{webhook_id}")
    assert hooks.recover().entered[-2:] == ["What now?", "Done"]


def test_a_new_url_is_probed_at_the_next_step(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook(rule=500)
    happened = hooks.happen(2)
    mended = Hook()
    hooks.hooks.append(mended)
    assert hooks.api.call("PATCH", f"/api/webhooks/{webhook_id}", {"url": mended.url}).status == 200
    hooks.recover()
    assert job_ids(mended) == happened


def test_a_long_recovery_goes_on_in_a_new_execution(hooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    happened = hooks.happen(3)
    with monkeypatch.context() as patch:
        patch.setattr(recovery, "MAX_ROUNDS", 3)
        played = hooks.recover()
    assert played.entered[-3:] == ["Continue in a new execution", "What now?", "Done"]
    hook.rule = 200
    hooks.recover()
    assert sorted(hooks.executions()) == [f"{webhook_id}-1", f"{webhook_id}-1-2"]
    assert job_ids(hook) == happened
    assert hooks.status(webhook_id) == "Active"


def test_a_task_that_fails_on_our_side_is_taken_up_again(hooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    happened = hooks.happen(5)
    hook.rule = 200
    broken = recovery._TASKS["drain"]
    failures = iter([True])

    def fail_once(outage):
        if next(failures, False):
            raise RuntimeError("DynamoDB is away")
        return broken(outage)

    monkeypatch.setitem(recovery._TASKS, "drain", fail_once)
    played = hooks.recover()
    assert "Rest" in played.entered
    assert played.entered[-3:] == ["Continue in a new execution", "What now?", "Done"], "a rest may have been long"
    hooks.recover()
    assert job_ids(hook) == happened
    assert hooks.status(webhook_id) == "Active"

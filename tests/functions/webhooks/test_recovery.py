"""Endpoints that fail: the line, and the execution that works on it."""

from __future__ import annotations

import pytest

from smskit.webhooks.logic.recovery import tasks as recovery
from smskit.webhooks.store import deliveries
from tests.support.hooks import Hook, job_ids
from tests.support.webhooks import Webhooks


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

"""Outages that nobody works on any more, and those that somebody asks to end: another execution takes over."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.webhooks.gateways import recovery_machine
from smskit.webhooks.logic.recovery import suspension
from smskit.webhooks.logic.recovery import tasks as recovery
from smskit.webhooks.logic.recovery.outage_state import Next, Outage
from smskit.webhooks.store import deliveries, endpoints
from tests.support.webhooks import Webhooks

HOUR = 3600


def begun_without_an_execution(hooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event fails, and Step Functions takes no execution until its message is a dead letter."""

    def refuse(*arguments: Any) -> bool:
        raise ConnectionError("Step Functions is away")

    hooks.fan_out([hooks.delivered()])
    messages = hooks.receive()
    with monkeypatch.context() as patch:
        patch.setattr(recovery_machine, "start", refuse)
        assert hooks.hand_over(messages), "it failed"
    for message in messages:
        hooks.cloud.sqs.delete_message(
            QueueUrl=hooks.cloud.queues["deliveries"], ReceiptHandle=message["ReceiptHandle"]
        )


def test_an_outage_whose_execution_never_started_is_taken_up_by_a_later_event(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    begun_without_an_execution(hooks, monkeypatch)
    hook.rule = 200
    hooks.happen(2)
    assert hooks.executions() == {}, "one that was begun just now may be on its way"
    assert hooks.clock is not None
    hooks.clock.shift(2 * HOUR)
    hooks.happen(3)
    assert list(hooks.executions()) == [f"{webhook_id}-2"]
    hooks.recover()
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Delivered"] * 6


def test_an_outage_whose_execution_died_is_taken_up_once_no_wait_can_be_that_long(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    assert hooks.clock is not None
    hooks.clock.shift(10)
    recovery.run("probe", Outage(hooks.account_id, webhook_id, 1))
    hooks.clock.shift(2 * HOUR)
    hooks.happen()
    assert list(hooks.executions()) == [f"{webhook_id}-1"], "it may still wait: twice the longest step"
    hooks.clock.shift(1 * HOUR)
    hooks.happen()
    assert sorted(hooks.executions()) == [f"{webhook_id}-1", f"{webhook_id}-2"]
    hook.rule = 200
    hooks.recover(name=f"{webhook_id}-2")
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert hooks.recover(name=f"{webhook_id}-1").entered[-1] == "Done", "if it lives after all, it has nothing to do"
    assert len(hook.taken) == 3


def test_an_execution_of_an_earlier_deployment_goes_on_with_the_state_that_it_has(hooks: Webhooks) -> None:
    """Running executions keep their definition and hand the new function what the old one wrote: steps, no time."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    waiting = hooks.happen(3)
    assert hooks.clock is not None
    old = {
        "accountId": hooks.account_id, "webhookId": webhook_id, "outage": 1, "step": 7, "wait": 14_400, "rounds": 7,
        "part": 1, "next": "wait", "reason": None,
    }  # fmt: skip
    hooks.clock.shift(14_400)

    state = hooks.invoke("webhook_recovery", {"task": "probe", "outage": old})
    assert (state["next"], hooks.status(webhook_id)) == ("wait", "Recovering")
    hook.rule = 200
    hooks.clock.shift(state["wait"])
    for task in ("probe", "drain", "close"):
        state = hooks.invoke("webhook_recovery", {"task": task, "outage": state})

    assert (state["next"], hooks.status(webhook_id)) == ("done", "Active")
    assert [event["jobId"] for event in hook.events("sms:delivered")] == waiting


def test_what_stood_aside_is_taken_over_from_an_execution_that_died(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    (bad,) = hooks.happen()
    hook.rule = lambda call: 500 if call.payload.get("jobId") == bad else 200
    assert hooks.clock is not None
    recovery.run("probe", Outage(hooks.account_id, webhook_id, 1))
    assert len(deliveries.line(webhook_id, 10, deliveries.aside(1))) == 1
    hooks.clock.shift(22 * HOUR)
    hooks.happen(2)
    hook.rule = 200
    hooks.recover(name=f"{webhook_id}-2")
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3


def test_a_sender_that_dies_between_renewing_an_outage_and_starting_its_execution_is_run_again(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    begun_without_an_execution(hooks, monkeypatch)
    assert hooks.clock is not None
    hooks.clock.shift(2 * HOUR)
    hooks.fan_out([hooks.delivered()])
    messages = hooks.receive()
    with monkeypatch.context() as patch:
        patch.setattr(recovery_machine, "start", lambda *arguments: 1 / 0)
        assert hooks.hand_over(messages)
    endpoint = endpoints.get(hooks.account_id, webhook_id)
    assert endpoint is not None and endpoint.outage == 2
    messages[0]["Attributes"]["ApproximateReceiveCount"] = "2"
    assert hooks.hand_over(messages) == []
    hook.rule = 200
    hooks.recover()
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Delivered"] * 2


def test_an_accepted_enable_ends_the_wait_of_an_endpoint_that_recovers(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    waiting = hooks.happen(3)
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    assert list(hooks.executions()) == [f"{webhook_id}-1"], "the ping was refused"
    hook.rule = 200
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    assert hooks.executions()[f"{webhook_id}-2"]["wait"] == 0
    hooks.recover(name=f"{webhook_id}-2")
    assert hooks.status(webhook_id) == "Active"
    assert [event["jobId"] for event in hook.events("sms:delivered")] == waiting
    assert hooks.recover(name=f"{webhook_id}-1").entered[-2:] == ["What now?", "Done"]
    assert hooks.status(webhook_id) == "Active"


def test_an_enable_whose_sender_dies_before_it_starts_the_execution_is_run_again(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 200
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    messages = hooks.receive()
    with monkeypatch.context() as patch:
        patch.setattr(recovery_machine, "start", lambda *arguments: 1 / 0)
        assert hooks.hand_over(messages)
    assert list(hooks.executions()) == [f"{webhook_id}-1"]
    for _ in range(2):
        assert hooks.hand_over(messages) == []
    assert sorted(hooks.executions()) == [f"{webhook_id}-1", f"{webhook_id}-2"]
    hooks.recover(name=f"{webhook_id}-2")
    assert hooks.status(webhook_id) == "Active"
    assert len(hook.events("ping")) == 1


@pytest.mark.parametrize(
    "reason", ["It accepted nothing for 24 hours; the last try failed: HTTP 500", suspension.GONE_REASON]
)
def test_a_suspend_task_that_is_run_again_leaves_alone_what_was_enabled_meanwhile(hooks: Webhooks, reason: str) -> None:
    other, _, _ = hooks.hook("webhook:suspended")
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    outage = Outage(hooks.account_id, webhook_id, 1, next=Next.SUSPEND, reason=reason)
    recovery.run("suspend", outage)
    assert hooks.status(webhook_id) == "Suspended"
    hook.rule = 200
    assert hooks.clock is not None
    hooks.clock.shift(5)
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    hooks.clock.shift(5)
    assert recovery.run("suspend", outage).next is Next.DONE
    hooks.send()
    assert hooks.status(webhook_id) == "Active"
    assert len(other.events("webhook:suspended")) == 1


def test_410_to_an_event_that_stands_aside_suspends_and_tells_once(hooks: Webhooks) -> None:
    other, _, _ = hooks.hook("webhook:suspended")
    hook, webhook_id, _ = hooks.hook(rule=500)
    (bad,) = hooks.happen()
    rules = {bad: 500}
    hook.rule = lambda call: rules.get(call.payload.get("jobId"), 200)

    def give_up(wait: int) -> None:
        if wait == 2:
            assert hooks.status(webhook_id) == "Active"
            rules[bad] = 410

    hooks.recover(on_wait=give_up)
    assert hooks.get(webhook_id)["suspendedReason"] == suspension.GONE_REASON
    assert hooks.statuses(webhook_id) == ["Skipped"]
    assert len(other.events("webhook:suspended")) == 1

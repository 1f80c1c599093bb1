"""The moments between two requests: handlers that die there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import botocore.client
import pytest

from smskit.webhooks.logic import deliver
from smskit.webhooks.store import deliveries
from tests.support.webhooks import Webhooks


class Killed(BaseException):
    """The end of a process."""


def die(patch: pytest.MonkeyPatch, number: int, *, after: bool) -> Callable[[], int]:
    """Let the process die before or after its `number`th AWS request; tells how many it made."""
    original, made = botocore.client.BaseClient._make_api_call, [0]

    def counted(self: Any, operation: str, arguments: Any) -> Any:
        made[0] += 1
        if made[0] == number and not after:
            raise Killed
        answer = original(self, operation, arguments)
        if made[0] == number and after:
            raise Killed
        return answer

    patch.setattr(botocore.client.BaseClient, "_make_api_call", counted)
    return lambda: made[0]


def redeliver(hooks: Webhooks, messages: list[dict[str, Any]]) -> None:
    """The queue shows the messages again, to a new process."""
    deliver.forget()
    for message in messages:
        message["Attributes"]["ApproximateReceiveCount"] = "2"
    hooks.hand_over(messages)
    hooks.send()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(1, 8))
def test_a_sender_that_dies_at_any_request_of_a_failed_delivery_strands_nothing(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch, number: int, after: bool
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.fan_out([hooks.delivered()])
    messages = hooks.receive()
    with monkeypatch.context() as patch:
        requests = die(patch, number, after=after)
        try:
            hooks.hand_over(messages)
        except Killed:
            pass
        else:
            assert requests() < number
    redeliver(hooks, messages)
    assert hooks.status(webhook_id) == "Recovering"
    hook.rule = 200
    hooks.recover()
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Delivered"]
    assert deliveries.line(webhook_id, 10, deliveries.LINE) == []


@pytest.mark.parametrize("number", range(1, 7))
def test_a_sender_that_dies_at_any_request_of_a_410_suspends_and_tells_once(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    other, _, _ = hooks.hook("webhook:suspended")
    _, webhook_id, _ = hooks.hook(rule=410)
    hooks.fan_out([hooks.delivered()])
    messages = hooks.receive()
    with monkeypatch.context() as patch:
        die(patch, number, after=True)
        with contextlib.suppress(Killed):
            hooks.hand_over(messages)
    redeliver(hooks, messages)
    assert hooks.status(webhook_id) == "Suspended"
    assert len(other.events("webhook:suspended")) == 1
    assert hooks.statuses(webhook_id)[0] in ("Failed", "Skipped")


@pytest.mark.parametrize("number", range(1, 7))
def test_a_sender_that_dies_at_any_request_of_a_replay_that_gets_410_suspends_and_tells_once(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    other, _, _ = hooks.hook("webhook:suspended")
    hook, webhook_id, _ = hooks.hook()
    hooks.happen()
    hook.rule = 410
    assert hooks.clock is not None
    hooks.clock.shift(1)
    (entry,) = hooks.log(webhook_id)
    hooks.api.post(f"/api/webhooks/{webhook_id}/deliveries/{entry['deliveryId']}/replay")
    messages = hooks.receive()
    with monkeypatch.context() as patch:
        die(patch, number, after=True)
        with contextlib.suppress(Killed):
            hooks.hand_over(messages)
    redeliver(hooks, messages)
    assert hooks.status(webhook_id) == "Suspended"
    assert len(other.events("webhook:suspended")) == 1


@pytest.mark.parametrize("number", range(1, 12))
def test_a_recovery_task_that_dies_at_any_request_is_run_again(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    happened = hooks.happen(3)
    hook.rule = 200
    state = hooks.executions()[f"{webhook_id}-1"]
    given = {"task": "drain", "outage": state}
    with monkeypatch.context() as patch:
        die(patch, number, after=True)
        with contextlib.suppress(Killed):
            hooks.invoke("webhook_recovery", given)
    hooks.recover()
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    taken = [event["jobId"] for event in hook.events()]
    assert list(dict.fromkeys(taken)) == happened
    assert len(taken) <= 4, "at most the one in hand goes out twice"


@pytest.mark.parametrize("number", range(1, 7))
def test_a_sender_that_dies_with_an_event_for_an_endpoint_that_has_recovered_is_run_again(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(2)
    hooks.fan_out([hooks.delivered()])
    messages = hooks.receive()
    hook.rule = 200
    hooks.recover()
    with monkeypatch.context() as patch:
        die(patch, number, after=True)
        with contextlib.suppress(Killed):
            hooks.hand_over(messages)
    redeliver(hooks, messages)
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert list(hooks.executions()) == [f"{webhook_id}-1"]
    assert deliveries.line(webhook_id, 10, deliveries.LINE) == []

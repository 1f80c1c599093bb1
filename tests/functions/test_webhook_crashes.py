"""The moments between two requests: handlers that die there, and two that meet there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import botocore.client
import pytest

from smskit.edge import changes
from smskit.logic.webhooks import recovery, sending, walking
from smskit.models.outage import Next, Outage
from smskit.models.times import now_ms
from smskit.models.webhook import Endpoint
from smskit.store import deliveries, webhooks
from smskit.store.deliveries import Place
from tests.support.hooks import Hook
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
    sending.forget()
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


def joiner(hooks: Webhooks, hook: Hook) -> Callable[[], None]:
    """A sender that knows the endpoint as Recovering, with one event in its hands."""
    hooks.happen()
    hooks.fan_out([hooks.delivered()])
    messages = hooks.receive()

    def join() -> None:
        messages[0]["Attributes"]["SentTimestamp"] = str(now_ms())
        hooks.hand_over(messages)

    return join


def test_an_event_that_joins_just_after_the_outage_closed_is_sent_at_once(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 200
    join, end = joiner(hooks, hook), webhooks.end_outage

    def end_and_meet(*arguments: Any) -> Endpoint | None:
        ended = end(*arguments)
        monkeypatch.setattr(webhooks, "end_outage", end)
        join()
        return ended

    monkeypatch.setattr(webhooks, "end_outage", end_and_meet)
    hooks.recover()
    assert list(hooks.executions()) == [f"{webhook_id}-1"], "nothing has failed again"
    assert len(hook.taken) == 3
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert hooks.status(webhook_id) == "Active"
    assert deliveries.line(webhook_id, 10, deliveries.LINE) == []


def test_an_event_whose_place_is_seen_at_the_last_look_is_sent_by_one_of_the_two(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The execution looks at the line between the event's joining and its sender's finding the endpoint Active."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 200
    join, end, look = joiner(hooks, hook), webhooks.end_outage, deliveries.withdraw
    outage = Outage(hooks.account_id, webhook_id, 1)

    def look_and_meet(place: Place) -> bool:
        monkeypatch.setattr(deliveries, "withdraw", look)
        onward = recovery.run("close", outage)
        assert onward.next is Next.DRAIN, "it found the place"
        while onward.next is not Next.DONE:
            onward = recovery.run(onward.next, onward)
        return look(place)

    def end_and_meet(*arguments: Any) -> Endpoint | None:
        ended = end(*arguments)
        monkeypatch.setattr(webhooks, "end_outage", end)
        monkeypatch.setattr(deliveries, "withdraw", look_and_meet)
        join()
        return ended

    monkeypatch.setattr(webhooks, "end_outage", end_and_meet)
    hooks.recover()
    assert list(hooks.executions()) == [f"{webhook_id}-1"]
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert hooks.status(webhook_id) == "Active"
    assert len(hook.taken) == 3


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


def test_a_failure_that_is_logged_behind_the_acceptance_does_not_let_the_delivery_wait_again(hooks: Webhooks) -> None:
    """Two who send the same event at once: one is refused, the other is not."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    endpoint = webhooks.get(hooks.account_id, webhook_id)
    (place,) = deliveries.line(webhook_id, 10)
    waiting = deliveries.get(webhook_id, place.delivery_id)
    assert endpoint is not None and waiting is not None
    hook.rule = 200
    walking.try_once(endpoint, waiting)
    hook.rule = 500
    walking.try_once(endpoint, waiting)
    assert hooks.statuses(webhook_id) == ["Delivered"]
    assert [attempt["status"] for attempt in hooks.log(webhook_id)[0]["attempts"]] == [500, 200, 500]


def test_an_event_that_joins_just_before_the_outage_closes_is_found(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 200
    join, end = joiner(hooks, hook), webhooks.end_outage

    def meet_and_end(*arguments: Any) -> Endpoint | None:
        monkeypatch.setattr(webhooks, "end_outage", end)
        join()
        return end(*arguments)

    monkeypatch.setattr(webhooks, "end_outage", meet_and_end)
    played = hooks.recover()
    assert list(hooks.executions()) == [f"{webhook_id}-1"]
    assert played.entered.count("Close") == 2
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert hooks.status(webhook_id) == "Active"


def test_an_event_that_joins_while_its_endpoint_is_suspended_is_skipped(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 410
    join, suspend = joiner(hooks, hook), recovery.suspension.suspend

    def suspend_and_meet(*arguments: Any) -> None:
        suspend(*arguments)
        join()

    monkeypatch.setattr(recovery.suspension, "suspend", suspend_and_meet)
    hooks.recover()
    assert hooks.statuses(webhook_id) == ["Skipped"] * 3
    assert deliveries.line(webhook_id, 10, deliveries.LINE) == []


def test_many_failures_at_once_begin_one_outage(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(10)
    assert list(hooks.executions()) == [f"{webhook_id}-1"]


def test_an_endpoint_enabled_while_its_line_is_swept_gets_what_is_left(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(3)
    hook.rule = 410
    outage = recovery.run("probe", Outage(hooks.account_id, webhook_id, 1))
    endpoint = webhooks.get(hooks.account_id, webhook_id)
    assert endpoint is not None
    webhooks.suspend(endpoint, "meanwhile", 0)
    webhooks.activate(hooks.account_id, webhook_id, 1)
    hook.rule = 200
    onward = recovery.run("suspend", Outage(hooks.account_id, webhook_id, 1))
    assert (outage.next, onward.next) == ("suspend", "drain")
    changes.forget()
    recovery.run("close", recovery.run("drain", onward))
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert hooks.status(webhook_id) == "Active"

"""The moments between two requests: two handlers that meet there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smskit.entrypoints import event_fanout
from smskit.models.webhook import Endpoint
from smskit.platform.times import now_ms
from smskit.webhooks.logic.recovery import drain
from smskit.webhooks.logic.recovery import tasks as recovery
from smskit.webhooks.logic.recovery.outage_state import Next, Outage
from smskit.webhooks.store import deliveries, endpoints
from smskit.webhooks.store.deliveries import BacklogEntry
from tests.support.hooks import Hook
from tests.support.webhooks import Webhooks


def test_an_endpoint_that_takes_everything_is_at_rest_after_its_outage_however_much_is_on_its_way(
    hooks: Webhooks,
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=503)
    hooks.happen(2)  # a warm sender knows the endpoint as Recovering
    hook.rule = 200
    on_its_way = []

    def happen(wait: int) -> None:
        hooks.fan_out([hooks.delivered() for _ in range(3)])
        on_its_way.extend(hooks.receive())

    hooks.recover(on_wait=happen)
    assert hooks.hand_over(on_its_way) == []
    hooks.happen(2)
    assert list(hooks.executions()) == [f"{webhook_id}-1"], "only an attempt that fails begins an outage"
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Delivered"] * 7
    assert len(hook.taken) == 7, "nothing is sent twice"


def test_an_event_that_fails_just_after_an_outage_begins_the_next(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=503)
    hooks.happen(2)
    hooks.fan_out([hooks.delivered()])
    on_its_way = hooks.receive()
    hook.rule = 200
    hooks.recover()
    hook.rule = 503
    hooks.hand_over(on_its_way)
    assert hooks.status(webhook_id) == "Recovering"
    hook.rule = 200
    hooks.recover()
    assert sorted(hooks.executions()) == [f"{webhook_id}-1", f"{webhook_id}-2"]
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3


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
    join, end = joiner(hooks, hook), endpoints.end_outage

    def end_and_meet(*arguments: Any) -> Endpoint | None:
        ended = end(*arguments)
        monkeypatch.setattr(endpoints, "end_outage", end)
        join()
        return ended

    monkeypatch.setattr(endpoints, "end_outage", end_and_meet)
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
    join, end, look = joiner(hooks, hook), endpoints.end_outage, deliveries.withdraw
    outage = Outage(hooks.account_id, webhook_id, 1)

    def look_and_meet(place: BacklogEntry) -> bool:
        monkeypatch.setattr(deliveries, "withdraw", look)
        onward = recovery.run("close", outage)
        assert onward.next is Next.DRAIN, "it found the place"
        while onward.next is not Next.DONE:
            onward = recovery.run(onward.next, onward)
        return look(place)

    def end_and_meet(*arguments: Any) -> Endpoint | None:
        ended = end(*arguments)
        monkeypatch.setattr(endpoints, "end_outage", end)
        monkeypatch.setattr(deliveries, "withdraw", look_and_meet)
        join()
        return ended

    monkeypatch.setattr(endpoints, "end_outage", end_and_meet)
    hooks.recover()
    assert list(hooks.executions()) == [f"{webhook_id}-1"]
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert hooks.status(webhook_id) == "Active"
    assert len(hook.taken) == 3


def test_a_place_that_was_taken_back_by_a_request_whose_answer_was_lost_is_not_lost(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request is sent again then, and finds no place."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 200
    join, withdraw = joiner(hooks, hook), deliveries.withdraw

    def withdraw_twice(place: BacklogEntry) -> bool:
        assert withdraw(place)
        return withdraw(place)

    hooks.recover()
    monkeypatch.setattr(deliveries, "withdraw", withdraw_twice)
    join()
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert len(hook.taken) == 3 and hooks.status(webhook_id) == "Active"


def test_a_failure_that_is_logged_behind_the_acceptance_does_not_let_the_delivery_wait_again(hooks: Webhooks) -> None:
    """Two who send the same event at once: one is refused, the other is not."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    endpoint = endpoints.get(hooks.account_id, webhook_id)
    (place,) = deliveries.line(webhook_id, 10)
    waiting = deliveries.get(webhook_id, place.delivery_id)
    assert endpoint is not None and waiting is not None
    hook.rule = 200
    drain.try_once(endpoint, waiting)
    hook.rule = 500
    drain.try_once(endpoint, waiting)
    assert hooks.statuses(webhook_id) == ["Delivered"]
    assert [attempt["status"] for attempt in hooks.log(webhook_id)[0]["attempts"]] == [500, 200, 500]


def test_an_event_that_joins_just_before_the_outage_closes_is_found(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 200
    join, end = joiner(hooks, hook), endpoints.end_outage
    closings: list[str] = []

    def meet_and_end(*arguments: Any) -> Endpoint | None:
        closings.append("close")
        if len(closings) == 1:
            join()
        return end(*arguments)

    monkeypatch.setattr(endpoints, "end_outage", meet_and_end)
    hooks.recover()
    assert list(hooks.executions()) == [f"{webhook_id}-1"]
    assert len(closings) == 2
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert hooks.status(webhook_id) == "Active"


def test_an_event_that_joins_while_its_endpoint_is_suspended_is_skipped(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    hook.rule = 410
    join, suspend = joiner(hooks, hook), endpoints.suspend

    def suspend_and_meet(*arguments: Any) -> Endpoint | None:
        suspended = suspend(*arguments)
        join()
        return suspended

    monkeypatch.setattr(endpoints, "suspend", suspend_and_meet)
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
    endpoint = endpoints.get(hooks.account_id, webhook_id)
    assert endpoint is not None
    endpoints.suspend(endpoint, "meanwhile", 0)
    endpoints.activate(hooks.account_id, webhook_id, 1)
    hook.rule = 200
    onward = recovery.run("suspend", Outage(hooks.account_id, webhook_id, 1))
    assert (outage.next, onward.next) == ("suspend", "drain")
    event_fanout.forget()
    recovery.run("close", recovery.run("drain", onward))
    assert hooks.statuses(webhook_id) == ["Delivered"] * 3
    assert hooks.status(webhook_id) == "Active"

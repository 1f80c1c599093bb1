"""Suspended endpoints: by the last step, by 410, told to others; enabled by a ping; and what was skipped, replayed."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.models.webhook import EndpointStatus
from smskit.platform.times import now_ms
from smskit.webhooks.logic.recovery import suspension
from smskit.webhooks.logic.recovery import tasks as recovery
from smskit.webhooks.logic.recovery.outage_state import Next, Outage
from smskit.webhooks.store import deliveries, endpoints
from smskit.webhooks.store.deliveries import BacklogEntry
from tests.support.hooks import Hook
from tests.support.webhooks import Webhooks


def suspended(hooks: Webhooks, count: int = 3) -> tuple[Hook, str, list[str]]:
    """An endpoint that failed through all steps, and the jobs whose events it missed."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    missed = hooks.happen(count)
    hooks.recover()
    return hook, webhook_id, missed


def test_constant_failure_suspends_after_a_day(hooks: Webhooks) -> None:
    other, _, _ = hooks.hook("webhook:suspended")
    deaf, _, _ = hooks.hook("sms:failed")
    hook, webhook_id, missed = suspended(hooks)

    shown = hooks.get(webhook_id)
    assert shown["status"] == "Suspended"
    assert shown["suspendedReason"] == "It accepted nothing for 24 hours; the last try failed: HTTP 500"
    assert shown["suspendedAt"] > "2026-06-23T10:00:00Z"
    assert hooks.statuses(webhook_id) == ["Skipped"] * 3
    tried = [call for call in hook.calls if call.payload.get("jobId") == missed[0]]
    assert len(tried) > 40
    (told,) = other.events("webhook:suspended")
    assert {key: told[key] for key in ("webhookId", "url", "reason", "suspendedAt")} == {
        "webhookId": webhook_id, "url": hook.url, "reason": shown["suspendedReason"],
        "suspendedAt": shown["suspendedAt"],
    }  # fmt: skip
    assert deaf.calls == []


def test_while_suspended_events_are_kept_as_skipped(hooks: Webhooks) -> None:
    hook, webhook_id, _ = suspended(hooks)
    before = len(hook.calls)
    hooks.happen(2)
    assert len(hook.calls) == before
    assert hooks.statuses(webhook_id) == ["Skipped"] * 5
    assert len(hooks.executions()) == 1


def test_enabling_pings_first_and_replay_delivers_what_was_missed_once(hooks: Webhooks) -> None:
    hook, webhook_id, missed = suspended(hooks)
    missed += hooks.happen(2)
    hook.calls.clear()

    answer = hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    assert (answer.status, answer.body["status"]) == (202, "Suspended")
    hooks.send()
    assert [call.payload["event"] for call in hook.calls] == ["ping"]
    assert hooks.status(webhook_id) == "Suspended", "the ping was refused"

    hook.rule = 200
    hooks.clock.shift(1)
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    shown = hooks.get(webhook_id)
    assert shown["status"] == "Active"
    assert "suspendedAt" not in shown and "suspendedReason" not in shown

    since = {"since": "2026-06-23T10:00:00Z"}
    assert hooks.api.post(f"/api/webhooks/{webhook_id}/replay", since).status == 202
    hooks.send()
    taken = [event["jobId"] for event in hook.events("sms:delivered")]
    assert sorted(taken) == sorted(missed)
    assert hooks.statuses(webhook_id) == ["Delivered"] * 5
    hooks.clock.shift(1)
    hooks.api.post(f"/api/webhooks/{webhook_id}/replay", since)
    hooks.send()
    assert len(hook.events("sms:delivered")) == 5, "what was delivered isn't replayed by time"


def test_an_old_ping_does_not_undo_a_later_suspension(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook()
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    messages = hooks.receive()
    hooks.clock.shift(60)
    hook.rule = 410
    hooks.fan_out([hooks.delivered()])
    hooks.send()
    hook.rule = 200
    hooks.hand_over(messages)
    assert hooks.status(webhook_id) == "Suspended"


def test_410_suspends_at_once(hooks: Webhooks) -> None:
    other, _, _ = hooks.hook("webhook:suspended")
    hook, webhook_id, _ = hooks.hook(rule=410)
    hooks.happen(2)
    assert hooks.get(webhook_id)["suspendedReason"] == "The endpoint answered 410 Gone"
    assert sorted(hooks.statuses(webhook_id)) in (["Failed", "Failed"], ["Failed", "Skipped"])
    assert len(other.events("webhook:suspended")) == 1
    assert hooks.executions() == {}
    assert len(hook.calls) <= 2


def test_410_to_a_probe_suspends_at_once(hooks: Webhooks) -> None:
    other, _, _ = hooks.hook("webhook:suspended")
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(120)
    hook.rule = 410
    played = hooks.recover()
    assert len([wait for wait in played.waits if wait]) == 1
    assert hooks.status(webhook_id) == "Suspended"
    assert hooks.statuses(webhook_id) == ["Skipped"] * 120
    oldest = [entry for entry in hooks.log(webhook_id) if entry["event"] != "ping"][-1]
    assert [attempt["status"] for attempt in oldest["attempts"]] == [500, 410], "the attempt that met 410 is in the log"
    assert played.entered.count("Suspend") == 1
    assert len(other.events("webhook:suspended")) == 1


def test_a_long_line_that_is_skipped_ends_where_the_endpoint_is_enabled_meanwhile(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What joins from then on belongs to another outage."""
    _, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(120)
    look = deliveries.line

    def enable_at_the_second_look(*arguments: Any) -> list[BacklogEntry]:
        endpoint = endpoints.get(hooks.account_id, webhook_id)
        assert endpoint is not None
        if endpoint.status is EndpointStatus.SUSPENDED and len(look(*arguments)) < 100:
            endpoints.activate(hooks.account_id, webhook_id, now_ms())
        return look(*arguments)

    monkeypatch.setattr(deliveries, "line", enable_at_the_second_look)
    outage = Outage(hooks.account_id, webhook_id, 1, next=Next.SUSPEND, reason=suspension.GONE_REASON)
    assert recovery.run("suspend", outage).next is Next.SUSPEND
    assert sorted(hooks.statuses(webhook_id)) == ["Skipped"] * 100 + ["Waiting"] * 20


def test_a_suspension_whose_notice_was_cut_off_is_told_once(hooks: Webhooks) -> None:
    """The task dies after the endpoint was suspended; it runs again with the same input."""
    other, _, _ = hooks.hook("webhook:suspended")
    _, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen()
    outage = Outage(hooks.account_id, webhook_id, 1, next=Next.SUSPEND, reason=suspension.GONE_REASON)
    recovery.run("suspend", outage)
    recovery.run("suspend", outage)
    hooks.send()
    assert len(other.events("webhook:suspended")) == 1


def test_one_delivery_is_replayed_whatever_became_of_it(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook()
    (job_id,) = hooks.happen()
    (entry,) = hooks.log(webhook_id)
    path = f"/api/webhooks/{webhook_id}/deliveries/{entry['deliveryId']}/replay"
    hooks.clock.shift(10)
    answer = hooks.api.post(path)
    assert (answer.status, answer.body["deliveryId"]) == (202, entry["deliveryId"])
    messages = hooks.receive()
    hooks.hand_over(messages)
    messages[0]["Attributes"]["ApproximateReceiveCount"] = "2"
    hooks.hand_over(messages)

    assert [event["jobId"] for event in hook.events()] == [job_id] * 2
    assert len({call.event_id for call in hook.calls}) == 1
    (entry,) = hooks.log(webhook_id)
    assert [attempt["status"] for attempt in entry["attempts"]] == [200, 200]
    first, second = (call.headers["webhook-timestamp"] for call in hook.calls)
    assert int(second) > int(first)


def test_a_replay_that_fails_is_recovered_like_any_other(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook()
    hooks.happen()
    (entry,) = hooks.log(webhook_id)
    hook.rule = 500
    hooks.clock.shift(10)
    hooks.api.post(f"/api/webhooks/{webhook_id}/deliveries/{entry['deliveryId']}/replay")
    hooks.send()
    assert hooks.status(webhook_id) == "Recovering"
    hook.rule = 200
    hooks.recover()
    (entry,) = hooks.log(webhook_id)
    assert entry["status"] == "Delivered"
    assert [attempt["status"] for attempt in entry["attempts"]] == [200, 500, 200]


def test_a_suspended_endpoint_is_replayed_to_only_once_it_is_enabled(hooks: Webhooks) -> None:
    _, webhook_id, _ = suspended(hooks)
    entry = next(entry for entry in hooks.log(webhook_id) if entry["event"] != "ping")
    for path, body in (
        ("replay", {"since": "2026-06-23T10:00:00Z"}),
        (f"deliveries/{entry['deliveryId']}/replay", None),
    ):
        answer = hooks.api.post(f"/api/webhooks/{webhook_id}/{path}", body)
        assert (answer.status, answer.slug) == (409, "webhook-suspended")


def test_a_replay_of_many_walks_along_the_log(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=410)
    hooks.happen()
    missed = hooks.happen(230)
    hook.rule = 200
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    hooks.clock.shift(1)
    hooks.api.post(f"/api/webhooks/{webhook_id}/replay", {"since": "2026-06-23T10:00:01Z"})
    hooks.send()
    taken = [event["jobId"] for event in hook.events("sms:delivered")]
    assert len(taken) == 230 and set(taken) == set(missed)


def test_the_log_keeps_the_last_fifty_attempts(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook()
    hooks.happen()
    (entry,) = hooks.log(webhook_id)
    for _ in range(55):
        hooks.clock.shift(1)
        hooks.api.post(f"/api/webhooks/{webhook_id}/deliveries/{entry['deliveryId']}/replay")
        hooks.send()
    (entry,) = hooks.log(webhook_id)
    assert len(entry["attempts"]) == 50
    assert entry["attempts"][-1]["at"] > entry["attempts"][0]["at"]

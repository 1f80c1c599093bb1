"""How long the log of deliveries keeps what tells of a message: no longer than the account keeps messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.platform.times import now_ms
from tests.support.inbox import Inbox, sms
from tests.support.webhooks import Webhooks, reach_this_machine

TEXT = "nobody else's business"
DAY = 86_400


@pytest.fixture
def hooks(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhooks]:
    reach_this_machine(monkeypatch)
    inbox.world.wire.attach()
    made = Webhooks(inbox.cloud, inbox.clock, inbox.api)
    yield made
    made.close()


def keep_for(inbox: Inbox, days: int) -> None:
    account_settings.change(inbox.account_id, SettingsChange(retention_days=days))
    account_settings.forget()


def received(inbox: Inbox, hooks: Webhooks) -> None:
    """An SMS comes in and is told."""
    inbox.phone().receive(sms(TEXT))
    hooks.fan_out(hooks.stream("messages"))
    hooks.send()


def logged(inbox: Inbox) -> list[dict[str, Any]]:
    return [item for item in inbox.cloud.items("webhooks") if item["sk"].startswith("delivery#")]


def replay(hooks: Webhooks, webhook_id: str, delivery_id: str) -> int:
    status = hooks.api.post(f"/api/webhooks/{webhook_id}/deliveries/{delivery_id}/replay").status
    hooks.send()
    return status


def test_a_text_is_logged_as_long_as_its_message_is_kept(inbox: Inbox, hooks: Webhooks) -> None:
    keep_for(inbox, 1)
    hook, webhook_id, _ = hooks.hook("sms:received")
    received(inbox, hooks)
    (item,) = logged(inbox)
    assert item["ttl"] == now_ms() // 1000 + DAY and TEXT in item["body"]
    inbox.clock.shift(DAY - 1)
    (entry,) = hooks.log(webhook_id)
    assert replay(hooks, webhook_id, entry["deliveryId"]) == 202
    assert len(hook.taken) == 2
    assert logged(inbox)[0]["ttl"] == item["ttl"], "a replay keeps it no longer"
    inbox.clock.shift(1)
    assert inbox.contents() == [] and hooks.log(webhook_id) == [], "though the item is still there"
    assert replay(hooks, webhook_id, entry["deliveryId"]) == 404
    assert len(hook.taken) == 2


def test_what_tells_of_a_job_is_logged_as_long_as_the_job_is_kept(inbox: Inbox, hooks: Webhooks) -> None:
    hooks.hook("sms:delivered")
    until = now_ms() // 1000 + 3 * DAY
    job = hooks.job(kept_until=until)
    inbox.clock.shift(DAY)
    hooks.fan_out([hooks.delivered(job), hooks.delivered(replace(hooks.job(), kept_until=until + 90 * DAY))])
    hooks.send()
    assert sorted(item["ttl"] for item in logged(inbox)) == [until, now_ms() // 1000 + 30 * DAY]


def test_fewer_days_count_for_what_is_logged_already(inbox: Inbox, hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook("sms:received", rule=410)
    received(inbox, hooks)
    hook.rule = 200
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    inbox.clock.shift(DAY)
    told, _ = sorted(hooks.log(webhook_id), key=lambda entry: str(entry["event"]), reverse=True)
    assert told["event"] == "sms:received"
    keep_for(inbox, 1)
    assert [entry["event"] for entry in hooks.log(webhook_id)] == ["ping"], "which tells of no message"
    assert replay(hooks, webhook_id, told["deliveryId"]) == 404
    since = hooks.api.post(f"/api/webhooks/{webhook_id}/replay", {"since": "2026-06-23T00:00:00Z"})
    hooks.send()
    assert since.status == 202
    assert [call.payload["event"] for call in hook.taken] == ["ping"]
    keep_for(inbox, 30)
    assert [entry["event"] for entry in hooks.log(webhook_id)] == ["ping"], "more days bring nothing back"


def test_a_replay_since_a_time_passes_over_what_is_no_longer_kept(inbox: Inbox, hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook("sms:received", "sms:delivered", rule=410)
    keep_for(inbox, 1)
    received(inbox, hooks)
    keep_for(inbox, 30)
    hooks.fan_out([hooks.delivered()])
    hooks.send()
    hook.rule = 200
    inbox.clock.shift(DAY)
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    hooks.api.post(f"/api/webhooks/{webhook_id}/replay", {"since": "2026-06-23T00:00:00Z"})
    hooks.send()
    assert [call.payload["event"] for call in hook.taken] == ["ping", "sms:delivered"]


def test_an_event_that_the_queue_hands_over_too_late_is_not_sent(inbox: Inbox, hooks: Webhooks) -> None:
    keep_for(inbox, 1)
    hook, webhook_id, _ = hooks.hook("sms:received")
    inbox.phone().receive(sms(TEXT))
    hooks.fan_out(hooks.stream("messages"))
    inbox.clock.shift(DAY)
    hooks.send()
    assert hook.calls == [] and logged(inbox) == [] and hooks.log(webhook_id) == []


def test_a_replay_that_the_queue_hands_over_too_late_is_not_sent(inbox: Inbox, hooks: Webhooks) -> None:
    keep_for(inbox, 1)
    hook, webhook_id, _ = hooks.hook("sms:received")
    received(inbox, hooks)
    (entry,) = hooks.log(webhook_id)
    hooks.api.post(f"/api/webhooks/{webhook_id}/deliveries/{entry['deliveryId']}/replay")
    inbox.clock.shift(DAY)
    hooks.send()
    assert len(hook.calls) == 1


def test_what_waits_behind_a_failing_endpoint_is_sent_no_longer_than_it_is_kept(inbox: Inbox, hooks: Webhooks) -> None:
    keep_for(inbox, 1)
    hook, webhook_id, _ = hooks.hook("sms:received", rule=500)
    received(inbox, hooks)
    places = [item for item in inbox.cloud.items("webhooks") if item["sk"].startswith("line#")]
    assert [place["ttl"] for place in places] == [logged(inbox)[0]["ttl"]]
    failed = len(hook.calls)
    hook.rule = 200
    inbox.clock.shift(DAY)
    hooks.recover()
    assert len(hook.calls) == failed
    assert hooks.status(webhook_id) == "Active"
    assert not [item for item in inbox.cloud.items("webhooks") if item["sk"].startswith("line#")]

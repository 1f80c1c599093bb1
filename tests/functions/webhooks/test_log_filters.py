"""What people look for in the log of an endpoint, and what they see of an event and of an endpoint that missed some."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smskit import aws
from smskit.models.webhook import Delivery, DeliveryStatus
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit.webhooks.api.rendering import SHOWN_BODY
from smskit.webhooks.logic import backlog_status, delivery_log
from smskit.webhooks.store import deliveries
from tests.support import console
from tests.support.console import Console
from tests.support.meter import Meter
from tests.support.webhooks import Webhooks

TEXT = "Habari \U0001f600 "


def log(hooks: Webhooks, webhook_id: str, event: str, status: DeliveryStatus, body: str = "{}", at: int = 0) -> str:
    """A delivery of the log."""
    at = at or now_ms()
    delivery_id = new_id("dlv", at)
    delivery = Delivery(webhook_id, delivery_id, "evt_0", event, at, body, status)
    assert deliveries.create(delivery, now_ms()) is None
    hooks.clock.shift(1)  # type: ignore[union-attr]
    return delivery_id


def found(hooks: Webhooks, webhook_id: str, query: str) -> list[str]:
    answer = hooks.api.get(f"/api/webhooks/{webhook_id}/deliveries", query=query)
    assert answer.status == 200, answer.body
    return [entry["deliveryId"] for entry in answer.body["deliveries"]]


def test_the_log_is_filtered_by_status_and_event(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook()
    sent = log(hooks, webhook_id, "sms:sent", DeliveryStatus.DELIVERED)
    failed = log(hooks, webhook_id, "sms:failed", DeliveryStatus.FAILED)
    skipped = log(hooks, webhook_id, "sms:sent", DeliveryStatus.SKIPPED)
    assert found(hooks, webhook_id, "status=Delivered") == [sent]
    assert found(hooks, webhook_id, "status=Failed,Skipped") == [skipped, failed]
    assert found(hooks, webhook_id, "event=sms:sent") == [skipped, sent]
    assert found(hooks, webhook_id, "event=sms:sent,ping&status=Skipped,Waiting") == [skipped]
    assert found(hooks, webhook_id, "event=ping") == []


@pytest.mark.parametrize("query", ["status=Lost", "status=", "status=Failed,", "event=sms:lost", "event=,ping"])
def test_a_filter_that_nothing_can_meet_is_refused(hooks: Webhooks, query: str) -> None:
    _, webhook_id, _ = hooks.hook()
    answer = hooks.api.get(f"/api/webhooks/{webhook_id}/deliveries", query=query)
    assert (answer.status, answer.pointers) == (400, ["#/" + query.partition("=")[0]])


def test_a_rare_status_is_found_in_steps_and_each_one_once(hooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_log, "EXAMINED", 6)
    monkeypatch.setattr(delivery_log, "CHUNK", 4)
    _, webhook_id, _ = hooks.hook()
    rare = []
    for number in range(20):
        status = DeliveryStatus.DELIVERED if number % 9 else DeliveryStatus.FAILED
        made = log(hooks, webhook_id, "sms:sent", status)
        rare += [] if number % 9 else [made]
    pages, query = [], "status=Failed&limit=2"
    while query:
        page = hooks.api.get(f"/api/webhooks/{webhook_id}/deliveries", query=query).body
        pages.append([entry["deliveryId"] for entry in page["deliveries"]])
        query = f"status=Failed&limit=2&cursor={page['cursor']}" if page["hasMore"] else ""
    assert [entry for page in pages for entry in page] == rare[::-1]
    assert [] in pages and len(pages) == 4, "six deliveries are looked at in a request"


def test_a_delivery_shows_the_text_that_is_sent(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook()
    hooks.happen()
    (entry,) = hooks.log(webhook_id)
    assert json.loads(entry["body"]) == hook.calls[0].payload
    assert "isBodyCut" not in entry


def test_a_long_text_is_cut(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook()
    log(hooks, webhook_id, "sms:received", DeliveryStatus.DELIVERED, TEXT * 1000)
    log(hooks, webhook_id, "sms:received", DeliveryStatus.DELIVERED, "x" * SHOWN_BODY)
    whole, cut = hooks.log(webhook_id)
    assert (cut["body"], cut["isBodyCut"]) == ((TEXT * 1000)[:SHOWN_BODY], True)
    assert len(whole["body"]) == SHOWN_BODY and "isBodyCut" not in whole


def test_an_endpoint_says_until_when_its_old_secrets_sign(hooks: Webhooks) -> None:
    _, webhook_id, secret = hooks.hook()
    assert hooks.get(webhook_id)["oldSecretsUntil"] == []
    rotated = hooks.api.post(f"/api/webhooks/{webhook_id}/rotate-secret").body
    assert rotated["oldSecretsUntil"] == ["2026-06-24T10:00:00Z"]
    hooks.clock.shift(3600)  # type: ignore[union-attr]
    hooks.api.post(f"/api/webhooks/{webhook_id}/rotate-secret")
    shown = hooks.get(webhook_id)
    assert shown["oldSecretsUntil"] == ["2026-06-24T11:00:00Z", "2026-06-24T10:00:00Z"]
    assert secret not in str(shown) and "secret" not in shown
    hooks.clock.shift(23 * 3600)  # type: ignore[union-attr]
    assert hooks.get(webhook_id)["oldSecretsUntil"] == ["2026-06-24T11:00:00Z"]


def overview(hooks: Webhooks) -> list[dict[str, Any]]:
    home = Console(console.person("viewer", hooks.account_id))
    return list(home.get("/console/overview").body["suspendedWebhooks"])


def test_what_an_endpoint_misses_while_it_is_suspended_is_counted(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook()
    hooks.happen(2)
    hook.rule = 500
    hooks.happen(3)
    assert hooks.get(webhook_id)["skipped"] == 0, "they wait"
    hooks.recover()
    hooks.happen(2)
    shown = hooks.get(webhook_id)
    assert (shown["status"], shown["skipped"], shown["backlog"]) == ("Suspended", 5, 0)
    (seen,) = overview(hooks)
    assert seen == {
        "webhookId": webhook_id, "url": hook.url, "reason": shown["suspendedReason"],
        "suspendedAt": shown["suspendedAt"], "skipped": 5,
    }  # fmt: skip
    hook.rule = 200
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    shown = hooks.get(webhook_id)
    assert (shown["status"], shown["skipped"]) == ("Active", 0)
    assert overview(hooks) == []


def test_what_was_skipped_before_is_not_counted_again(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(3)
    hooks.recover()
    hook.rule = 200
    hooks.clock.shift(1)  # type: ignore[union-attr]
    hooks.api.post(f"/api/webhooks/{webhook_id}/enable")
    hooks.send()
    hooks.clock.shift(86_400)  # type: ignore[union-attr]
    hook.rule = 410
    hooks.happen(1)
    hooks.happen(1)
    shown = hooks.get(webhook_id)
    assert (shown["status"], shown["skipped"]) == ("Suspended", 1)


def test_no_more_are_counted_than_are_shown(hooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog_status, "MOST", 3)
    _, webhook_id, _ = hooks.hook(rule=410)
    hooks.happen()
    hooks.happen(5)
    assert hooks.get(webhook_id)["skipped"] == 3
    meter = Meter(aws.session())
    aws.client.cache_clear()
    assert hooks.get(webhook_id)["skipped"] == 3
    assert meter.requests["dynamodb.GetItem"] == 1, "the endpoint"
    assert meter.requests["dynamodb.Query"] == 0, "the most is not counted again"

"""The client API's routes about webhooks: what they take, what they refuse, and what they show."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.platform import cursors
from smskit.platform.ids import is_id
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.webhooks import Webhooks

URL = "https://203-0-113-9.invalid/hooks"
GOOD = {"url": URL, "events": ["sms:delivered", "sms:received"]}


def register(api: ClientApi, **changes: Any) -> str:
    answer = api.post("/api/webhooks", GOOD | changes)
    assert answer.status == 201, answer.body
    return str(answer.body["webhookId"])


def test_an_endpoint_is_registered_with_a_secret_that_is_shown_once(api: ClientApi) -> None:
    answer = api.post("/api/webhooks", GOOD)
    assert answer.status == 201
    assert is_id("whk", answer.body["webhookId"])
    assert answer.body["secret"].startswith("whsec_")
    assert answer.headers["location"] == f"/api/webhooks/{answer.body['webhookId']}"
    assert (answer.body["url"], answer.body["events"], answer.body["status"]) == (URL, GOOD["events"], "Active")
    shown = api.get(answer.headers["location"]).body
    assert shown == {name: value for name, value in answer.body.items() if name != "secret"}
    assert api.get("/api/webhooks").body == {"webhooks": [shown]}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": "http://example.com/"}, "#/url"),
        ({"url": "https://user:pw@example.com/"}, "#/url"),
        ({"url": "https://example.com/#top"}, "#/url"),
        ({"url": "https://example.com:22/"}, "#/url"),
        ({"url": f"https://{'a' * 300}.com/"}, "#/url"),
        ({"url": "https://127.0.0.1/"}, "#/url"),
        ({"url": "https://2130706433/"}, "#/url"),
        ({"url": "https://[::ffff:10.0.0.1]/"}, "#/url"),
        ({"url": "https://localhost/"}, "#/url"),
        ({"url": ""}, "#/url"),
        ({"url": 7}, "#/url"),
        ({"url": "https://example.com/" + "a" * 2048}, "#/url"),
        ({"events": []}, "#/events"),
        ({"events": ["sms:delivered", "sms:delivered"]}, "#/events"),
        ({"events": ["sms:exploded"]}, "#/events/0"),
        ({"events": ["ping"]}, "#/events/0"),
        ({"events": "sms:delivered"}, "#/events"),
        ({"events": None}, "#/events"),
        ({"event": ["sms:sent"]}, "#/event"),
    ],
)
def test_bad_input_is_refused_by_field(api: ClientApi, cloud: Cloud, changes: dict[str, Any], pointer: str) -> None:
    answer = api.post("/api/webhooks", GOOD | changes)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [pointer])
    assert cloud.items("webhooks") == []


@pytest.mark.parametrize("missing", ["url", "events"])
def test_both_fields_are_required(api: ClientApi, missing: str) -> None:
    answer = api.post("/api/webhooks", {name: value for name, value in GOOD.items() if name != missing})
    assert (answer.status, answer.pointers) == (400, [f"#/{missing}"])


def test_the_same_url_for_the_same_events_is_a_conflict_in_any_order_and_spelling(api: ClientApi) -> None:
    first = register(api)
    again = {"url": URL.replace("https", "HTTPS"), "events": GOOD["events"][::-1]}
    answer = api.post("/api/webhooks", again)
    assert (answer.status, answer.slug) == (409, "webhook-exists")
    register(api, events=["sms:sent"])
    assert api.call("DELETE", f"/api/webhooks/{first}").status == 200
    register(api)


def test_an_account_has_at_most_twenty(api: ClientApi, cloud: Cloud) -> None:
    ids = [register(api, url=f"{URL}/{number}") for number in range(20)]
    answer = api.post("/api/webhooks", GOOD)
    assert (answer.status, answer.slug) == (409, "too-many-webhooks")
    assert [entry["webhookId"] for entry in api.get("/api/webhooks").body["webhooks"]] == sorted(ids)
    register(ClientApi(cloud))
    api.call("DELETE", f"/api/webhooks/{ids[3]}")
    register(api)


def test_url_and_events_are_changed(api: ClientApi) -> None:
    webhook_id = register(api)
    path = f"/api/webhooks/{webhook_id}"
    answer = api.call("PATCH", path, {"events": ["sms:failed"]})
    assert (answer.status, answer.body["events"], answer.body["url"]) == (200, ["sms:failed"], URL)
    assert api.call("PATCH", path, {"url": URL + "/2"}).body["url"] == URL + "/2"
    assert api.call("PATCH", path, {}).body == api.get(path).body
    other = register(api)
    assert api.call("PATCH", f"/api/webhooks/{other}", {"url": URL + "/2", "events": ["sms:failed"]}).status == 409
    assert api.call("PATCH", path, {"url": "http://example.com"}).pointers == ["#/url"]
    assert api.call("PATCH", path, {"secret": "x"}).pointers == ["#/secret"]
    register(api, url=URL + "/2")


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("GET", "", None),
        ("PATCH", "", {"events": ["sms:sent"]}),
        ("DELETE", "", None),
        ("POST", "/ping", None),
        ("POST", "/enable", None),
        ("POST", "/rotate-secret", None),
        ("GET", "/deliveries", None),
        ("POST", "/deliveries/dlv_00000000000000000000/replay", None),
        ("POST", "/replay", {"since": "2026-06-23T10:00:00Z"}),
    ],
)
def test_unknown_and_foreign_ids_are_not_found(api: ClientApi, cloud: Cloud, method: str, rest: str, body: Any) -> None:
    foreign = register(ClientApi(cloud))
    before = cloud.items("webhooks")
    for webhook_id in (foreign, "whk_00000000000000000000", "nonsense", "dlv_00000000000000000000"):
        answer = api.call(method, f"/api/webhooks/{webhook_id}{rest}", body)
        assert (answer.status, answer.slug) == (404, "not-found")
    assert cloud.items("webhooks") == before
    assert cloud.messages("deliveries") == []


def test_a_delivery_that_is_not_in_the_log_is_not_found(api: ClientApi) -> None:
    webhook_id = register(api)
    for delivery_id in ("dlv_00000000000000000000", "x"):
        assert api.post(f"/api/webhooks/{webhook_id}/deliveries/{delivery_id}/replay").status == 404


@pytest.mark.parametrize("since", ["yesterday", "2026-06-23", "2026-06-23T10:00:00", 7, "9999-01-01T00:00:00Z", ""])
def test_a_replay_begins_at_a_time_in_the_past(api: ClientApi, cloud: Cloud, since: Any) -> None:
    answer = api.post(f"/api/webhooks/{register(api)}/replay", {"since": since})
    assert (answer.status, answer.pointers) == (400, ["#/since"])
    assert cloud.messages("deliveries") == []


@pytest.mark.parametrize(
    ("since", "rule"),
    [
        ("1810-02-01T10:00:00Z", "since must be a time of the years 1970 to 9998"),
        ("9999-12-31T23:59:59-23:59", "since must be a time of the years 1970 to 9998"),
        ("9998-12-31T23:59:59-23:59", "since must be a time in the past"),
        ("20260623T100000Z", "since must be an RFC 3339 time, such as 2026-06-23T10:00:00Z"),
        ("2026-02-30T10:00:00Z", "since must be an RFC 3339 time, such as 2026-06-23T10:00:00Z"),
    ],
)
def test_a_time_that_no_replay_can_begin_at_is_told_why(api: ClientApi, since: str, rule: str) -> None:
    answer = api.post(f"/api/webhooks/{register(api)}/replay", {"since": since})
    assert (answer.status, answer.pointers, answer.body["detail"]) == (400, ["#/since"], rule)


def test_a_replay_may_begin_with_the_first_hour_there_is(api: ClientApi) -> None:
    answer = api.post(f"/api/webhooks/{register(api)}/replay", {"since": "1970-01-01T00:00:00+01:00"})
    assert (answer.status, answer.body["since"]) == (202, "1970-01-01T00:00:00Z")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=1.5", "cursor=x", "cursor=", "cursor=ZGx2", "cursor=%00"]
)
def test_pages_are_asked_for_properly(api: ClientApi, query: str) -> None:
    answer = api.get(f"/api/webhooks/{register(api)}/deliveries", query=query)
    assert (answer.status, answer.slug) == (400, "invalid-request")
    assert answer.pointers == ["#/" + query.partition("=")[0]]


def test_a_ping_is_a_test_event(hooks: Webhooks) -> None:
    hook, webhook_id, secret = hooks.hook()
    answer = hooks.api.post(f"/api/webhooks/{webhook_id}/ping")
    assert (answer.status, answer.body["status"]) == (202, "Active")
    hooks.send()
    (call,) = hook.calls
    assert (call.payload["event"], call.payload["webhookId"]) == ("ping", webhook_id)
    assert call.verified_by(secret)
    (entry,) = hooks.log(webhook_id)
    assert (entry["deliveryId"], entry["status"]) == (answer.body["deliveryId"], "Delivered")


def test_a_ping_that_fails_is_no_outage(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook(rule=500)
    hooks.api.post(f"/api/webhooks/{webhook_id}/ping")
    hooks.send()
    (entry,) = hooks.log(webhook_id)
    assert (entry["status"], entry["attempts"][0]["status"]) == ("Failed", 500)
    assert hooks.status(webhook_id) == "Active"
    assert hooks.executions() == {}


def test_the_log_is_paged_newest_first_and_nothing_twice(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook()
    hooks.happen(25)
    whole = hooks.log(webhook_id)
    times = [entry["occurredAt"] for entry in whole]
    assert len(whole) == 25 and times == sorted(times, reverse=True)

    path = f"/api/webhooks/{webhook_id}/deliveries"
    first = hooks.api.get(path, query="limit=10").body
    hooks.happen(3)
    second = hooks.api.get(path, query=f"limit=10&cursor={first['cursor']}").body
    third = hooks.api.get(path, query=f"limit=10&cursor={second['cursor']}").body
    assert first["deliveries"] + second["deliveries"] + third["deliveries"] == whole
    assert third["hasMore"] is False and "cursor" not in third
    behind_all = cursors.write("deliveries", webhook_id, "dlv_00000000000000000000")
    assert hooks.api.get(path, query=f"cursor={behind_all}").body["deliveries"] == []


def test_a_page_that_is_just_full_is_the_last(hooks: Webhooks) -> None:
    _, webhook_id, _ = hooks.hook()
    hooks.happen(10)
    path = f"/api/webhooks/{webhook_id}/deliveries"
    page = hooks.api.get(path, query="limit=10").body
    while page["hasMore"]:
        page = hooks.api.get(path, query=f"limit=10&cursor={page['cursor']}").body
    assert "cursor" not in page


def test_what_is_logged_expires_after_thirty_days(hooks: Webhooks, cloud: Cloud) -> None:
    hooks.hook(rule=500)
    hooks.happen(2)
    expiring = [item for item in cloud.items("webhooks") if item["sk"].startswith(("delivery#", "line#"))]
    assert len(expiring) == 4
    for item in expiring:
        assert abs(item["ttl"] - (1_782_208_800 + 30 * 86_400)) < 60


def test_a_queue_that_fails_is_503(api: ClientApi, monkeypatch: pytest.MonkeyPatch) -> None:
    from botocore.exceptions import EndpointConnectionError

    from smskit import aws

    webhook_id = register(api)

    def away(**_: object) -> object:
        raise EndpointConnectionError(endpoint_url="https://sqs")

    monkeypatch.setattr(aws.client("sqs"), "send_message_batch", away)
    answer = api.post(f"/api/webhooks/{webhook_id}/ping")
    assert (answer.status, answer.slug) == (503, "unavailable")
    assert answer.headers["retry-after"] == "1"

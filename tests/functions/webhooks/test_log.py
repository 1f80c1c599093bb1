"""The log of deliveries: what it keeps of an answer, and whose cursors it takes."""

from __future__ import annotations

from typing import Any

from smskit.platform import cursors
from smskit.platform.codec import encode_item
from tests.support.endpoints import Endpoint, answer
from tests.support.meter import item_size
from tests.support.webhooks import Webhooks

LONG = b"x" * 498 + "\u00e9".encode() + b"y" * 600


def logged(hooks: Webhooks, status: int) -> dict[str, Any]:
    """The entry of an event that was answered at length, and what is stored of it."""
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(LONG)}\r\n\r\n".encode()
    server = Endpoint(answer(head + LONG))
    made = hooks.api.post("/api/webhooks", {"url": server.url(), "events": ["sms:delivered"]}).body
    hooks.fan_out([hooks.delivered(hooks.job(client_reference="r" * 64))])
    hooks.send()
    server.close()
    (entry,) = hooks.log(made["webhookId"])
    return entry


def test_the_first_500_bytes_of_a_failures_answer_are_in_the_log(hooks: Webhooks) -> None:
    (attempt,) = logged(hooks, 500)["attempts"]
    assert attempt["response"] == "x" * 498 + "\u00e9"


def test_an_answer_that_took_the_event_is_cut_so_that_its_entry_is_one_write_unit(hooks: Webhooks) -> None:
    (attempt,) = logged(hooks, 200)["attempts"]
    assert attempt["response"] == "x" * 200
    (item,) = [item for item in hooks.cloud.items("webhooks") if item["sk"].startswith("delivery#")]
    assert item_size(encode_item(item)) < 1024


def test_a_cursor_of_another_log_or_made_up_is_refused(hooks: Webhooks) -> None:
    _, mine, _ = hooks.hook()
    _, another, _ = hooks.hook()
    hooks.happen(2)
    path = f"/api/webhooks/{mine}/deliveries"
    given = hooks.api.get(f"/api/webhooks/{another}/deliveries", query="limit=1").body["cursor"]
    for cursor in (given, cursors.write("deliveries", mine, "job_00000000000000000000")):
        answer = hooks.api.get(path, query=f"cursor={cursor}")
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/cursor"])

"""What a key of one world asks of the other world's things: they aren't there for it, and stay as they are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from smskit.models.webhook import Delivery, DeliveryStatus
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit.webhooks.logic import endpoints
from smskit.webhooks.store import deliveries
from tests.support import bulk
from tests.support.client_api import ClientApi
from tests.support.http_events import Answer
from tests.support.inbox import sms
from tests.support.twilio import TwilioApi
from tests.support.world import World

REPLIES, LATER = "+254700000050", "2026-06-24T10:00:00Z"
DOCUMENT = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = sorted(
    (method.upper(), path)
    for path, operations in DOCUMENT["paths"].items()
    for method in operations
    if set(re.findall(r"\{(\w+)\}", path)) - {"AccountSid"}
)
BODIES: dict[tuple[str, str], Any] = {
    ("PATCH", "/api/sms/{jobId}"): {"sendAt": "2026-06-25T10:00:00Z"},
    ("POST", "/api/conversations/{conversationId}/reply"): {"message": "Hi"},
    ("POST", "/api/conversations/{conversationId}/read"): {"until": "2026-06-23T10:00:00Z"},
    ("PATCH", "/api/webhooks/{webhookId}"): {"events": ["sms:failed"]},
    ("POST", "/api/webhooks/{webhookId}/replay"): {"since": "2026-06-23T09:00:00Z"},
}
BY_NUMBER = "/api/opt-outs/{number}"


def things(api: ClientApi, world: World) -> dict[str, str]:
    """One of each kind in the world of a client, by its name in paths."""
    account = api.account_id
    job = api.send(sendAt=LATER)
    batch = bulk.send(api, bulk.rows(2), sendAt=LATER)
    assert (job.status, batch.status) == (202, 202)
    assert api.post("/api/opt-outs", {"number": "+254733000001"}).status == 201
    webhook = endpoints.register(account, "https://93.184.215.14/hooks", ["sms:sent"], now_ms()).endpoint.webhook_id
    tried = Delivery(webhook, new_id("dlv", now_ms()), "evt_0", "sms:sent", now_ms(), "{}", DeliveryStatus.FAILED)
    assert deliveries.create(tried, now_ms()) is None
    world.advance(10)
    (conversation,) = api.get("/api/conversations").body["conversations"]
    return {
        "jobId": job.body["jobId"], "batchId": batch.body["batchId"], "webhookId": webhook,
        "deliveryId": tried.delivery_id, "conversationId": conversation["conversationId"],
        "number": quote("+254733000001"), "Sid": TwilioApi(api).list()["messages"][0]["sid"],
    }  # fmt: skip


@pytest.fixture
def worlds(sent_world: tuple[World, ClientApi]) -> dict[str, tuple[ClientApi, dict[str, str]]]:
    """A client of either world, and what there is in it."""
    world, live = sent_world
    phone = world.add_phone(account_id=live.account_id)
    phone.connect()
    phone.receive(sms())
    test = live.test_client()
    assert test.send(recipient=REPLIES).status == 202
    world.advance(10)
    return {"live": (live, things(live, world)), "test": (test, things(test, world))}


def ask(api: ClientApi, method: str, path: str, names: dict[str, str]) -> Answer:
    where = re.sub(r"\{(\w+)\}", lambda name: (names | {"AccountSid": TwilioApi(api).sid})[name[1]], path)
    if path.startswith("/2010"):
        return TwilioApi(api).call(method, where, {"Status": "canceled"} if method == "POST" else None)
    return api.call(method, where, BODIES.get((method, path)))


def kept(api: ClientApi) -> dict[str, Any]:
    tables = ("jobs", "batches", "contacts", "messages", "webhooks", "pool", "devices")
    return {name: sorted(api.cloud.items(name), key=str) for name in tables}


def told(answer: Answer) -> dict[str, Any]:
    """A refusal without what names the request."""
    return {name: said for name, said in answer.body.items() if name not in ("requestId", "instance")}


@pytest.mark.parametrize(("mine", "other"), [("test", "live"), ("live", "test")])
def test_a_key_finds_and_changes_nothing_of_the_other_world(
    worlds: dict[str, tuple[ClientApi, dict[str, str]]], mine: str, other: str
) -> None:
    api, (owner, names) = worlds[mine][0], worlds[other]
    nowhere = {name: f"{value[:-3]}000" for name, value in names.items()}
    before = kept(api)
    for method, path in OPERATIONS:
        if path.startswith(BY_NUMBER):
            continue
        answer, unknown = (ask(api, method, path, given) for given in (names, nowhere))
        assert answer.status == unknown.status == 404, (method, path)
        assert told(answer) == told(unknown), (method, path)
    assert kept(api) == before
    assert ask(owner, "GET", "/api/sms/{jobId}/status", names).body["status"] == "Scheduled"


@pytest.mark.parametrize(("mine", "other"), [("test", "live"), ("live", "test")])
def test_each_world_has_its_own_entry_of_a_number(
    worlds: dict[str, tuple[ClientApi, dict[str, str]]], mine: str, other: str
) -> None:
    (api, names), owner = worlds[mine], worlds[other][0]
    shown = ask(owner, "GET", BY_NUMBER, names).body
    assert ask(api, "DELETE", BY_NUMBER, names).status == 204
    assert ask(api, "GET", BY_NUMBER, names).status == 404
    assert ask(owner, "GET", BY_NUMBER, names).body == shown and shown["number"] == "+254733000001"


def test_all_operations_on_one_thing_are_tried() -> None:
    assert len(OPERATIONS) == 26
    assert {method for method, path in OPERATIONS if path.startswith("/api/webhooks/")} == {
        "GET", "PATCH", "DELETE", "POST",
    }  # fmt: skip

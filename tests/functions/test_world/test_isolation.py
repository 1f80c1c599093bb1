"""Neither world of an account sees the other, and no figure counts a test."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smskit.models import worlds
from smskit.models.member import Role
from smskit.platform.credentials import ID_LENGTH, _tail
from tests.support.client_api import ClientApi
from tests.support.console import Console, person
from tests.support.inbox import sms
from tests.support.twilio import TwilioApi, refused
from tests.support.webhooks import Webhooks
from tests.support.world import World

Stage = tuple[World, ClientApi]
REPLIES, STOPS = "+254700000050", "+254700000051"


def played(world: World, client: ClientApi, **changes: Any) -> str:
    """A message, played to its end."""
    answer = client.send(**changes)
    assert answer.status == 202, answer.body
    world.advance(10)
    return str(answer.body["jobId"])


def everything(client: ClientApi) -> dict[str, Any]:
    """All that a client can list."""
    return {
        path: client.get(f"/api/{path}").body
        for path in ("sms", "sms/received", "conversations", "opt-outs", "webhooks", "devices")
    }


def test_the_live_world_has_nothing_of_the_test_world(sent_world: Stage) -> None:
    world, live = sent_world
    test, console = live.test_client(), Console(person(Role.OWNER, live.account_id))
    paths = ("messages", "conversations", "opt-outs", "webhooks", "overview", "usage")
    before = everything(live), [console.get(f"/console/{path}").body for path in paths]
    job_id = played(world, test, recipient=REPLIES, clientReference="order-1")
    played(world, test, recipient=STOPS)
    assert (everything(live), [console.get(f"/console/{path}").body for path in paths]) == before
    assert live.status(job_id).status == 404
    assert live.post(f"/api/sms/{job_id}/cancel").status == 404
    assert console.get(f"/console/messages/{job_id}").status == 404
    assert live.get("/api/sms", query="clientReference=order-1").body["jobs"] == []


def test_the_test_world_has_nothing_of_the_live_one(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    before = everything(test)
    phone = world.add_phone(account_id=live.account_id)
    phone.connect()
    job_id = live.send().body["jobId"]
    world.pump()
    phone.claim()
    phone.receive(sms("STOP"))
    world.pump()
    assert everything(test) == before
    assert test.status(job_id).status == 404
    assert test.send(recipient="+254712345678").status == 202, "an opt-out of the live world"


def test_a_test_message_takes_no_phone_and_no_live_queue(sent_world: Stage) -> None:
    world, live = sent_world
    phone = world.add_phone(account_id=live.account_id)
    phone.connect()
    before = world.cloud.items("devices")
    world.invocations.clear()
    played(world, live.test_client(), priority=9)
    assert phone.offers == []
    assert world.cloud.items("devices") == before != []
    assert world.cloud.items("pool") == []
    assert world.invocations.keys() == {"test_player"}


def test_the_worlds_share_no_idempotency_key(sent_world: Stage) -> None:
    world, live = sent_world
    world.add_phone(account_id=live.account_id).connect()
    ids = {client.send(idempotencyKey="k").body["jobId"] for client in (live, live.test_client(), live)}
    assert len(ids) == 2


def test_a_reply_comes_in_everywhere_in_its_world(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    played(world, test, recipient=REPLIES)
    (message,) = test.get("/api/sms/received").body["messages"]
    assert (message["from"], message["deviceId"]) == (REPLIES, worlds.TEST_DEVICE)
    (conversation,) = test.get("/api/conversations").body["conversations"]
    assert (conversation["number"], conversation["unreadCount"]) == (REPLIES, 1)


def test_a_stop_opts_out_and_is_confirmed_once(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    played(world, test, recipient=STOPS)
    world.advance(30)
    assert [job["status"] for job in test.get("/api/sms").body["jobs"]] == ["Delivered", "Delivered"]
    assert len(test.get("/api/sms/received").body["messages"]) == 1
    refused = test.send(recipient=STOPS)
    assert (refused.status, refused.body["type"].rpartition("/")[2]) == (422, "recipient-opted-out")
    assert test.call("DELETE", f"/api/opt-outs/{STOPS.replace('+', '%2B')}").status in (200, 204)
    assert test.send(recipient=STOPS).status == 202


def test_settings_are_those_of_the_account(sent_world: Stage) -> None:
    _, live = sent_world
    console = Console(person(Role.OWNER, live.account_id))
    assert console.patch("/console/settings", {"country": "GB", "stopWords": ["HALT"]}).status == 200
    assert live.test_client().send(recipient="07400 123456").status == 202


def test_an_erasure_reaches_both_worlds(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    job_id = played(world, test, recipient=REPLIES)
    console = Console(person(Role.OWNER, live.account_id))
    assert console.post("/console/erasures", {"number": REPLIES}).status == 202
    world.advance(70)
    assert test.status(job_id).status == 404
    assert test.get("/api/sms/received").body["messages"] == []


def test_waiting_for_a_phone_is_accepted_and_waits(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    job_id = played(world, test, recipient="+254700000040", waitForPhone=True)
    assert test.status(job_id).body["status"] == "Pending"


def test_phones_that_a_message_names_are_not_looked_for(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    job_id = played(world, test, devices=[{"deviceId": "dvc_06F2M8QZ4N1R7T3V5W0X"}])
    assert test.status(job_id).body["status"] == "Delivered"


def test_a_number_that_a_message_of_twilios_shape_comes_from_is_not_looked_for(sent_world: Stage) -> None:
    world, live = sent_world
    test = TwilioApi(live.test_client())
    message = test.sent(From="+254712000001")
    world.advance(10)
    assert test.fetch(message["sid"]).body["status"] == "delivered"
    assert refused(test.create(From="nobody")) == (400, 21606, ["#/From"])
    assert refused(TwilioApi(live).create(From="+254712000001")) == (400, 21606, ["#/From"])


def test_what_is_with_a_test_message_is_said_truly(sent_world: Stage) -> None:
    world, live = sent_world
    test = live.test_client()
    waiting = test.send(recipient="+254700000030").body["jobId"]
    fresh = test.send().body["jobId"]
    said = {job: test.get(f"/api/sms/{job}/explain").body["explanation"] for job in (waiting, fresh)}
    assert said[fresh] == (
        "A test, which nobody gets. Waiting: the test phone takes it in a moment. "
        "It is given up at 24 June 10:00 UTC unless it was sent by then."
    )
    assert said[waiting] == (
        "A test, which nobody gets. Waiting: its number lets no phone take it. "
        "It is given up at 24 June 10:00 UTC unless it was sent by then."
    )
    world.advance(10)
    assert test.get(f"/api/sms/{fresh}/explain").body["explanation"] == (
        "A test, which nobody gets. Delivered: the network confirmed at 10:00:05 UTC that it arrived. "
        "It was sent by the test phone."
    )


def test_only_what_the_test_world_tells_says_that_it_is_a_test(hooks: Webhooks) -> None:
    """Signed, for the endpoints of the test world alone; a live event is what it was."""
    assert hooks.clock is not None
    live, live_id, _ = hooks.hook("sms:sent", "sms:delivered", "sms:received", "contact:opted_out")
    world = World(hooks.cloud, hooks.clock, hooks.account_id)
    client = hooks.api
    hooks.api = client.test_client()
    test, test_id, secret = hooks.hook("sms:sent", "sms:delivered", "sms:received", "contact:opted_out")
    played(world, hooks.api, recipient=STOPS)
    hooks.fan_out(hooks.stream("jobs") + hooks.stream("messages"))
    hooks.send()
    told = test.events()
    assert sorted({event["event"] for event in told}) == [
        "contact:opted_out", "sms:delivered", "sms:received", "sms:sent"
    ]  # fmt: skip
    assert all(event["test"] is True for event in told)
    assert all(call.verified_by(secret) for call in test.calls)
    assert live.calls == []
    hooks.fan_out([hooks.delivered(hooks.job())])
    hooks.send()
    assert [("test" in event) for event in live.events()] == [False]
    assert [call.payload.get("test") for call in test.calls].count(None) == 0
    ours, theirs = hooks.api, client
    for path, method in (("", "GET"), ("", "DELETE"), ("/ping", "POST"), ("/deliveries", "GET")):
        assert ours.call(method, f"/api/webhooks/{live_id}{path}").status == 404
        assert theirs.call(method, f"/api/webhooks/{test_id}{path}").status == 404


def test_a_test_is_in_no_usage_figure(hooks: Webhooks) -> None:
    from tests.support import functions

    hooks.api = hooks.api.test_client()
    account = hooks.api.account_id
    record = hooks.delivered(hooks.job(account_id=account))
    event = {"Records": [record], "shardId": "shardId-0", "state": {}}
    answer = functions.load("usage_counter").lambda_handler(event, functions.LambdaContext())
    assert answer["batchItemFailures"] == []
    assert hooks.cloud.items("usage") == []
    live = hooks.delivered(hooks.job(account_id=worlds.live_of(account)))
    functions.load("usage_counter").lambda_handler(event | {"Records": [live]}, functions.LambdaContext())
    assert hooks.cloud.items("usage") != []


@pytest.mark.parametrize("forged", ["live", "tail"])
def test_a_test_key_passes_for_no_live_one(api: ClientApi, forged: str) -> None:
    test = api.test_client()
    key = test.tenant.key
    assert key.startswith("sk_test_")
    assert test.get("/api/sms").status == 200
    as_live = key.replace("sk_test_", "sk_live_")
    if forged == "tail":  # with the checksum of a live key
        as_live = as_live[:-7] + _tail(as_live[:-7])
    assert api.get("/api/sms", headers={"x-api-key": as_live}).status == 401
    assert len(key) == len(api.tenant.key) > ID_LENGTH


def test_a_test_client_stays_one(api: ClientApi) -> None:
    console = Console(person(Role.OWNER, api.account_id))
    made = console.post("/console/clients", {"name": "Staging", "test": True})
    assert (made.status, made.body["test"], made.body["apiKey"][:8]) == (201, True, "sk_test_")
    path = f"/console/clients/{made.body['clientId']}"
    rotated = console.post(f"{path}/rotate-key", {"slot": 2})
    assert (rotated.body["test"], rotated.body["apiKey"][:8]) == (True, "sk_test_")
    for key in (made.body["apiKey"], rotated.body["apiKey"]):
        assert api.get("/api/sms", headers={"x-api-key": key}).status == 200
    assert console.post(f"{path}/rotate-key", {"slot": 1}).status == 200
    assert api.get("/api/sms", headers={"x-api-key": made.body["apiKey"]}).status == 401
    assert console.post(f"{path}/suspend").body["test"] is True
    assert api.get("/api/sms", headers={"x-api-key": rotated.body["apiKey"]}).status == 401
    plain = console.post("/console/clients", {"name": "Backend"})
    assert (plain.body["test"], plain.body["apiKey"][:8]) == (False, "sk_live_")
    listed = {one["name"]: one["test"] for one in console.get("/console/clients").body["clients"]}
    assert listed["Staging"] is True and listed["Backend"] is False
    assert console.post("/console/clients", {"name": "Odd", "test": "maybe"}).status == 400
    assert json.dumps(made.body).count("sk_test_") == 1

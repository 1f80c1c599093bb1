"""What stays of a job that was erased: its key is known, and nobody sees it or is told of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from smskit.dispatch.store import job_ends, job_lists, jobs
from smskit.dispatch.store.job_lists import JobIndex
from smskit.entrypoints import event_fanout, usage_counter
from smskit.opt_outs.logic import opt_outs
from smskit.platform.codec import encode_item
from smskit.platform.times import now_ms
from tests.functions.dispatch.test_races import once_before
from tests.support import console
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.world import FakeRadioPhone, World

NUMBER, KEY = "+254712345678", {"idempotencyKey": "order-1"}


@pytest.fixture
def clock(cloud: Cloud) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T12:00:00Z", tick=False) as moment:
        yield moment


@pytest.fixture
def api(cloud: Cloud, clock: time_machine.Coordinates) -> ClientApi:
    return ClientApi(cloud)


@pytest.fixture
def world(cloud: Cloud, clock: time_machine.Coordinates, api: ClientApi) -> World:
    return World(cloud, clock, api.account_id)


@pytest.fixture(autouse=True)
def phone(world: World) -> FakeRadioPhone:
    made = world.add_phone()
    made.connect()
    return made


def erase(world: World) -> None:
    home = Console(console.person("owner", world.account_id))
    assert home.post("/console/erasures", {"number": NUMBER}).status == 202
    world.clock.shift(1)
    world.pump("background")


def item_of(world: World) -> dict[str, Any]:
    (item,) = world.cloud.items("jobs")
    return item


def test_the_key_of_an_erased_message_sends_nothing_again(world: World, api: ClientApi) -> None:
    first = api.send(recipient=NUMBER, **KEY)
    before, sent = item_of(world), world.cloud.queued()
    erase(world)
    again = api.send(recipient=NUMBER, **KEY)
    assert (again.status, again.text, world.cloud.queued()) == (202, first.text, sent)
    assert api.get(f"/api/sms/{first.body['jobId']}/status").status == 404
    other = api.send(recipient=NUMBER, message="Another", **KEY)
    assert (other.status, other.slug) == (409, "idempotency-conflict")
    opt_outs.add(world.account_id, NUMBER, "api", None, now_ms())
    assert api.send(recipient=NUMBER, **KEY).text == first.text, "the first answer stands"
    assert item_of(world) == {name: before[name] for name in ("pk", "accountId", "requestHash", "ttl")} | {
        "erased": True, "rank": 90,
    }  # fmt: skip


def test_an_erased_message_is_in_no_list(world: World, api: ClientApi) -> None:
    job_id = api.send(recipient=NUMBER).body["jobId"]
    shelves = [JobIndex("by_account", world.account_id), JobIndex("by_conversation", item_of(world)["conversationId"])]
    assert all(job_lists.list_page(shelf, 10)[0] for shelf in shelves)
    erase(world)
    assert [job_lists.list_page(shelf, 10) for shelf in shelves] == [([], False)] * 2
    assert jobs.get_many([job_id]) == {}


def test_a_phone_that_was_offered_an_erased_message_may_not_send_it(
    world: World, api: ClientApi, phone: FakeRadioPhone
) -> None:
    api.send(recipient=NUMBER)
    world.pump("urgent", "standard", "bulk")
    (offer,) = phone.take_offers()
    erase(world)
    assert phone.claim(offer)[0]["verdict"] == "gone"


def test_a_report_of_an_erased_message_changes_nothing(world: World, api: ClientApi, phone: FakeRadioPhone) -> None:
    api.send(recipient=NUMBER)
    world.pump("urgent", "standard", "bulk")
    (offer,) = phone.take_offers()
    assert phone.claim(offer)[0]["verdict"] == "go"
    phone.report("Sent", offer)
    erase(world)
    left = item_of(world)
    phone.report("Delivered", offer)
    phone.report("Failed", offer, error="no_service")
    assert item_of(world) == left and NUMBER not in json.dumps(left)


def test_a_message_that_is_erased_while_it_is_cancelled_is_not_found(
    world: World, api: ClientApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    job_id = api.send(recipient=NUMBER).body["jobId"]
    once_before(monkeypatch, job_ends, "close", lambda: erase(world))
    answer = api.post(f"/api/sms/{job_id}/cancel")
    assert (answer.status, answer.slug) == (404, "not-found")


def test_an_erasure_is_neither_told_nor_counted(world: World, api: ClientApi) -> None:
    api.send(recipient=NUMBER)
    old = item_of(world)
    erase(world)
    images = [{"OldImage": old | {"status": "Cancelled"}, "NewImage": item_of(world)}, {"OldImage": item_of(world)}]
    for number, change in enumerate(images):
        shown = {name: encode_item(image) for name, image in change.items()} | {"SequenceNumber": str(number)}
        record = {"eventName": "MODIFY" if "NewImage" in change else "REMOVE", "dynamodb": shown}
        assert event_fanout.event_of(record) is None
        assert usage_counter._change_of(record) is None

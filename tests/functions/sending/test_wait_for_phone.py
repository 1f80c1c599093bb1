"""Sends that wait for a phone: accepted while none is online, sent once one is, ended by their deadline if none is."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.dispatch.store import jobs
from smskit.models.job import JobStatus
from smskit.phones.store.device_items import device_key
from smskit.platform import table
from tests.support import seeds
from tests.support.client_api import ClientApi
from tests.support.inbox import Inbox, sms
from tests.support.world import World

WAITS = {"waitForPhone": True}
Sent = tuple[World, ClientApi]


def status(api: ClientApi, job_id: str) -> Any:
    return api.status(job_id).body["status"]


def test_a_job_waits_for_the_phone_that_comes_online(sent_world: Sent) -> None:
    world, api = sent_world
    phone = world.add_phone()
    assert api.send().slug == "no-eligible-device"
    job_id = api.send(**WAITS).body["jobId"]
    world.advance(300)
    assert status(api, job_id) == "Pending"
    phone.connect()
    (offer,) = phone.take_offers()
    assert phone.claim(offer)[0]["verdict"] == "go"
    phone.report("Sent", offer)
    assert status(api, job_id) == "Sent"


def test_a_job_waits_for_the_first_phone_of_an_account(sent_world: Sent) -> None:
    world, api = sent_world
    job_id = api.send(**WAITS).body["jobId"]
    world.pump()
    phone = world.add_phone()
    phone.connect()
    assert [offer["jobId"] for offer in phone.take_offers()] == [job_id]


def test_nobody_comes_and_the_job_ends_by_its_deadline(sent_world: Sent) -> None:
    world, api = sent_world
    job_id = api.send(**WAITS, validitySeconds=60).body["jobId"]
    world.advance(62)
    shown = api.status(job_id).body
    assert (shown["status"], shown["error"]["code"]) == ("DeadLetter", "expired")


def test_an_account_may_let_all_its_sends_wait(sent_world: Sent) -> None:
    _, api = sent_world
    account_settings.change(api.account_id, SettingsChange(wait_for_phone=True))
    assert api.send().status == 202
    refused = api.send(waitForPhone=False)
    assert (refused.status, refused.slug) == (422, "no-eligible-device")
    account_settings.change(api.account_id, SettingsChange(wait_for_phone=False))
    assert api.send().status == 422


def test_named_phones_are_waited_for_as_long_as_they_may_send(api: ClientApi) -> None:
    offline = seeds.phone(api.account_id, sims=2, online=False)
    one, none = {"deviceId": offline.device_id, "simSlot": 1}, {"deviceId": offline.device_id, "simSlot": 7}
    assert api.send(devices=[one], **WAITS).status == 202
    assert api.send(devices=[none], **WAITS).body["detail"].endswith("has no SIM in slot 7")
    seeds.change_lane(offline, 1, is_enabled=False)
    disabled = api.send(devices=[one], **WAITS)
    assert (disabled.status, disabled.body["detail"]) == (422, "None of the devices is enabled, with an enabled SIM")
    assert api.send(devices=[offline.device_id], **WAITS).status == 202, "by its other SIM"
    seeds.change_lane(offline, 0, limit=3)
    too_long = api.send(devices=[offline.device_id], message="x" * 1600, **WAITS)
    assert too_long.status == 422 and "more segments" in too_long.body["detail"]


def test_a_phone_that_never_connected_may_have_any_sim(sent_world: Sent) -> None:
    world, api = sent_world
    device_id = world.add_phone().device_id
    assert api.send(devices=[{"deviceId": device_id, "simSlot": 1}], **WAITS).status == 202
    table.update(
        "devices", device_key(api.account_id, device_id), "SET bar = :bar, isEnabled = :no",
        {":bar": "disabled", ":no": False},
    )  # fmt: skip
    assert api.send(devices=[device_id], **WAITS).slug == "no-eligible-device"


@pytest.mark.parametrize("whose", ["nobody's", "another account's"])
def test_a_foreign_phone_is_refused_all_the_same(api: ClientApi, whose: str) -> None:
    other = seeds.phone(seeds.tenant().account_id).device_id
    device = "dvc_3K7J2H5F8M1N4Q9R6V0W" if whose == "nobody's" else other
    answer = api.send(devices=[device], **WAITS)
    assert (answer.status, answer.slug) == (403, "foreign-device")
    assert api.kept()["jobs"] == []


@pytest.mark.parametrize("value", ["true", 1, 0, None, [], "yes"])
def test_only_true_and_false_say_so(api: ClientApi, value: Any) -> None:
    answer = api.send(waitForPhone=value)
    assert (answer.status, answer.pointers) == (400, ["#/waitForPhone"])
    assert answer.body["errors"][0]["detail"] in (
        "waitForPhone must be true or false", "waitForPhone must not be null",
    )  # fmt: skip


def test_it_tells_requests_of_one_key_apart_and_an_old_key_stays_what_it_was(sent_world: Sent) -> None:
    world, api = sent_world
    world.add_phone().connect()
    first = api.send(idempotencyKey="k")
    hash_ = jobs.get(first.body["jobId"])
    assert hash_ is not None and hash_.request_hash == "eee791d95fdbd51c67c7deaea025bf22"
    assert api.send(idempotencyKey="k", **WAITS).slug == "idempotency-conflict"
    assert api.send(idempotencyKey="w", **WAITS).status == 202
    assert api.send(idempotencyKey="w", **WAITS).status == 202
    assert api.send(idempotencyKey="w").slug == "idempotency-conflict"


def test_a_reply_waits_for_the_sim_that_has_the_conversation(inbox: Inbox) -> None:
    owner, other = inbox.phone(), inbox.phone()
    owner.receive(sms())
    conversation = inbox.conversation()["conversationId"]
    owner.drop()
    assert inbox.reply(conversation).status == 422
    job_id = inbox.reply(conversation, waitForPhone=True).body["jobId"]
    inbox.world.pump()
    assert other.offers == []
    owner.connect()
    assert [offer["jobId"] for offer in owner.take_offers()] == [job_id]
    job = jobs.get(job_id)
    assert job is not None and job.status is JobStatus.PENDING

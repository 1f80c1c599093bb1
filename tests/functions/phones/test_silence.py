"""One truth about a phone that says nothing: status, sends, targets and the event go by the same rule."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smskit.dispatch.logic import connections
from smskit.models.device import silent_before
from smskit.models.job import JobStatus, Target
from smskit.phones.logic import presence
from smskit.phones.store import devices
from smskit.platform import side_by_side
from smskit.platform.times import now_ms
from tests.support.client_api import ClientApi
from tests.support.path import behind, lane_of
from tests.support.world import FakeRadioPhone, World

SentWorld = tuple[World, ClientApi]
SILENCE = 600  # two heartbeats


def status(api: ClientApi) -> str:
    (device,) = api.get("/api/devices").body["devices"]
    return str(device["status"])


def send(api: ClientApi, phone: FakeRadioPhone | None = None) -> int:
    return api.send(**({"devices": [phone.device_id]} if phone else {})).status


def heartbeat(phone: FakeRadioPhone) -> dict[str, Any]:
    return phone.say({"type": "heartbeat", "sims": []})


def test_status_sends_and_targets_turn_at_the_same_moment(sent_world: SentWorld) -> None:
    world, api = sent_world
    phone = world.add_phone()
    phone.connect()
    assert (status(api), send(api), send(api, phone)) == ("Online", 202, 202)
    world.clock.shift(SILENCE)
    assert (status(api), send(api), send(api, phone)) == ("Online", 202, 202)
    world.clock.shift(0.001)
    assert (status(api), send(api), send(api, phone)) == ("Offline", 422, 422)
    presence.forget()
    assert send(api) == 422
    heartbeat(phone)
    assert (status(api), send(api), send(api, phone)) == ("Online", 202, 202)


def test_a_phone_that_is_closed_is_offline_once_nothing_is_accepted_for_it(sent_world: SentWorld) -> None:
    """Who closes a connection writes the phone first and its lanes second; here it dies in between."""
    world, api = sent_world
    phone = world.add_phone()
    phone.connect()
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None
    assert devices.disconnect(world.account_id, phone.device_id, str(device.connection_id), now_ms())
    assert (status(api), send(api), send(api, phone)) == ("Online", 202, 202)
    connections.put_all_offline(world.account_id, phone.device_id, str(device.connection_id))
    assert (status(api), send(api), send(api, phone)) == ("Offline", 422, 422)


def test_the_janitor_goes_by_the_same_moment(sent_world: SentWorld) -> None:
    world, _ = sent_world
    phone = world.add_phone()
    phone.connect()
    world.clock.shift(SILENCE)
    world.tick()
    assert lane_of(world, phone).is_online
    world.clock.shift(0.001)
    world.tick()
    assert not lane_of(world, phone).is_online
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and device.offline_at == now_ms() and device.silent_on == phone.connection


def test_a_send_looks_past_phones_that_are_silent(sent_world: SentWorld) -> None:
    world, api = sent_world
    for _ in range(4):
        world.add_phone(sims=2).connect()
    world.clock.shift(SILENCE + 1)
    assert send(api) == 422
    world.add_phone().connect()
    assert send(api) == 202


def test_a_heard_phone_is_read_once_for_many_sends(sent_world: SentWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    world, api = sent_world
    world.add_phone().connect()
    assert send(api) == 202
    monkeypatch.setattr(devices, "get", None)
    assert [send(api) for _ in range(3)] == [202] * 3


@pytest.mark.parametrize("word", ["heartbeat", "report", "claim", "hello"])
def test_the_next_word_of_a_phone_that_was_given_up_brings_it_back(world: World, word: str) -> None:
    """The emulator gives each frame a new `connectedAt`: only the connection's id says which connection it is."""
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    world.clock.shift(SILENCE + 1)
    world.tick()
    phone.connected_at = now_ms()
    answers = {
        "heartbeat": lambda: heartbeat(phone),
        "report": lambda: phone.report("Sent", offer),
        "claim": lambda: phone.say({"type": "claim", "items": [{"jobId": offer["jobId"], "token": offer["token"]}]}),
        "hello": lambda: phone.say(phone.hello_frame()),
    }
    assert answers[word]()["type"] != "error" and phone.connection not in world.wire.closed
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and device.is_connected and not device.is_silent(now_ms()) and device.silent_on is None
    assert lane_of(world, phone).is_online
    assert job.job_id


def test_a_phone_that_was_given_up_and_comes_back_on_another_connection_has_that_one(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    old, old_at = phone.connection, phone.connected_at
    world.clock.shift(SILENCE + 1)
    world.tick()
    phone.connect()
    new, new_at = phone.connection, phone.connected_at
    assert world.wire.closed == [old]
    phone.connection, phone.connected_at = old, old_at
    assert heartbeat(phone)["code"] == "replaced"
    assert lane_of(world, phone).connection_id == new
    phone.connection, phone.connected_at = new, new_at
    assert heartbeat(phone)["type"] == "heartbeat.ack"


@pytest.mark.parametrize("word", ["heartbeat", "hello"])
def test_a_phone_that_speaks_while_its_lanes_go_offline_has_them_back(world: World, word: str) -> None:
    phone = world.add_phone()
    phone.connect()
    world.clock.shift(SILENCE + 1)
    met = behind(
        "UpdateItem", lambda: heartbeat(phone) if word == "heartbeat" else phone.say(phone.hello_frame()),
        when=lambda body: "silentOn = :conn" in body["UpdateExpression"],
    )  # fmt: skip
    world.tick()
    assert met and lane_of(world, phone).is_online
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and device.is_connected and device.silent_on is None


def test_a_phone_that_closes_while_it_has_its_lanes_back_does_not_keep_them(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    world.clock.shift(SILENCE + 1)
    spoken: list[Any] = []
    behind(
        "UpdateItem", lambda: spoken.append(heartbeat(phone)), when=lambda body: "silentOn = :conn" in json.dumps(body)
    )
    closed = behind("GetItem", lambda: world.gateway("$disconnect", phone), when=lambda _: bool(spoken))
    world.tick()
    assert spoken and closed and not lane_of(world, phone).is_online


def test_a_fleet_that_falls_silent_at_once_holds_up_no_jobs_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    away = world.add_phone()
    job = world.job(5, Target(away.device_id), validity=3_600)
    world.pump()
    for _ in range(3):
        world.add_phone().connect()
    world.clock.shift(3_610)
    real = devices.give_up

    def slow(*arguments: Any) -> bool:
        world.clock.shift(11)
        return real(*arguments)

    monkeypatch.setattr(devices, "give_up", slow)
    monkeypatch.setattr(side_by_side, "WORKERS", 1)
    world.tick()
    assert world.stored(job).status is JobStatus.DEAD_LETTER


@pytest.mark.parametrize("given_up", [False, True])
def test_a_heartbeat_in_flight_does_not_revive_a_connection_that_was_closed(world: World, given_up: bool) -> None:
    phone = world.add_phone()
    phone.connect()
    if given_up:
        world.clock.shift(SILENCE + 1)
        world.tick()
    world.gateway("$disconnect", phone)
    for frame in ({"type": "heartbeat", "sims": []}, phone.hello_frame()):
        assert phone.say(frame)["code"] == "replaced"
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and not device.is_connected
    assert not lane_of(world, phone).is_online


def test_a_report_in_flight_does_not_revive_a_connection_that_was_closed(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(0, Target(phone.device_id))
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    world.gateway("$disconnect", phone)
    assert phone.report("Sent", offer)["type"] == "ack"  # what it says of the job is true all the same
    assert world.stored(job).sent_at is not None
    assert not lane_of(world, phone).is_online


def test_the_rule_has_one_place(world: World) -> None:
    assert silent_before(1_000_000) == 1_000_000 - SILENCE * 1000

"""What a revoked or disabled phone says changes nothing, on any socket that it still has."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.contacts import store as contacts
from smskit.models.job import JobStatus, Target
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange
from smskit.phones.store import devices
from tests.support.path import lane_of
from tests.support.world import FakeRadioPhone, World

NUMBER = "+254712345678"
BARS = {
    "revoked": lambda world, phone: device_settings.revoke(world.account_id, phone.device_id),
    "disabled": lambda world, phone: device_settings.change(
        world.account_id, phone.device_id, DeviceChange(is_enabled=False)
    ),
}
bars = pytest.mark.parametrize("bar", list(BARS))


def stop(phone: FakeRadioPhone) -> dict[str, Any]:
    message = {
        "phoneMessageId": "m1",
        "from": NUMBER,
        "simSlot": 0,
        "content": "STOP",
        "receivedAt": "2026-06-23T10:00:00.000Z",
    }
    return phone.receive(message)


def refused(answer: dict[str, Any]) -> bool:
    return answer.get("type") == "error" and answer["code"] == "replaced"


@bars
@pytest.mark.parametrize("sims", [1, 0])
def test_its_stop_opts_nobody_out(world: World, bar: str, sims: int) -> None:
    phone = world.add_phone(sims=sims)
    phone.connect()
    BARS[bar](world, phone)
    assert refused(stop(phone))
    assert not contacts.get(world.account_id, NUMBER, consistent=True).opted_out
    assert world.cloud.items("messages") == [] and phone.connection in world.wire.closed


@bars
def test_its_reports_claims_and_declines_change_nothing(world: World, bar: str) -> None:
    phone = world.add_phone()
    phone.connect()
    claimed, offered = world.job(), world.job()
    world.pump()
    offers = {offer["jobId"]: offer for offer in phone.take_offers()}
    phone.claim(offers[claimed.job_id])
    connection = phone.connection
    BARS[bar](world, phone)
    before = (world.stored(claimed), world.stored(offered), lane_of(world, phone))
    item = {"jobId": offered.job_id, "token": offers[offered.job_id]["token"]}
    for say in (
        lambda: phone.report("Sent", offers[claimed.job_id]),
        lambda: phone.report("Failed", offers[claimed.job_id], error="invalid_number"),
        lambda: phone.say({"type": "claim", "items": [item]}),
        lambda: phone.say({"type": "decline", "items": [item | {"reason": "no-room"}]}),
        lambda: phone.say({"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]}),
        lambda: phone.say(phone.hello_frame()),
    ):
        world.wire.open[connection] = phone._take
        assert refused(say())
        assert connection not in world.wire.open
    assert (world.stored(claimed), world.stored(offered), lane_of(world, phone)) == before


@bars
def test_an_older_socket_of_it_is_refused_as_well(world: World, bar: str) -> None:
    phone = world.add_phone()
    phone.connect()
    older = phone.connection
    phone.connect()
    world.wire.open[older] = phone._take  # as if closing it had not come through
    BARS[bar](world, phone)
    world.advance(2)
    phone.connection = older
    assert refused(stop(phone))
    assert world.cloud.items("messages") == []


def test_a_phone_that_was_enabled_again_is_heard(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    BARS["disabled"](world, phone)
    world.advance(2)
    device_settings.change(world.account_id, phone.device_id, DeviceChange(is_enabled=True))
    named = [{"jobId": offer["jobId"], "token": offer["token"], "state": "Sent"}]
    phone.connect(named)
    phone.report("Sent", offer)
    assert world.stored(job).status is JobStatus.SENT


def test_a_new_connection_closes_the_one_that_it_replaces_before_any_hello(world: World) -> None:
    phone = world.add_phone()
    phone.connect(hello=False)
    older = phone.connection
    phone.connect(hello=False)
    assert world.wire.closed == [older]
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and device.connection_id == phone.connection


@bars
@pytest.mark.parametrize("slot", [None, 0, 15])
def test_a_job_for_it_ends_though_it_has_told_of_no_sim(world: World, bar: str, slot: int | None) -> None:
    phone, other = world.add_phone(sims=0), world.add_phone(sims=0)
    own = world.job(1, Target(phone.device_id, slot))
    either = world.job(2, Target(phone.device_id), Target(other.device_id))
    world.pump()
    BARS[bar](world, phone)
    world.advance(60)
    ended = world.stored(own)
    assert ended.status is JobStatus.DEAD_LETTER and ended.error is not None
    assert ended.error.code == f"device-{bar}"
    assert world.stored(either).status is JobStatus.PENDING

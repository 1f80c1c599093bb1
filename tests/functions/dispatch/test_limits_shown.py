"""What users would take for a fault: a SIM at its hourly limit, and an outcome that nobody knows. Both are said."""

from __future__ import annotations

import pytest

from smskit.models.job import Target
from tests.support.client_api import ClientApi
from tests.support.path import lane_of
from tests.support.world import FakeRadioPhone, World

SentWorld = tuple[World, ClientApi]
END_OF_HOUR = "2026-06-23T11:00:00Z"


def send_all(phone: FakeRadioPhone) -> None:
    while offers := phone.take_offers():
        phone.claim(*offers)
        phone.report("Sent", *offers)


def spent(world: World, sims: int = 1, limit: int = 10) -> FakeRadioPhone:
    """A phone whose ordinary budget of this hour is used up."""
    phone = world.add_phone(sims=sims, limit=limit)
    phone.connect()
    for _ in range(limit):
        world.clock.shift(0.001)
        world.job(0, Target(phone.device_id))
    world.pump()
    send_all(phone)
    assert all(lane_of(world, phone, slot).bulk_left < 1 for slot in range(sims))
    return phone


def lines(api: ClientApi, job_id: str) -> list[tuple[str, str | None]]:
    return [(line["event"], line.get("detail")) for line in api.status(job_id).body["timeline"]]


def test_a_sim_at_its_limit_says_until_when(sent_world: SentWorld) -> None:
    world, api = sent_world
    phone = spent(world)
    (device,) = api.get("/api/devices").body["devices"]
    assert device["status"] == "Online"
    assert [sim["limitedUntil"] for sim in device["sims"]] == [END_OF_HOUR]
    world.advance(3_600)
    phone.say({"type": "heartbeat", "sims": []})
    send_all(phone)
    (device,) = api.get("/api/devices").body["devices"]
    assert "limitedUntil" not in device["sims"][0]


@pytest.mark.parametrize("named", [False, True])
def test_a_job_that_waits_for_the_hour_says_so_once(sent_world: SentWorld, named: bool) -> None:
    world, api = sent_world
    phone = spent(world)
    job_id = api.send(**({"devices": [phone.device_id]} if named else {})).body["jobId"]
    world.pump()
    for _ in range(3):
        assert lines(api, job_id) == [("accepted", None), ("limited", END_OF_HOUR)]
        world.clock.shift(1)


def test_an_otp_that_may_use_the_reserve_does_not_wait(sent_world: SentWorld) -> None:
    world, api = sent_world
    phone = spent(world)
    job_id = api.send(priority=10).body["jobId"]
    world.pump()
    assert [offer["jobId"] for offer in phone.offers] == [job_id]
    assert lines(api, job_id) == [("accepted", None)]
    send_all(phone)
    waits = api.send(priority=10, recipient="+254722000000").body["jobId"]
    world.pump()
    assert lines(api, waits) == [("accepted", None), ("limited", END_OF_HOUR)]


def test_a_job_that_waits_for_a_busy_sim_is_not_said_to_wait_for_the_hour(sent_world: SentWorld) -> None:
    world, api = sent_world
    spent(world)
    busy = world.add_phone()
    busy.window = 1
    busy.connect()
    send_all(busy)
    first = api.send(recipient="+254722000001").body["jobId"]
    world.pump()
    second = api.send(recipient="+254722000002").body["jobId"]
    world.pump()
    assert [offer["jobId"] for offer in busy.offers] == [first]
    assert lines(api, second) == [("accepted", None)]


def test_the_next_hour_is_another_line(sent_world: SentWorld) -> None:
    world, api = sent_world
    phone = spent(world)
    job_id = api.send().body["jobId"]
    world.pump()
    assert len(lines(api, job_id)) == 2
    phone.drop()
    world.advance(3_700)
    assert lines(api, job_id)[2:] == []  # it waits for a phone now
    phone.connect()
    send_all(phone)
    assert api.status(job_id).body["status"] == "Sent"


def test_an_unknown_outcome_says_that_the_message_may_have_been_sent(sent_world: SentWorld) -> None:
    world, api = sent_world
    phone = world.add_phone()
    phone.connect()
    job_id = api.send().body["jobId"]
    world.pump()
    phone.claim()
    world.advance(630)
    assert api.status(job_id).body["error"]["mayHaveBeenSent"] is True
    phone.say({"type": "heartbeat", "sims": []})
    other = api.send(validitySeconds=30, recipient="+254722000000").body["jobId"]
    phone.drop()
    world.advance(60)
    error = api.status(other).body["error"]
    assert error["code"] == "expired" and "mayHaveBeenSent" not in error

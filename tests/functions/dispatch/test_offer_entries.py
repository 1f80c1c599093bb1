"""Offers that came to nothing are in the timeline, though no write is made for them."""

from __future__ import annotations

import pytest

from smskit import aws
from tests.support.client_api import ClientApi
from tests.support.meter import Meter
from tests.support.world import FakeRadioPhone, World


def told(client: ClientApi, job_id: str) -> list[tuple[str, str, str | None]]:
    """What the timeline says: event, second of the time, phone."""
    timeline = client.get(f"/api/sms/{job_id}/status").body["timeline"]
    return [(entry["event"], entry["at"][14:19], entry.get("deviceId")) for entry in timeline]


def two_phones(world: World) -> tuple[FakeRadioPhone, FakeRadioPhone]:
    phones = [world.add_phone(), world.add_phone()]
    for phone in phones:
        phone.connect()
    return phones[0], phones[1]


def by_offer(phones: tuple[FakeRadioPhone, FakeRadioPhone]) -> tuple[FakeRadioPhone, FakeRadioPhone]:
    """The phone that has the offer, and the other one."""
    return phones if phones[0].offers else phones[::-1]


def test_an_offer_that_nobody_claimed_comes_before_what_came_of_it(sent_world: tuple[World, ClientApi]) -> None:
    world, client = sent_world
    phones = two_phones(world)
    job = world.job()
    world.clock.shift(1)
    world.pump()
    silent, other = by_offer(phones)
    world.advance(11)
    other.claim(*other.take_offers())
    assert told(client, job.job_id) == [
        ("accepted", "00:00", None),
        ("offered", "00:01", silent.device_id),
        ("unclaimed", "00:11", silent.device_id),
        ("offered", "00:11", other.device_id),
        ("assigned", "00:12", other.device_id),
    ]


@pytest.mark.parametrize("claimed", [True, False])
def test_an_offer_of_which_two_things_came_is_told_once(sent_world: tuple[World, ClientApi], claimed: bool) -> None:
    world, client = sent_world
    phones = two_phones(world)
    job = world.job(10)
    world.pump()
    first, _ = by_offer(phones)
    world.advance(2)
    if claimed:
        first.claim(*first.take_offers())
    else:
        world.advance(11)
    events = told(client, job.job_id)
    assert events[:3] == [
        ("accepted", "00:00", None), ("offered", "00:00", first.device_id), ("hedged", "00:02", first.device_id),
    ]  # fmt: skip
    assert [event for event in events if event[:2] == ("offered", "00:00")] == events[1:2]
    assert ("assigned" if claimed else "unclaimed", first.device_id) in [(event, by) for event, _, by in events]


def test_an_offer_that_was_declined(sent_world: tuple[World, ClientApi]) -> None:
    world, client = sent_world
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    world.clock.shift(1)
    item = {"jobId": offer["jobId"], "token": offer["token"], "reason": "busy"}
    phone.say({"type": "decline", "items": [item]})
    assert told(client, job.job_id)[1:] == [
        ("offered", "00:00", phone.device_id), ("declined", "00:01", phone.device_id),
    ]  # fmt: skip


def test_an_offer_that_met_a_closed_connection(sent_world: tuple[World, ClientApi]) -> None:
    world, client = sent_world
    phone = world.add_phone()
    phone.connect()
    phone.drop(disconnect=False)
    job = world.job()
    world.clock.shift(1)
    world.pump()
    assert told(client, job.job_id)[1:] == [
        ("offered", "00:01", phone.device_id), ("unreachable", "00:01", phone.device_id),
    ]  # fmt: skip


def test_no_write_is_made_for_it(sent_world: tuple[World, ClientApi]) -> None:
    world, client = sent_world
    meter = Meter(aws.session())
    aws.client.cache_clear()
    world.add_phone().connect()
    job = world.job()
    world.pump()
    meter.reset()
    world.advance(11)
    ours = meter.requests["dynamodb.UpdateItem"]
    assert ours == 1, "the line that says unclaimed"
    assert [event for event, _, _ in told(client, job.job_id)][:3] == ["accepted", "offered", "unclaimed"]
    assert "offered" not in [entry.event for entry in world.stored(job).timeline]

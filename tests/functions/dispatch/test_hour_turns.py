"""A lane that had spent its hour takes what waited for the next one, before anything that has just come."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smskit.dispatch.logic import dispatch
from smskit.dispatch.store import pool
from smskit.models.job import Job, JobStatus, Target
from smskit.platform.times import now_ms
from tests.support.path import lane_of
from tests.support.world import FakeRadioPhone, World

HOUR_S = 3_600


def spent(world: World) -> tuple[FakeRadioPhone, list[Job]]:
    """A phone, a second before its next hour, and eleven jobs of priority 5 that wait for it."""
    phone = world.add_phone(limit=10)
    phone.connect()
    made = [world.job(5, recipient=f"+2547123{at:05d}") for at in range(20)]
    while True:
        world.pump()
        offers = phone.take_offers()
        if not offers:
            break
        send(phone, offers)
    waiting = [job for job in made if world.stored(job).status is JobStatus.PENDING]
    assert len(waiting) == 11
    almost_turn(world)
    assert not phone.take_offers()
    return phone, waiting


def almost_turn(world: World) -> None:
    world.advance(HOUR_S - now_ms() // 1000 % HOUR_S - 1)


def send(phone: FakeRadioPhone, offers: list[dict[str, object]]) -> None:
    if offers:
        phone.claim(*offers)
        phone.report("Sent", *offers)


def test_newcomers_that_name_the_phone_come_behind_what_waits(world: World) -> None:
    phone, waiting = spent(world)
    world.clock.shift(1.2)
    for at in range(3):
        world.job(0, Target(phone.device_id), recipient=f"+2547124{at:05d}")
    world.pump("bulk")
    assert {offer["jobId"] for offer in phone.take_offers()} < {job.job_id for job in waiting}


def test_an_urgent_message_opens_the_hour_for_no_newcomers(world: World) -> None:
    """They come one by one, each once the one before is sent, and before the timer of the hour rings."""
    phone, waiting = spent(world)
    world.clock.shift(1.2)
    urgent = world.job(9, recipient="+254712599999")
    world.pump("urgent")
    assert urgent.job_id in {offer["jobId"] for offer in phone.offers}
    for at in range(12):
        late = world.job(0, recipient=f"+2547124{at:05d}")
        world.pump("bulk")
        send(phone, phone.take_offers())
        if any(world.stored(job).status is JobStatus.PENDING for job in waiting):
            assert world.stored(late).status is JobStatus.PENDING


@pytest.mark.parametrize("kind", ["urgent", "named", "of a contact"])
def test_what_is_more_urgent_than_all_that_waits_comes_first(world: World, kind: str) -> None:
    phone, _ = spent(world)
    world.clock.shift(1.2)
    phone.frames.clear()
    own = Target(phone.device_id, 0)
    made = {
        "urgent": lambda: world.job(10),
        "named": lambda: world.job(8, own),
        "of a contact": lambda: world.job(8, preferred=own),
    }[kind]()
    world.pump("urgent", "standard")
    first = next(frame for frame in phone.frames if frame["type"] == "offer")
    assert first["jobs"][0]["jobId"] == made.job_id


def test_a_newcomer_that_was_taken_back_and_waits_anew_under_its_key_comes_as_it_is_now(world: World) -> None:
    """A dispatcher read it before it was taken back; the hour has turned since."""
    phone, _ = spent(world)
    world.clock.shift(1.2)
    anew = world.job(8)
    pool.publish([anew])
    dispatch.offer_directly(lane_of(world, phone).key, [replace(anew, created_at=anew.created_at - 1000)], now_ms())
    assert anew.job_id in {offer["jobId"] for offer in phone.take_offers()}
    assert not pool.contains(anew)


def test_long_messages_come_first_for_which_an_hour_had_too_little_left(world: World) -> None:
    phone = world.add_phone(limit=10)
    phone.connect()
    for at in range(7):
        world.job(5, recipient=f"+2547123{at:05d}")
        world.pump()
        send(phone, phone.take_offers())
    long = [world.job(5, segments=4, recipient=f"+2547125{at:05d}") for at in range(2)]
    world.pump()
    assert lane_of(world, phone).bulk_left == 2 and not phone.offers
    almost_turn(world)
    world.clock.shift(1.2)
    for at in range(3):
        world.job(0, recipient=f"+2547124{at:05d}")
    world.pump("bulk")
    assert {offer["jobId"] for offer in phone.take_offers()[:2]} == {job.job_id for job in long}

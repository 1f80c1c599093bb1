"""Wherever a phone could take an urgent job, one is offered: also where the room came back, or is hard to see."""

from __future__ import annotations

import random
from dataclasses import replace
from zlib import crc32

import pytest

from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import jobs, pool
from smskit.models.job import Job, Target
from smskit.models.lane import MAX_SETBACKS, MAX_STRIKES
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit.sending.logic import cancel
from tests.functions.dispatch.test_urgent_credit import busy_phone
from tests.support.path import kinds, lane_of, refusals, watch_timers
from tests.support.setbacks import backlog, change, connected
from tests.support.world import FakeRadioPhone, World

NEVER = 10**13


def full(world: World) -> FakeRadioPhone:
    """A phone with its window claimed, and its credit for an urgent job left."""
    phone, first = busy_phone(world)
    phone.claim(*first)
    return phone


def with_trial(world: World) -> FakeRadioPhone:
    phone = connected(world)
    change(world, phone, setbacks=MAX_SETBACKS)
    world.job(5, Target(phone.device_id))
    world.pump()
    phone.claim(*phone.take_offers())
    world.clock.shift(1)
    return phone


def seconds_to_offer(world: World, phone: FakeRadioPhone, job: Job) -> int:
    """While the phone only says heartbeats: its messages take long on the radio."""
    for second in range(60):
        if any(offer["jobId"] == job.job_id for offer in phone.offers):
            return second
        world.advance(1)
        phone.say({"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]})
    raise AssertionError("it was never offered")


def test_an_urgent_offer_that_was_lost_comes_again_to_a_full_phone(world: World) -> None:
    phone = full(world)
    job = world.job(10, validity=120)
    world.pump()
    assert phone.take_offers()  # its frame is lost
    assert seconds_to_offer(world, phone, job) <= 13


@pytest.mark.parametrize("after", [1, 4])
@pytest.mark.parametrize("is_dropped", [False, True], ids=["replaced", "dropped"])
def test_an_urgent_offer_to_a_dead_socket_comes_with_the_next_hello(world: World, is_dropped: bool, after: int) -> None:
    phone, first = busy_phone(world)
    phone.claim(*first)
    job = world.job(10, validity=120)
    world.pump()
    assert phone.take_offers()
    world.advance(after)
    if is_dropped:
        phone.drop()
    phone.connect([{"jobId": offer["jobId"], "token": offer["token"], "state": "Claimed"} for offer in first])
    assert seconds_to_offer(world, phone, job) <= 3


@pytest.mark.parametrize("state", [{"left": 15}, {"strikes": 1}], ids=["only its reserve is left", "it was silent"])
def test_a_lane_that_no_quick_write_fits_is_read_first(world: World, state: dict[str, int]) -> None:
    phone = connected(world)
    change(world, phone, **state)
    refused, made = refusals(), watch_timers()
    world.job(10)
    world.pump()
    assert len(phone.offers) == 1
    assert (refused, kinds(made).count("early")) == ([], 1)


@pytest.mark.parametrize("end", ["Sent", "Failed", "declined"])
def test_the_credit_of_one_urgent_job_goes_to_the_next(world: World, end: str) -> None:
    phone = full(world)
    world.job(10)
    world.pump()
    (offer,) = phone.take_offers()
    world.clock.shift(0.01)
    second = world.job(10, recipient="+254722222222")
    world.pump()
    assert not phone.offers and pool.contains(second)
    if end == "declined":
        items = [{"jobId": offer["jobId"], "token": offer["token"], "reason": "shutdown"}]
        phone.say({"type": "decline", "items": items})
    else:
        phone.claim(offer)
        phone.report(end, offer, **({"error": "no_service"} if end == "Failed" else {}))
    assert second.job_id in [offer["jobId"] for offer in phone.offers]


def apart(world: World) -> tuple[FakeRadioPhone, FakeRadioPhone]:
    """Two phones whose markers stand far from each other, in their order."""
    phones = [world.add_phone() for _ in range(8)]
    ordered = sorted(phones, key=lambda phone: crc32(f"{phone.device_id}#0".encode()))
    for phone in (ordered[0], ordered[-1]):
        phone.connect()
    return ordered[0], ordered[-1]


@pytest.mark.parametrize("other_is", ["beyond its window", "at rest"])
def test_a_look_at_busy_lanes_sees_those_before_its_random_start_too(world: World, other_is: str) -> None:
    random.seed(5)
    roomy, other = apart(world)
    for phone, most in ((roomy, 3), (other, 4)):
        for number in range(most):
            world.job(5 if number < 3 else 10, Target(phone.device_id), recipient=f"+25471111111{number}")
            world.pump()
        phone.claim(*phone.take_offers())
    if other_is == "at rest":
        change(world, other, setbacks=MAX_SETBACKS + 4, rests_until=NEVER)
    for number in range(12):
        job = world.job(10, validity=30, recipient=f"+2547222222{number:02d}")
        world.pump("urgent")
        (offer,) = roomy.take_offers()
        assert offer["jobId"] == job.job_id
        items = [{"jobId": job.job_id, "token": offer["token"], "reason": "shutdown"}]
        roomy.say({"type": "decline", "items": items})
        cancel.cancel(world.account_id, job.job_id, now_ms())
        roomy.take_offers()
        world.clock.shift(0.01)


@pytest.mark.parametrize("other", [{"strikes": MAX_STRIKES}, {"left": 0}, {"rests_until": NEVER}], ids=str)
def test_a_phone_that_may_take_nothing_hides_none_with_a_trial(world: World, other: dict[str, int]) -> None:
    for _ in range(6):
        change(world, connected(world), **other)
    phone = with_trial(world)
    job = world.job(10)
    world.pump()
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]


@pytest.mark.parametrize("doubt", [{"setbacks": MAX_SETBACKS}, {"strikes": 1}], ids=str)
def test_a_doubtful_lane_with_only_its_reserve_left_comes_behind_a_busy_good_one(
    world: World, doubt: dict[str, int]
) -> None:
    doubtful = connected(world)
    change(world, doubtful, left=20, **doubt)
    good = full(world)
    assert lane_of(world, doubtful).ready_class == "v"
    job = world.job(10)
    world.pump()
    assert [offer["jobId"] for offer in good.offers] == [job.job_id]


def test_what_a_lane_was_given_before_its_rest_is_no_trial(world: World) -> None:
    phone = world.add_phone()
    phone.window = 5
    phone.connect()
    backlog(world, 12)
    world.pump()
    offers = phone.take_offers()
    phone.claim(*offers)
    for offer in offers[:3]:
        world.clock.shift(1)
        phone.report("Failed", offer, error="no_service")
    phone.claim(*phone.take_offers())  # freed by the first two
    world.advance(31)
    trial = phone.take_offers()
    assert len(trial) == 1 and lane_of(world, phone).room == 0
    job = world.job(10)
    world.pump()
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]


@pytest.mark.parametrize("trial", ["out", "to come"])
def test_a_contacts_sim_on_trial_is_not_preferred_to_a_good_one(world: World, trial: str) -> None:
    good = connected(world)
    bad = with_trial(world) if trial == "out" else connected(world)
    change(world, bad, setbacks=MAX_SETBACKS)
    job = preferring(world, bad)
    world.pump()
    assert [offer["jobId"] for offer in good.offers] == [job.job_id]


@pytest.mark.parametrize("arrives", ["at the queue", "in the pool"])
def test_a_contacts_sim_on_trial_is_taken_where_there_is_no_other(world: World, arrives: str) -> None:
    bad = with_trial(world)
    if arrives == "in the pool":
        change(world, bad, sim_ready=False)
    job = preferring(world, bad)
    world.pump()
    if arrives == "in the pool":
        assert not bad.offers and pool.contains(job)
        bad.say({"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]})
    assert [offer["jobId"] for offer in bad.offers] == [job.job_id]


def preferring(world: World, phone: FakeRadioPhone) -> Job:
    """An urgent job to a contact who knows this phone's SIM."""
    plain = world.job(10, recipient="+254799999999")
    world.cloud.sqs.purge_queue(QueueUrl=world.cloud.queues["urgent"])
    job = replace(plain, preferred=Target(phone.device_id, 0), job_id=new_id("job", now_ms() + 1))
    jobs.create(job)
    job_queues.enqueue(job)
    return job

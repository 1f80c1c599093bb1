"""Offer, claim, go, report: the message's path through the real handlers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from smskit.models.job import JobStatus, Target
from smskit.models.lane import LaneKey
from smskit.phones.store import lanes, pending_counts
from tests.support.aws import Cloud
from tests.support.world import FakeRadioPhone, World


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def send_all(phone: FakeRadioPhone) -> list[str]:
    """Claim what was offered, send it, and report Sent; the job ids in the order of the offers."""
    sent = []
    while offers := phone.take_offers():
        by_id = {offer["jobId"]: offer for offer in offers}
        going = [by_id[v["jobId"]] for v in phone.claim(*offers) if v["verdict"] == "go"]
        sent += [offer["jobId"] for offer in going]
        phone.report("Sent", *going)
    return sent


def test_a_job_goes_from_the_queue_to_delivered(world: World) -> None:
    phone = world.add_phone()
    welcome = phone.connect()
    assert welcome["type"] == "welcome" and welcome["resolve"] == []
    job = world.job()
    world.pump()
    (offer,) = phone.offers
    assert offer["message"] == "Your code is 123456" and offer["attempt"] == 1
    assert world.stored(job).status is JobStatus.PENDING
    (verdict,) = phone.claim()
    assert verdict["verdict"] == "go"
    assert world.stored(job).status is JobStatus.ASSIGNED
    assert phone.report("Sent", offer) == {"type": "ack", "seq": 1}
    assert world.stored(job).status is JobStatus.SENT
    assert phone.report("Delivered", offer) == {"type": "ack", "seq": 2}
    done = world.stored(job)
    assert done.status is JobStatus.DELIVERED and done.attempts == 1
    assert [entry.event for entry in done.timeline] == ["offered", "assigned", "sent", "delivered"]


def test_jobs_wait_for_credits_and_come_in_order_of_priority_then_age(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    first = [world.job(0) for _ in range(3)]
    world.pump()
    rest = []
    for priority in (0, 3, 10, 7, 0, 10, 5):
        world.clock.shift(0.01)
        rest.append(world.job(priority))
    world.pump()
    order = send_all(phone)
    assert set(order[:3]) == {job.job_id for job in first}
    expected = sorted(rest, key=lambda job: (-job.priority, job.created_at))
    assert order[3:] == [job.job_id for job in expected]
    (lane,) = lanes.of_device(world.account_id, phone.device_id)
    assert lane.credits == 3 and not lane.held and lane.ready_class == "a"
    assert not [item for item in world.cloud.items("pool") if item["pk"].startswith("pool#")]


def test_an_unclaimed_offer_moves_to_the_other_phone(world: World) -> None:
    phones = [world.add_phone(), world.add_phone()]
    for phone in phones:
        phone.connect()
    job = world.job()
    world.pump()
    silent = next(phone for phone in phones if phone.offers)
    other = next(phone for phone in phones if phone is not silent)
    world.advance(11)
    assert send_all(other) == [job.job_id]
    assert [entry.event for entry in world.stored(job).timeline] == ["unclaimed", "offered", "assigned", "sent"]
    silent.take_offers()
    for _ in range(3):
        world.job()
        world.pump()
        assert not silent.offers
        send_all(other)


def test_a_silent_only_phone_is_asked_three_times_and_again_when_it_speaks(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    world.advance(60)
    assert len(phone.take_offers()) == 3
    phone.say({"type": "heartbeat", "sims": []})
    assert send_all(phone) == [job.job_id]


def test_a_gone_connection_sends_the_job_elsewhere_at_once(world: World) -> None:
    dead, live = world.add_phone(), world.add_phone()
    dead.connect()
    job = world.job()
    dead.drop(disconnect=False)
    world.pump()
    assert not world.stored(job).attempts
    live.connect()
    world.pump()
    assert send_all(live) == [job.job_id]
    assert lanes.get(LaneKey(world.account_id, dead.device_id, 0)).connection_id is None


def test_a_transient_failure_moves_the_job_to_another_sim_and_ends_after_three_attempts(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    job = world.job()
    world.pump()
    slots = []
    for _ in range(3):
        for _ in range(70):
            if phone.offers:
                break
            world.advance(1)
        (offer,) = phone.take_offers()
        slots.append(offer["simSlot"])
        phone.claim(offer)
        phone.report("Failed", offer, error="no_service")
    assert slots[0] != slots[1]
    done = world.stored(job)
    assert done.status is JobStatus.DEAD_LETTER and done.error.code == "attempts-exhausted" and done.attempts == 3
    for lane in lanes.of_device(world.account_id, phone.device_id):
        assert not lane.held and lane.credits == 3


def test_a_permanent_failure_ends_the_job(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    phone.report("Failed", offer, error="invalid_number")
    phone.report("Failed", offer, error="invalid_number")
    done = world.stored(job)
    assert done.status is JobStatus.FAILED and done.error.code == "invalid_number"
    assert len([entry for entry in done.timeline if entry.event == "failed"]) == 1


def test_a_claimed_and_silent_job_is_unknown_and_a_later_report_corrects_it(world: World) -> None:
    phone, other = world.add_phone(), world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    other.connect()
    world.advance(620)
    guess = world.stored(job)
    assert guess.status is JobStatus.FAILED and guess.error.code == "outcome_unknown"
    assert not other.offers
    phone.report("Sent", offer)
    assert world.stored(job).status is JobStatus.SENT and world.stored(job).error is None


def test_reports_may_come_twice_late_and_in_any_order(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    phone.report("Delivered", offer)
    for state in ("Sent", "Delivered", "Sent"):
        phone.report(state, offer)
    done = world.stored(job)
    assert done.status is JobStatus.DELIVERED and done.sent_at
    assert sorted(entry.event for entry in done.timeline) == ["assigned", "delivered", "offered", "sent"]
    (lane,) = lanes.of_device(world.account_id, phone.device_id)
    assert lane.credits == 3 and not lane.held


def test_a_job_past_its_deadline_is_dead_and_never_offered(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    phone.drop()
    job = world.job(validity=30)
    world.pump()
    world.advance(31)
    assert world.stored(job).status is JobStatus.DEAD_LETTER
    assert world.stored(job).error.code == "expired"
    phone.connect()
    assert not phone.offers and world.cloud.items("pool") == []


def test_the_last_tenth_of_the_hour_is_for_otps(world: World) -> None:
    phone = world.add_phone(limit=20)
    phone.connect()
    for _ in range(25):
        world.clock.shift(0.001)
        world.job(1)
    world.pump()
    assert len(send_all(phone)) == 18
    for _ in range(5):
        world.clock.shift(0.001)
        world.job(9)
    world.pump()
    assert len(send_all(phone)) == 2
    world.advance(3600)
    assert len(send_all(phone)) == 10


def test_a_job_for_several_phones_goes_to_the_first_free_one_only(world: World) -> None:
    phones = [world.add_phone() for _ in range(3)]
    for phone in phones:
        phone.connect()
        phone.drop()
    targets = [Target(phones[0].device_id), Target(phones[1].device_id, 0)]
    job = world.job(5, *targets)
    world.pump()
    assert pending_counts.counts([f"pool#{phones[0].device_id}", f"pool#{phones[1].device_id}#0"]) == {
        f"pool#{phones[0].device_id}": 1,
        f"pool#{phones[1].device_id}#0": 1,
    }
    phones[2].connect()
    assert not phones[2].offers
    phones[1].connect()
    phones[0].connect()
    assert send_all(phones[1]) == [job.job_id] and not phones[0].offers
    assert set(pending_counts.counts([f"pool#{phones[0].device_id}", f"pool#{phones[1].device_id}#0"]).values()) == {0}


def test_a_declined_go_is_pending_again(world: World) -> None:
    phone, other = world.add_phone(), world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    other.connect()
    declined = {
        "type": "decline",
        "items": [{"jobId": offer["jobId"], "token": offer["token"], "reason": "unknown-claim"}],
    }
    for _ in range(2):
        assert phone.say(declined)["type"] == "declined"
        assert [again["jobId"] for again in other.offers] == [job.job_id]  # at once, and not when a timer looks
    assert send_all(other) == [job.job_id]


def test_hello_settles_what_both_sides_hold(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    made = [world.job() for _ in range(3)]
    world.pump()
    known, lost, unclaimed = phone.take_offers()
    phone.claim(known, lost)
    phone.drop()
    world.clock.shift(1)
    opened = [{"jobId": known["jobId"], "token": known["token"], "state": "Claimed"}]
    welcome = phone.connect(opened)
    assert welcome["resolve"] == [{"jobId": known["jobId"], "token": known["token"], "action": "go"}]
    world.advance(3)
    assert {offer["jobId"] for offer in phone.offers} == {lost["jobId"], unclaimed["jobId"]}
    assert send_all(phone) and {world.stored(job).status for job in made} == {JobStatus.SENT, JobStatus.ASSIGNED}


def test_a_replaced_connections_late_disconnect_changes_nothing(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    old, old_at = phone.connection, phone.connected_at
    world.clock.shift(1)
    phone.connect()
    new, new_at = phone.connection, phone.connected_at
    phone.connection, phone.connected_at = old, old_at
    world.gateway("$disconnect", phone)
    phone.connection, phone.connected_at = new, new_at
    world.job()
    world.pump()
    assert len(phone.offers) == 1


def test_a_phone_not_heard_within_two_heartbeats_is_offline_until_it_speaks(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    world.advance(601)
    world.tick()
    world.job()
    world.pump()
    assert not phone.offers
    phone.say({"type": "heartbeat", "sims": []})
    assert len(phone.offers) == 1

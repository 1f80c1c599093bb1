"""An urgent job that its phone doesn't claim at once is offered to another phone as well; the first claim wins."""

from __future__ import annotations

import json

import pytest

from smskit.dispatch.store import pool
from smskit.entrypoints import timekeeper
from smskit.models.job import JobStatus, Target
from tests.support.path import events, kinds, lane_of, watch_timers
from tests.support.world import FakeRadioPhone, World


def two_phones(world: World) -> list[FakeRadioPhone]:
    made = [world.add_phone(), world.add_phone()]
    for phone in made:
        phone.connect()
    return made


def offered(phones: list[FakeRadioPhone]) -> tuple[FakeRadioPhone, FakeRadioPhone]:
    """The phone that has an offer, and the other one."""
    return (phones[0], phones[1]) if phones[0].offers else (phones[1], phones[0])


@pytest.mark.parametrize("priority", [9, 10])
def test_an_unclaimed_otp_is_offered_to_a_second_phone_after_two_seconds(world: World, priority: int) -> None:
    phones = two_phones(world)
    job = world.job(priority)
    world.pump()
    first, second = offered(phones)
    world.advance(1)
    assert not second.offers
    world.advance(1)
    assert [offer["jobId"] for offer in second.offers] == [job.job_id]
    assert second.offers[0]["token"] != first.offers[0]["token"]
    assert lane_of(world, first).held.keys() == lane_of(world, second).held.keys() == {job.job_id}
    assert events(world, job) == ["hedged"]


def test_other_jobs_have_one_phone_for_ten_seconds(world: World) -> None:
    phones = two_phones(world)
    world.job(8)
    world.pump()
    _, second = offered(phones)
    world.advance(9)
    assert not second.offers
    world.advance(2)
    assert len(second.offers) == 1


@pytest.mark.parametrize("winner", ["first", "second"])
def test_the_first_claim_wins_and_the_other_phone_hears_gone(world: World, winner: str) -> None:
    phones = two_phones(world)
    job = world.job(10)
    world.pump()
    first, second = offered(phones)
    world.advance(2)
    wins, loses = (first, second) if winner == "first" else (second, first)
    (offer,) = wins.take_offers()
    assert wins.claim(offer)[0]["verdict"] == "go"
    (gone,) = loses.claim()
    assert gone["verdict"] == "gone" and gone["reason"] == "taken"
    assert wins.report("Sent", offer)["type"] == "ack"
    world.advance(12)
    assert world.stored(job).status is JobStatus.SENT and world.stored(job).attempts == 1
    assert not lane_of(world, first).held and not lane_of(world, second).held
    assert not any(item.get("jobId") for item in world.cloud.items("pool"))
    assert not first.offers and not second.offers


def test_a_claimed_otp_costs_no_second_timer(world: World) -> None:
    phones = two_phones(world)
    made = watch_timers()
    world.job(10)
    world.pump()
    first, second = offered(phones)
    offer = first.take_offers()[0]
    first.claim(offer)
    first.report("Sent", offer)
    world.advance(12)
    assert [(body["kind"], body["delay"]) for body in made] == [("early", 2)] and not second.offers


def test_a_claimed_otp_that_is_not_sent_yet_is_still_looked_after(world: World) -> None:
    phones = two_phones(world)
    made = watch_timers()
    job = world.job(10)
    world.pump()
    first, _ = offered(phones)
    first.claim()
    world.advance(3)
    assert kinds(made) == ["early", "report"]
    world.advance(630)
    ended = world.stored(job)
    assert ended.error is not None and ended.error.code == "outcome_unknown"


def test_a_dead_phone_loses_the_otp_and_its_hold(world: World) -> None:
    phones = two_phones(world)
    job = world.job(10)
    world.pump()
    dead, live = offered(phones)
    world.advance(2)
    offer = live.take_offers()[0]
    assert live.claim(offer)[0]["verdict"] == "go"
    live.report("Sent", offer)
    assert lane_of(world, dead).held
    world.advance(11)
    assert not lane_of(world, dead).held and world.stored(job).status is JobStatus.SENT
    assert lane_of(world, dead).strikes == 1 and lane_of(world, live).strikes == 0  # the next OTP asks the other first


def test_without_another_phone_the_otp_waits_in_the_pool_for_one(world: World) -> None:
    dead = world.add_phone(sims=2)
    dead.connect()
    job = world.job(10)
    world.pump()
    assert len(dead.take_offers()) == 1
    world.advance(3)
    assert pool.contains(job) and not dead.take_offers()  # its other SIM is in the same pocket
    late = world.add_phone()
    late.connect()
    assert [offer["jobId"] for offer in late.offers] == [job.job_id]


def test_an_otp_for_one_phone_is_not_offered_to_others(world: World) -> None:
    first, second = two_phones(world)
    job = world.job(10, Target(first.device_id))
    world.pump()
    assert len(first.offers) == 1
    world.advance(9)
    assert not second.offers and pool.contains(job)


def test_an_early_timer_that_comes_twice_changes_nothing_more(world: World) -> None:
    phones = two_phones(world)
    made = watch_timers()
    job = world.job(10)
    world.pump()
    first, second = offered(phones)
    world.advance(2)
    again = {"messageId": "1", "body": json.dumps(made[0]), "attributes": {"ApproximateReceiveCount": "2"}}
    assert world.invoke("timekeeper", {"Records": [again]}) == {"batchItemFailures": []}
    assert len(second.offers) == 1
    offer = second.take_offers()[0]
    second.claim(offer)
    second.report("Sent", offer)
    world.advance(30)
    assert world.stored(job).attempts == 1 and not first.take_offers()[1:]
    assert not lane_of(world, first).held and not lane_of(world, second).held


def test_an_early_timer_is_the_first_of_its_run(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    handled: list[str] = []
    monkeypatch.setattr(timekeeper, "handle", lambda message, _: handled.append(message["kind"]))
    bodies = ['{"kind": "offer"}', "{", '{"kind": "match"}', "{}", '{"kind": "early"}']
    records = [
        {"messageId": str(at), "body": body, "attributes": {"ApproximateReceiveCount": "1"}}
        for at, body in enumerate(bodies)
    ]
    failed = world.invoke("timekeeper", {"Records": records})["batchItemFailures"]
    assert handled == ["early", "offer", "match"]
    assert [entry["itemIdentifier"] for entry in failed] == ["1", "3"]


def test_where_no_phone_claims_an_otp_is_not_with_more_and_more_of_them(world: World) -> None:
    phones = [world.add_phone() for _ in range(12)]
    for phone in phones:
        phone.connect()
    made = watch_timers()
    world.job(10, validity=600)
    world.pump()
    per_round = []
    for _ in range(5):
        before = len(made)
        for _ in range(12):
            world.advance(1)
            for phone in phones:
                phone.say({"type": "heartbeat", "sims": []})  # alive, and never struck out
        per_round.append(sum(body["kind"] == "early" for body in made[before:]))
    assert max(per_round) <= 6, per_round

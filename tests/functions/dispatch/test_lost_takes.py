"""A lane that was about to offer a message, and met another one: what is left of it offers the message no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ReadTimeoutError

from smskit import aws
from smskit.dispatch.logic import due_timers, offers, timers
from smskit.dispatch.store import jobs, pool
from smskit.models.job import JobStatus, Target, TimelineEntry
from smskit.models.lane import MAX_LOST, Lane, LaneKey
from smskit.models.timer import OffersTimer, TimerKind
from smskit.phones.store import lanes
from smskit.phones.store.lane_items import lane_item, lane_of
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.support import path
from tests.support.path import behind, kinds, refuse, until_claim_by, watch_timers
from tests.support.setbacks import backlog, change, connected
from tests.support.world import FakeRadioPhone, World


def busy(world: World, phone: FakeRadioPhone) -> list[dict[str, Any]]:
    """Fill the phone's window; what it was told to send."""
    target = Target(phone.device_id)
    for number in range(3):
        world.job(0, target, recipient=f"+2547987{number:05d}")
    world.pump()
    given = phone.take_offers()
    phone.claim(*given)
    return given


def is_hold_of(job_id: str, device_id: str) -> Any:
    """Whether a request writes the lane of this phone with the job held."""

    def is_it(body: dict[str, Any]) -> bool:
        text = str(body)
        return job_id in text and device_id in text and "window" in text

    return is_it


def test_the_timer_of_a_take_that_another_lane_won_offers_nothing(world: World) -> None:
    """One lane holds the message, the other takes it before the first one does, and neither phone claims in time."""
    first, second = connected(world), connected(world)
    told, told_too = busy(world, first), busy(world, second)
    waits = world.job(0, recipient="+254712000000")
    world.pump()
    assert not first.offers + second.offers
    won = behind("PutItem", lambda: second.report("Sent", told_too[0]), when=is_hold_of(waits.job_id, first.device_id))
    first.report("Sent", told[0])
    assert won
    assert [offer["jobId"] for offer in first.offers + second.offers] == [waits.job_id]
    tokens = {offer["token"] for offer in first.take_offers() + second.take_offers()}
    world.advance(11)
    again = first.take_offers() + second.take_offers()
    assert [offer["jobId"] for offer in again] == [waits.job_id]
    assert tokens.isdisjoint(offer["token"] for offer in again)
    assert path.events(world, waits) == ["unclaimed"]


def delete_of_pool(body: dict[str, Any]) -> bool:
    """Whether a request takes an entry out of the pool."""
    return "pool" in str(body["TableName"]).lower()


@pytest.mark.parametrize("priority", [0, 10])
def test_what_is_deleted_after_its_answer_was_given_up_is_not_lost(world: World, priority: int) -> None:
    """The look finds the entry still there; a moment later it is gone, and no lane has the message."""
    phone = connected(world)
    phone.drop()
    job = world.job(priority)
    world.pump()
    given_up: list[str] = []

    def lose(params: dict[str, Any], **_: Any) -> None:
        if not given_up and delete_of_pool(json.loads(params["body"])):
            given_up.append("asked")
            raise ReadTimeoutError(endpoint_url="https://dynamodb/")

    def carry_out(**_: Any) -> None:
        if given_up == ["asked"]:
            given_up.append("done")
            table.delete("pool", {"pk": pool.scopes(job)[0], "sk": pool.order_of(job)})

    events = aws.client("dynamodb").meta.events
    events.register_first("before-call.dynamodb.DeleteItem", lose)
    events.register_last("after-call.dynamodb.GetItem", carry_out)
    phone.connect()
    assert given_up == ["asked", "done"] and not pool.contains(job)
    world.advance(13)
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]


def test_a_take_that_the_pool_was_too_busy_for_is_not_lost(world: World) -> None:
    """Its phone hangs up before the lane looks again; another one is idle beside it."""
    dead = connected(world)
    job = world.job(5)
    world.pump()
    assert dead.take_offers()
    dead.drop()
    phones = [connected(world), connected(world)]
    gone: list[FakeRadioPhone] = []

    def hangs_up(body: dict[str, Any]) -> bool:
        holders = [phone for phone in phones if job.job_id in path.lane_of(world, phone).held]
        if gone or not holders or not delete_of_pool(body):
            return False
        gone.extend(holders)
        holders[0].drop()
        return True

    refused = refuse("DeleteItem", "ThrottlingException", 1, when=hangs_up)
    world.advance(25)
    (other,) = [phone for phone in phones if phone not in gone]
    assert refused and [offer["jobId"] for offer in other.offers] == [job.job_id]


def test_nothing_is_taken_out_of_the_pool_behind_the_time_to_claim_it(world: World) -> None:
    """A run may last longer than the timer of its own offer, which would find nobody who has the message then."""
    phone = connected(world)
    phone.drop()
    job = backlog(world, 1)[0]
    world.pump()
    is_hold = is_hold_of(job.job_id, phone.device_id)
    met = behind("PutItem", lambda: world.clock.shift(6), when=is_hold)
    met_too = behind("TransactWriteItems", lambda: world.clock.shift(6), when=is_hold)
    phone.connect()
    assert met or met_too
    assert not phone.offers and pool.contains(job)
    assert not path.lane_of(world, phone).lost
    world.advance(12)
    assert {offer["jobId"] for offer in phone.offers} == {job.job_id}


def in_nobodys_hands(world: World) -> tuple[FakeRadioPhone, Any]:
    """A phone with nothing to do, and a message that neither waits in the pool nor is held."""
    phone = connected(world)
    phone.drop()
    job = backlog(world, 1)[0]
    world.pump()
    pool.withdraw(job)
    phone.connect()
    assert not phone.offers
    return phone, job


@pytest.mark.parametrize("later", [0, 1], ids=["it has come on", "it hasn't"])
def test_what_a_lane_lost_is_seen_to_after_a_minute(world: World, later: int) -> None:
    """Whatever took the entry out: where nothing has come of it, nobody has the message."""
    phone, job = in_nobodys_hands(world)
    jobs.note(job, TimelineEntry("unclaimed", now_ms()))
    timers.set_stray([job], now_ms() + later)
    world.advance(61)
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id] * later


def test_the_timer_of_a_lost_take_leaves_a_look_for_later(world: World) -> None:
    phone, job = in_nobodys_hands(world)
    change(world, phone, lost=("deadbeef",))
    made = watch_timers()
    due = OffersTimer(TimerKind.OFFER, path.lane_of(world, phone).key, ((job.job_id, "deadbeef00"),))
    due_timers.handle(due, now_ms())
    assert not phone.offers
    assert [(body["kind"], body["jobIds"], body["delay"]) for body in made] == [("stray", [job.job_id], 60)]


@pytest.mark.parametrize("waited", [0, 0.9, 1.9])
def test_no_claim_is_half_way_when_the_timer_of_its_offer_rings(world: World, waited: float) -> None:
    """The write of the offer is tried again, the claim comes at the last moment, and its write waits out throttles."""
    phone = connected(world)
    phone.drop()
    job = backlog(world, 1)[0]
    world.pump()
    met = refused_by_a_change(LaneKey(world.account_id, phone.device_id, 0), lambda: world.clock.shift(waited))
    phone.connect()
    assert met
    (offer,) = phone.take_offers()
    world.clock.shift(until_claim_by(offer) / 1000 - 0.1)
    late: list[str] = []

    def slow(params: dict[str, Any], **_: Any) -> None:
        body = params["body"].decode()
        if not late and "attempts" in body and job.job_id in body:
            late.append(body)
            world.clock.shift(4.5)
            world.pump("timers")

    aws.client("dynamodb").meta.events.register_first("before-call.dynamodb.UpdateItem", slow)
    assert [verdict["verdict"] for verdict in phone.claim(offer)] == ["go"] and late
    phone.drop(disconnect=False)
    world.advance(120)
    world.advance(1800)
    assert world.stored(job).status is JobStatus.FAILED


def refused_by_a_change(key: LaneKey, then: Callable[[], object] = lambda: None) -> list[str]:
    """Just before the next write of a lane with a message held somebody else changes that lane; the tokens in it."""
    met: list[str] = []

    def hook(params: dict[str, Any], **_: Any) -> None:
        body = params["body"].decode()
        if not met and '"window"' in body and '"k"' in body and key.device_id in body:
            met.append(body)
            current = lanes.get(key)
            assert current is not None
            lanes.save(current, replace(current, spread=2))
            then()

    for operation in ("PutItem", "TransactWriteItems"):
        aws.client("dynamodb").meta.events.register_first(f"before-call.dynamodb.{operation}", hook)
    return met


def test_an_offer_whose_write_was_refused_keeps_its_token_and_its_timer(world: World) -> None:
    phone = connected(world)
    phone.drop()
    backlog(world, 2)
    world.pump()
    key = LaneKey(world.account_id, phone.device_id, 0)
    met, made = refused_by_a_change(key), watch_timers()
    phone.connect()
    assert met
    given = phone.take_offers()
    assert len(given) == 2
    assert kinds(made).count("offer") == 1
    assert all(offer["token"] in met[0] for offer in given)


def test_a_try_that_comes_much_later_has_a_timer_of_its_own(world: World) -> None:
    """The first one's would ring before the time to claim is over."""
    phone = connected(world)
    job = backlog(world, 1)[0]
    key = LaneKey(world.account_id, phone.device_id, 0)
    tries, made, tokens = offers.Tries(), watch_timers(), list[str]()
    ends: list[int] = []
    for seconds in (0, 0.9, 0.2):
        world.clock.shift(seconds)
        hold = tries.new_hold(job, job.created_at)
        tries.arm(key, [job], {job.job_id: hold})
        tokens.append(hold.token)
        ends.append(hold.claim_by)
    assert tokens[0] == tokens[1] != tokens[2]
    assert ends[0] == ends[1] < ends[2], "its timer is set for the time to claim of the first try"
    assert [tokens[0] in str(made[0]), tokens[2] in str(made[1]), len(made)] == [True, True, 2]


def test_a_lane_keeps_the_last_takes_that_it_lost() -> None:
    lane = Lane(LaneKey("acc", "dvc", 0))
    for number in range(MAX_LOST + 3):
        job = f"job_{number}"
        lane = lane.take(job, replace(_HOLD, token=f"{number:08d}, the rest of it")).lose(job)
    assert lane.lost == tuple(f"{number:08d}" for number in range(3, MAX_LOST + 3))
    assert [lane.has_lost(f"{number:08d}, the rest of it") for number in (2, 3)] == [False, True]
    assert (lane.credits, lane.left, lane.held) == (3, 200, {})
    assert lane_of(lane_item(lane)).lost == lane.lost
    assert lane.lose("job_0") == lane


_HOLD = offers.Hold("", 0, 5_000, 1, "+254712345678", 0)

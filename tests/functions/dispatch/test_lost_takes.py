"""A lane that was about to offer a message, and met another one: what is left of it offers the message no more."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from smskit import aws
from smskit.dispatch.logic import offers
from smskit.models.job import Target
from smskit.models.lane import MAX_LOST, Lane, LaneKey
from smskit.phones.store import lanes
from smskit.phones.store.lane_items import lane_item, lane_of
from tests.support import path
from tests.support.path import behind, kinds, watch_timers
from tests.support.setbacks import backlog, connected
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


def refused_by_a_change(key: LaneKey) -> list[str]:
    """Just before the next write of a lane with a message held somebody else changes that lane; the tokens in it."""
    met: list[str] = []

    def hook(params: dict[str, Any], **_: Any) -> None:
        body = params["body"].decode()
        if not met and '"window"' in body and '"k"' in body and key.device_id in body:
            met.append(body)
            current = lanes.get(key)
            assert current is not None
            lanes.save(current, replace(current, spread=2))

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
    tries, made, tokens = offers.Tries(), watch_timers(), []
    for seconds in (0, 1.9, 0.2):
        world.clock.shift(seconds)
        hold = tries.new_hold(job, job.created_at)
        tries.arm(key, [job], {job.job_id: hold})
        tokens.append(hold.token)
    assert tokens[0] == tokens[1] != tokens[2]
    assert [tokens[0] in str(made[0]), tokens[2] in str(made[1]), len(made)] == [True, True, 2]


def test_a_lane_keeps_the_last_takes_that_it_lost() -> None:
    lane = Lane(LaneKey("acc", "dvc", 0))
    for number in range(MAX_LOST + 3):
        job = f"job_{number}"
        lane = lane.take(job, replace(_HOLD, token=f"token{number}")).lose(job)
    assert lane.lost == tuple(f"token{number}" for number in range(3, MAX_LOST + 3))
    assert (lane.credits, lane.left, lane.held) == (3, 200, {})
    assert lane_of(lane_item(lane)).lost == lane.lost
    assert lane.lose("job_0") == lane


_HOLD = offers.Hold("", 0, 5_000, 1, "+254712345678", 0)

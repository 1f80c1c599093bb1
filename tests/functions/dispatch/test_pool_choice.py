"""How lanes choose in the pool: hold first, take the entry second; spread out only as far as others compete."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.dispatch.store import job_ends, pool
from smskit.errors import ContentionError
from smskit.models.job import Target
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import lanes
from smskit.platform import table
from smskit.platform.times import hour_of, now_ms
from tests.support.path import kinds, lane_of, refuse, watch_timers
from tests.support.world import FakeRadioPhone, World


def backlog(world: World, count: int, priority: int = 0, segments: int = 1) -> list[str]:
    """Jobs that wait, the oldest first."""
    made = []
    for _ in range(count):
        world.clock.shift(0.001)
        made.append(world.job(priority, segments=segments).job_id)
    world.pump("urgent", "standard", "bulk")
    return made


def taken_by_others(monkeypatch: pytest.MonkeyPatch, losses: int) -> list[str]:
    """The next entries that a lane goes for are gone by then; the jobs."""
    real, lost = pool.take, list[str]()

    def take(scope: str, job: Any) -> bool:
        if len(lost) < losses:
            lost.append(job.job_id)
            pool.withdraw(job)
            job_ends.close(job.job_id, _cancelled(), None, job.created_at)
            return False
        return real(scope, job)

    monkeypatch.setattr(pool, "take", take)
    return lost


def _cancelled() -> Any:
    from smskit.models.job import JobStatus

    return JobStatus.CANCELLED


def sent_of(phone: FakeRadioPhone) -> list[str]:
    sent = []
    while offers := phone.take_offers():
        phone.claim(*offers)
        phone.report("Sent", *offers)
        sent += [offer["jobId"] for offer in offers]
    return sent


def test_one_phone_is_strictly_first_in_first_out(world: World) -> None:
    order = backlog(world, 30)
    phone = world.add_phone()
    phone.connect()
    assert sent_of(phone) == order and lane_of(world, phone).spread == 1


def test_the_lane_holds_a_job_before_its_entry_goes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (job_id,) = backlog(world, 1)
    phone = world.add_phone()
    seen: list[bool] = []
    real = pool.take

    def take(scope: str, job: Any) -> bool:
        seen.append(job_id in lane_of(world, phone).held and pool.contains(job))
        return real(scope, job)

    monkeypatch.setattr(pool, "take", take)
    phone.connect()
    assert seen == [True] and len(phone.offers) == 1


def test_an_entry_is_back_before_the_lane_lets_go(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    held_as_it_came_back: list[bool] = []
    real = table.put_many

    def put_many(name: str, items: Any) -> None:
        real(name, items)
        if name == "pool" and any(item.get("jobId") == job.job_id for item in items):
            held_as_it_came_back.append(job.job_id in lane_of(world, phone).held)

    monkeypatch.setattr(table, "put_many", put_many)
    world.advance(11)
    assert held_as_it_came_back[0] is True


def test_a_lost_entry_is_let_go_and_another_one_taken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = backlog(world, 6)
    phone = world.add_phone()
    lost = taken_by_others(monkeypatch, 1)
    phone.connect()
    offered = [offer["jobId"] for offer in phone.offers]
    assert lost == order[:1] and set(offered) <= set(order[1:]) and len(offered) == 3
    assert set(lane_of(world, phone).held) == set(offered)


def test_the_spread_grows_with_a_loss_and_shrinks_with_looks_that_lose_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    backlog(world, 60)
    phone = world.add_phone()
    phone.window = 1
    taken_by_others(monkeypatch, 1)
    phone.connect()
    widest = lane_of(world, phone).spread
    assert widest == 12
    spreads = []
    for _ in range(30):
        offers = phone.take_offers()
        phone.claim(*offers)
        phone.report("Sent", *offers)
        spreads.append(lane_of(world, phone).spread)
    assert spreads[0] == 10 and sorted(spreads, reverse=True) == spreads and spreads[-1] == 1


def test_a_lane_chooses_among_as_many_of_the_first_as_its_spread_says(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = backlog(world, 30)
    phone = world.add_phone()
    phone.window = 1
    lanes.save(None, Lane(LaneKey(world.account_id, phone.device_id, 0), spread=12, hour=hour_of(now_ms())))
    monkeypatch.setattr("random.shuffle", lambda entries: entries.reverse())
    phone.connect()
    assert [offer["jobId"] for offer in phone.offers] == [order[11]]


def test_a_lane_that_goes_offline_leaves_no_marker(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    markers = ("ready#", "online#")
    assert len([item for item in world.cloud.items("devices") if item["sk"].startswith(markers)]) == 2
    phone.drop()
    assert not [item for item in world.cloud.items("devices") if item["sk"].startswith(markers)]


def test_a_look_that_lost_twice_lets_go_and_comes_again_by_a_timer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    backlog(world, 9)
    phone = world.add_phone()
    made = watch_timers()
    taken_by_others(monkeypatch, 4)  # all of the first look, and the one of the second
    phone.connect()
    lane = lane_of(world, phone)
    assert not lane.held and lane.ready_class == "a" and lane.spread == 24 and not phone.offers
    fills = [body for body in made if body["kind"] == "fill"]
    assert len(fills) == 1 and 1 <= fills[0]["delay"] <= 4 and kinds(made)[-1] == "fill"
    world.advance(5)
    assert len(phone.offers) == 3


def test_a_busy_pool_is_not_waited_for(world: World) -> None:
    backlog(world, 4)
    phone = world.add_phone()
    met = refuse("DeleteItem", "ThrottlingException", 3, when=lambda body: body["TableName"].endswith("pool"))
    phone.connect()
    assert len(met) == 3 and len(phone.offers) >= 1


def test_a_higher_priority_goes_first_however_wide_the_spread(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    backlog(world, 30)
    phone = world.add_phone()
    phone.window = 1
    taken_by_others(monkeypatch, 1)
    phone.connect()
    urgent = backlog(world, 3, priority=5)
    sent = sent_of(phone)
    assert set(sent[1:4]) == set(urgent)


def test_a_phone_is_welcome_although_its_pools_are_too_busy_to_fill_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    backlog(world, 1)
    phone = world.add_phone()
    made = watch_timers()

    def busy(*_: Any, **__: Any) -> None:
        raise ContentionError("the pool is busy")

    with monkeypatch.context() as herd:
        herd.setattr(pool, "entries", busy)
        assert phone.connect()["type"] == "welcome"
    assert lane_of(world, phone).ready_class == "a" and kinds(made) == ["fill"] and not phone.offers
    world.advance(5)
    assert len(phone.offers) == 1


def test_twenty_named_phones_are_no_obstacle_to_a_hello(world: World) -> None:
    phones = [world.add_phone() for _ in range(20)]
    for phone in phones:
        phone.connect()
        phone.drop()
    targets = [Target(phone.device_id) for phone in phones]
    made = []
    for _ in range(12):
        world.clock.shift(0.001)
        made.append(world.job(0, *targets).job_id)
    world.pump()
    phones[0].window = 10
    assert phones[0].connect()["type"] == "welcome"
    assert [offer["jobId"] for offer in phones[0].offers] == made[:10]
    phones[0].drop(disconnect=False)
    world.clock.shift(1)
    phones[0].offers.clear()
    assert phones[0].connect()["type"] == "welcome"  # ten held jobs with twenty entries each go back, and come again
    assert [offer["jobId"] for offer in phones[0].offers] == made[:10]

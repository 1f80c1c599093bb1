"""Which ready lane comes first: each equally often, by one query, whatever the size of the fleet."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from smskit import aws, caches
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import lanes, ready_lanes
from tests.support.memory import DynamoDB

ACCOUNT = "acc_" + "0" * 20


class Fleet:
    """Lanes of an account; `queries` counts what looking for a ready one costs."""

    def __init__(self, client: DynamoDB) -> None:
        self.client, self.queries = client, 0
        self.exceptions = client.exceptions

    def __getattr__(self, name: str) -> Any:
        return getattr(self.client, name)

    def query(self, **arguments: Any) -> Any:
        self.queries += 1
        return self.client.query(**arguments)

    def add(self, count: int, **changes: Any) -> list[Lane]:
        """More lanes, connected and ready unless `changes` say otherwise; in the order of their markers."""
        made = []
        for _ in range(count):
            key = LaneKey(ACCOUNT, f"dvc_{random.getrandbits(60):020x}", 0)
            made.append(lanes.save(None, Lane(key, **({"connection_id": "c="} | changes))))
        return sorted(made, key=lambda lane: max(lanes.markers(lane)))

    def leave(self, gone: list[Lane]) -> None:
        for lane in gone:
            lanes.save(lane, Lane(lane.key))


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    monkeypatch.setenv("TABLE_DEVICES", "devices")
    caches.forget()
    made = Fleet(DynamoDB())
    monkeypatch.setattr(aws, "client", lambda name: {"dynamodb": made}[name])
    random.seed(11)
    yield made
    caches.forget()


def first_ones(fleet: Fleet, count: int, urgent: bool = False) -> Counter[str]:
    """Which phone came first how often."""
    return Counter(ready_lanes.ready(ACCOUNT, urgent)[0][1].device_id for _ in range(count))


def is_even(found: Counter[str], size: int) -> bool:
    """Whether each of `size` phones came first about 50 times: 7 is the standard deviation, five of it are let pass."""
    return len(found) == size and min(found.values()) > 15 and max(found.values()) < 85


@pytest.mark.parametrize("size", [1, 3, 24, 25, 26, 60])
def test_each_lane_comes_first_equally_often_by_one_query_each(fleet: Fleet, size: int) -> None:
    fleet.add(size)
    first_ones(fleet, size // 20 + 1)  # a new process gets to know the fleet
    fleet.queries = 0
    found = first_ones(fleet, 50 * size)
    assert fleet.queries == 50 * size
    assert is_even(found, size), found


@pytest.mark.parametrize("size", [26, 60])
def test_a_page_is_full_wherever_it_begins(fleet: Fleet, size: int) -> None:
    """A batch of jobs finds as many lanes, also behind the last place of the ring."""
    fleet.add(size)
    first_ones(fleet, 4)
    for _ in range(100):
        found = [key.device_id for _, key in ready_lanes.ready(ACCOUNT, False)]
        assert len(found) == len(set(found)) >= ready_lanes.PAGE - 1


def test_a_new_process_goes_around_a_large_fleet_first(fleet: Fleet) -> None:
    made = {lane.key.device_id for lane in fleet.add(300)}
    found = {key.device_id for _ in range(13) for _, key in ready_lanes.ready(ACCOUNT, False)}
    assert found == made and fleet.queries == 13


def test_lanes_that_come_are_found_and_those_that_go_are_not_named(fleet: Fleet) -> None:
    """A process that knows the fleet learns by the way; also of lanes before the first place and behind the last."""
    old = fleet.add(60)
    first_ones(fleet, 20)
    gone = {lane.key.device_id for lane in [*old[:10], *old[25:35], *old[50:]]}
    fleet.leave([lane for lane in old if lane.key.device_id in gone])
    new = {lane.key.device_id for lane in fleet.add(30)}
    for _ in range(300):
        assert not gone & {key.device_id for _, key in ready_lanes.ready(ACCOUNT, False)}
    found = first_ones(fleet, 3_000)
    assert new <= set(found) and is_even(found, 60), found


def test_a_fleet_that_comes_after_nobody_was_there(fleet: Fleet) -> None:
    assert ready_lanes.ready(ACCOUNT, True) == []
    fleet.add(40)
    first_ones(fleet, 4)
    assert is_even(first_ones(fleet, 2_000), 40)


def test_a_fleet_that_shrinks_to_its_beginning_is_still_found(fleet: Fleet) -> None:
    """All that is remembered behind some point is gone: what is left before it is found by a second query."""
    made = fleet.add(60)
    first_ones(fleet, 20)
    fleet.leave(made[1:])
    assert set(first_ones(fleet, 50)) == {made[0].key.device_id}
    fleet.leave(made[:1])
    assert ready_lanes.ready(ACCOUNT, True) == []


def test_the_one_free_lane_is_found_by_a_job_that_may_not_go_to_the_other(fleet: Fleet) -> None:
    some = fleet.add(40)
    first_ones(fleet, 30)
    fleet.leave(some[1:-1])
    known = ready_lanes._rings[ACCOUNT].keys
    for _ in range(40):
        ready_lanes._rings[ACCOUNT].keys = list(known)
        ((_, found),) = ready_lanes.ready(ACCOUNT, False, lambda key: key != some[-1].key)
        assert found == some[0].key


def test_the_best_class_comes_first_and_the_reserve_is_for_urgent_jobs(fleet: Fleet) -> None:
    good = {lane.key.device_id for lane in fleet.add(3)}
    silent = {lane.key.device_id for lane in fleet.add(3, strikes=1)}
    reserve = {lane.key.device_id for lane in fleet.add(3, limit=100, left=5)}
    for _ in range(30):
        classes = ready_lanes.ready(ACCOUNT, True)
        assert [name for name, _ in classes] == ["a"] * 3 + ["u"] * 3 + ["s"] * 3
        assert {key.device_id for name, key in classes if name == "u"} == reserve
        assert {key.device_id for _, key in ready_lanes.ready(ACCOUNT, False)} == good | silent


@pytest.mark.parametrize("changes", [{"strikes": 1}, {"limit": 100, "left": 5}], ids=["silent", "reserve"])
def test_the_lesser_classes_are_spread_too(fleet: Fleet, changes: dict[str, int]) -> None:
    fleet.add(8, **changes)
    found = first_ones(fleet, 400, urgent=True)
    assert is_even(found, 8), found


def test_a_large_fleet_of_the_reserve_only_takes_no_bulk(fleet: Fleet) -> None:
    fleet.add(40, limit=100, left=5)
    assert ready_lanes.ready(ACCOUNT, False) == []
    assert len(ready_lanes.ready(ACCOUNT, True)) == ready_lanes.PAGE


def test_a_burst_finds_all_of_a_large_fleet_of_the_reserve_only(fleet: Fleet) -> None:
    fleet.add(200, limit=100, left=5)
    fleet.queries = 0
    found = first_ones(fleet, 2_000, urgent=True)
    assert len(found) > 190
    assert max(found.values()) < 40  # ten times each, were they chosen evenly
    assert fleet.queries < 2_000 * 2.2


def test_accounts_are_kept_apart_and_only_some_are_remembered(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready_lanes, "_REMEMBERED", 2)
    (own,) = fleet.add(1)
    for number in range(4):
        assert ready_lanes.ready(f"acc_{number:020}", True) in ([], [("a", own.key)])
        assert len(ready_lanes._rings) <= 2
    assert ready_lanes.ready(ACCOUNT, True) == [("a", own.key)]
    assert ready_lanes.ready("acc_" + "9" * 20, True) == []

"""Jobs that don't fit what is left of a SIM's hour hide nothing behind them; what fits no hour at all is refused."""

from __future__ import annotations

from collections import Counter

import pytest

from smskit.dispatch.store import pool
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import SimChange
from smskit.phones.store import pending_counts
from tests.support.client_api import ClientApi
from tests.support.path import lane_of
from tests.support.world import FakeRadioPhone, World

SentWorld = tuple[World, ClientApi]


def waits(world: World, count: int, priority: int, segments: int) -> list[str]:
    made = []
    for _ in range(count):
        world.clock.shift(0.001)
        made.append(world.job(priority, segments=segments).job_id)
    world.pump("urgent", "standard", "bulk")
    return made


def offline_phone(world: World, limit: int) -> FakeRadioPhone:
    phone = world.add_phone(limit=limit)
    phone.connect()
    phone.drop()
    return phone


@pytest.mark.parametrize("too_long", [11, 60, 130])
def test_jobs_behind_many_that_are_too_long_are_found(world: World, too_long: int) -> None:
    phone = offline_phone(world, limit=5)
    waits(world, too_long, priority=5, segments=9)
    short = waits(world, 2, priority=5, segments=1)
    phone.connect()
    assert [offer["jobId"] for offer in phone.offers] == short
    assert lane_of(world, phone).wake == lane_of(world, phone).hour


def test_a_job_that_is_too_long_beside_one_that_the_sim_does_not_take_is_given_it(world: World) -> None:
    """The first one failed there and stays away from it for a while, and its segments are free."""
    phone = world.add_phone(limit=5)
    phone.connect()
    waits(world, 3, priority=5, segments=1)
    phone.claim(*(sent := phone.take_offers()))
    phone.report("Sent", *sent)
    (failed,) = waits(world, 1, priority=6, segments=1)
    phone.claim(*(offers := phone.take_offers()))
    long = world.job(0, segments=2).job_id
    world.pump()
    assert lane_of(world, phone).bulk_left < 2 and not phone.offers
    phone.report("Failed", *offers, error="generic_failure")
    assert [offer["jobId"] for offer in offers] == [failed]
    assert [offer["jobId"] for offer in phone.offers] == [long]


def test_an_otp_behind_urgent_jobs_that_are_too_long_is_found(world: World) -> None:
    phone = offline_phone(world, limit=5)
    waits(world, 11, priority=10, segments=9)
    (otp,) = waits(world, 1, priority=9, segments=1)
    phone.connect()
    assert [offer["jobId"] for offer in phone.offers] == [otp]


def test_a_look_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = offline_phone(world, limit=5)
    waits(world, 230, priority=5, segments=9)
    pages: list[int] = []
    real = pool.list_page

    def page(scope: str, after: str, limit: int, below: str = pending_counts.END) -> object:
        found = real(scope, after, limit, below)
        pages.append(len(found[0]))
        return found

    monkeypatch.setattr(pool, "list_page", page)
    phone.connect()
    assert sum(pages) == 2 * 225 and not phone.offers  # as the lane comes online, and once more behind that


def test_nothing_is_read_behind_what_there_is_no_room_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = offline_phone(world, limit=200)
    order = waits(world, 60, priority=5, segments=1)
    pages: list[str] = []
    real = pool.list_page
    monkeypatch.setattr(pool, "list_page", lambda scope, *more: pages.append(scope) or real(scope, *more))
    phone.connect()
    assert [offer["jobId"] for offer in phone.offers] == order[:3]
    # One page of each pool, and once more the urgent ones: they may have come while the lane was being written.
    assert sorted(Counter(pages).values()) == [2, 2, 2]


@pytest.mark.parametrize(("priority", "status"), [(0, 422), (10, 202)])
def test_what_fits_no_hour_of_any_sim_is_refused_when_it_is_sent(
    sent_world: SentWorld, priority: int, status: int
) -> None:
    """The last tenth is for urgent jobs, so 20 an hour are 18 for others."""
    world, api = sent_world
    phone = world.add_phone(limit=20)
    phone.connect()
    message = "x" * (18 * 67 + 1) + "–"  # UCS-2: 19 segments
    for devices in ({}, {"devices": [phone.device_id]}):
        answer = api.send(message=message, priority=priority, **devices)
        assert answer.status == status
        if status == 422:
            assert answer.body["type"].endswith("/no-eligible-device") and "segments" in answer.body["detail"]
    kept = api.kept()
    assert (kept["jobs"] == []) == (status == 422)


def test_one_sim_that_can_take_it_is_enough(sent_world: SentWorld) -> None:
    world, api = sent_world
    for limit in (20, 20, 200):
        world.add_phone(limit=limit).connect()
    assert api.send(message="–" * 1_600).status == 202  # 24 segments


def test_a_limit_that_people_change_counts_at_once(sent_world: SentWorld) -> None:
    world, api = sent_world
    phone = world.add_phone(limit=20)
    phone.connect()
    assert api.send(message="–" * 1_600).status == 422
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(limit=100))
    assert api.send(message="–" * 1_600).status == 202

"""Claims beside what ends their jobs: repeated ones, such of jobs that were made anew, and late ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smskit.dispatch.gateways import job_queues
from smskit.dispatch.logic import claims
from smskit.dispatch.store import jobs
from smskit.models.job import JobStatus
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.support.path import lane_of
from tests.support.setbacks import backlog, connected, fail_all
from tests.support.world import FakeRadioPhone, World

NUMBER = "+254712000001"


def sent_without_its_lane(world: World, phone: FakeRadioPhone, offer: dict[str, Any]) -> int:
    """The phone claims and reports, but the report's run hasn't come to the lane yet. What is left of its hour."""
    phone.claim(offer)
    left = lane_of(world, phone).left
    jobs.mark_sent(offer["jobId"], offer["token"], now_ms())
    return left


def opt_out(world: World, number: str) -> None:
    table.put("contacts", {"pk": world.account_id, "sk": f"contact#{number}", "optedOut": True})


@pytest.mark.parametrize("has_opted_out", [False, True])
def test_a_claim_that_is_repeated_beside_the_report_gives_no_budget_back(world: World, has_opted_out: bool) -> None:
    phone = connected(world)
    world.job(recipient=NUMBER)
    world.pump()
    (offer,) = phone.take_offers()
    left = sent_without_its_lane(world, phone, offer)
    if has_opted_out:
        opt_out(world, NUMBER)
    assert phone.claim(offer)[0]["verdict"] == "gone"
    phone.report("Sent", offer)
    assert not lane_of(world, phone).held
    assert lane_of(world, phone).left == left


@pytest.mark.parametrize("late_s", [0, 8])
def test_a_claim_that_is_repeated_beside_the_report_leaves_it_to_end_the_trial(world: World, late_s: int) -> None:
    phone = connected(world)
    backlog(world, 3)
    world.pump()
    fail_all(phone, "no_service")
    world.advance(35)
    (offer,) = phone.take_offers()
    assert lane_of(world, phone).is_on_trial
    sent_without_its_lane(world, phone, offer)
    world.clock.shift(late_s)
    phone.claim(offer)
    phone.report("Sent", offer)
    lane = lane_of(world, phone)
    assert not lane.is_on_trial and not lane.strikes


def test_a_job_that_was_made_anew_for_another_number_does_not_end_by_the_first_ones_opt_out(world: World) -> None:
    phone = connected(world)
    first = world.job(recipient=NUMBER)
    world.pump()
    (offer,) = phone.take_offers()
    assert jobs.take_back(first)
    world.clock.shift(1.5)
    anew = replace(first, created_at=now_ms(), recipient="+254712000002")
    assert jobs.create(anew) is None
    job_queues.enqueue(anew)
    opt_out(world, NUMBER)
    assert phone.claim(offer)[0]["verdict"] == "gone"
    world.pump()
    assert {verdict["jobId"]: verdict["verdict"] for verdict in phone.claim()} == {anew.job_id: "go"}


def test_a_claim_that_is_granted_behind_its_offers_timer_is_not_waited_for_without_end(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In time by a clock that is behind, on a machine that is slow; and the phone is heard of no more."""
    phone = connected(world)
    (job,) = backlog(world, 1)
    world.pump()
    (offer,) = phone.take_offers()
    world.clock.shift(6.8)
    assign = jobs.assign

    def slowly(*args: Any, **kwargs: Any) -> Any:
        world.clock.shift(3.4)
        phone.drop()
        world.pump()
        return assign(*args, **kwargs)

    caller = claims.Caller(world.account_id, phone.device_id, phone.connection, phone.connected_at)
    with monkeypatch.context() as slow:
        slow.setattr(jobs, "assign", slowly)
        (verdict,) = claims.claim(caller, [(offer["jobId"], offer["token"])], now_ms() - 2_000)
    assert verdict.reason is None and world.stored(job).status is JobStatus.ASSIGNED
    world.advance(1_300)
    ended = world.stored(job)
    assert ended.status is JobStatus.FAILED
    assert ended.error is not None and ended.error.may_have_been_sent

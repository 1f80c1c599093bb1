"""Lanes that look deaf, slow or spent and aren't, or not for long: none is idle until its phone's next heartbeat."""

from __future__ import annotations

from typing import NoReturn

import pytest
from botocore.exceptions import ReadTimeoutError

from smskit.dispatch.gateways import sockets
from smskit.models.job import JobStatus, Target
from smskit.models.lane import MAX_STRIKES
from smskit.platform.times import end_of_hour, now_ms
from tests.functions.dispatch.test_late_words import seconds_until
from tests.support.path import behind, lane_of
from tests.support.setbacks import backlog, change, connected
from tests.support.world import FakeRadioPhone, World

PROBE_S = 60


def fails(*_: object) -> NoReturn:
    raise ReadTimeoutError(endpoint_url="https://sockets")


def test_a_fleet_that_couldnt_be_posted_to_is_tried_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The phones were told nothing, so they have nothing to say, and would be heard of at their next heartbeat."""
    phones = [connected(world) for _ in range(3)]
    with monkeypatch.context() as outage:
        outage.setattr(sockets, "post", fails)
        world.job(10, validity=290)
        world.pump()
        for _ in range(40):
            world.advance(1)
    assert all(lane_of(world, phone).strikes >= MAX_STRIKES for phone in phones)

    otp = world.job(10, validity=290, recipient="+254700000002")

    def is_offered() -> bool:
        return any(offer["jobId"] == otp.job_id for phone in phones for offer in phone.offers)

    assert seconds_until(world, is_offered) <= PROBE_S + 2


def test_a_dead_phone_is_tried_once_a_minute_until_it_is_given_up(world: World) -> None:
    phone = connected(world)
    for number in range(3):
        world.job(0, recipient=f"+25471111111{number}", validity=3000)
    world.pump()
    frames = 0
    for _ in range(300):
        frames += bool(phone.take_offers())
        world.advance(1)
    assert MAX_STRIKES + 2 <= frames <= MAX_STRIKES + 5


def test_whoever_claims_too_late_comes_behind_others_until_it_is_in_time(world: World) -> None:
    phone = connected(world)
    world.job(0, validity=290)
    world.pump()
    late = phone.take_offers()
    world.advance(6)
    assert {verdict["reason"] for verdict in phone.claim(*late)} == {"late"}
    assert lane_of(world, phone).ready_class == "s"

    assert seconds_until(world, lambda: bool(phone.offers)) <= 10
    phone.claim(*phone.take_offers())
    assert lane_of(world, phone).strikes == 0


def test_a_late_claim_that_is_said_again_leaves_its_phone_behind_others(world: World) -> None:
    phone = connected(world)
    world.job(0, validity=290)
    world.pump()
    late = phone.take_offers()
    world.advance(6)
    for reason in ("late", "unknown"):
        assert {verdict["reason"] for verdict in phone.claim(*late)} == {reason}
        assert lane_of(world, phone).ready_class == "s"
        world.advance(3)


def test_a_late_claim_frees_its_lane_and_leaves_the_job_to_the_offers_timer(world: World) -> None:
    phone, other = connected(world), world.add_phone()
    job = world.job(0, validity=290)
    world.pump()
    late = phone.take_offers()
    world.advance(6)
    other.connect()
    phone.claim(*late)
    assert lane_of(world, phone).credits == 3
    assert not phone.offers and not other.offers
    assert seconds_until(world, lambda: bool(other.offers), 5) <= 4
    world.advance(3)
    assert len(offered_to(other, job.job_id)) == 1 and not phone.offers


@pytest.mark.parametrize("is_full", [False, True])
@pytest.mark.parametrize("is_pooled", [False, True])
def test_an_otp_whose_recipient_wrote_to_a_deaf_phone_goes_to_one_that_answers(
    world: World, is_full: bool, is_pooled: bool
) -> None:
    deaf = connected(world)
    if is_full:
        backlog(world, 3)
        world.pump()
        deaf.claim(*deaf.take_offers())
    change(world, deaf, strikes=2)
    free = world.add_phone()
    if not is_pooled:
        free.connect()
    otp = world.job(10, validity=290, recipient="+254733300000", preferred=Target(deaf.device_id, 0))
    if is_pooled:
        free.connect()
    world.pump()
    assert offered_to(free, otp.job_id)


@pytest.mark.parametrize("is_named", [False, True])
def test_an_otp_goes_to_the_busy_phone_and_not_to_one_of_many_that_leave_offers_unanswered(
    world: World, is_named: bool
) -> None:
    live = connected(world)
    backlog(world, 3)
    world.pump()
    live.claim(*live.take_offers())
    dead = [connected(world) for _ in range(4)]
    backlog(world, 12)
    world.pump()
    for phone in dead:
        change(world, phone, strikes=2)
    assert all(lane_of(world, phone).credits == 0 for phone in (live, *dead))

    named = [Target(phone.device_id) for phone in (live, *dead)] if is_named else []
    otp = world.job(10, *named, validity=290, recipient="+254733300000")
    world.pump()
    assert offered_to(live, otp.job_id)


@pytest.mark.parametrize("is_named", [False, True])
def test_an_otp_behind_the_hours_turn_finds_a_lane_that_had_spent_its_hour(world: World, is_named: bool) -> None:
    phone = connected(world)
    world.clock.shift((end_of_hour(now_ms()) - now_ms()) / 1000 - 20)
    change(world, phone, hour=now_ms() // 3_600_000, left=2)
    world.job(10, segments=2)
    world.pump()
    offers = phone.take_offers()
    phone.claim(*offers)
    phone.report("Sent", *offers)
    world.advance(21)

    world.job(10, *([Target(phone.device_id)] if is_named else []), validity=290, recipient="+254700000003")
    world.pump()
    assert phone.offers


def test_a_decline_that_meets_its_own_claim_leaves_the_job_to_others(world: World) -> None:
    """The phone claims and is stopped at once, and doesn't come back."""
    phone, other = connected(world), world.add_phone()
    job = world.job(5)
    world.pump()
    (offer,) = phone.take_offers()
    decline = {"jobId": offer["jobId"], "token": offer["token"], "reason": "shutdown"}

    met = behind("BatchGetItem", lambda: phone.claim(offer))
    assert phone.say({"type": "decline", "items": [decline]})["items"]
    assert met
    phone.drop()
    assert world.stored(job).status is JobStatus.PENDING

    other.connect()
    assert seconds_until(world, lambda: bool(offered_to(other, job.job_id)), 60) < 60


def offered_to(phone: FakeRadioPhone, job_id: str) -> list[str]:
    return [offer["token"] for offer in phone.offers if offer["jobId"] == job_id]

"""A phone whose words come late isn't one that says nothing: what it is offered goes on."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from botocore.exceptions import ReadTimeoutError

from smskit.dispatch.gateways import sockets
from smskit.dispatch.logic import connections
from smskit.models.job import JobStatus, Target
from smskit.platform import patience, table
from smskit.platform.times import now_ms
from tests.support.path import behind, lane_of, refusals, refuse, until_claim_by
from tests.support.setbacks import backlog, change, connected
from tests.support.world import FakeRadioPhone, World

SOON = 30  # seconds, a tenth of what lies between two heartbeats


def seconds_until(world: World, happens: Callable[[], bool], most: int = 285) -> int:
    """How long the clock goes on until something happens, and no longer than that."""
    waited = 0
    while not happens() and waited < most:
        world.advance(1)
        waited += 1
    return waited


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("late", [6, 9])
def test_an_otp_goes_to_a_phone_that_has_just_claimed_too_late(world: World, many: int, late: int) -> None:
    phone = connected(world)
    backlog(world, many)
    world.pump()
    offers = phone.take_offers()
    world.advance(late)
    assert {verdict["reason"] for verdict in phone.claim(*offers)} == {"late"}
    world.advance(12 - late)
    phone.claim(*phone.take_offers())
    otp = world.job(10, validity=120, recipient="+254711000000")
    world.pump()
    assert [offer["jobId"] for offer in phone.take_offers()] == [otp.job_id]


def test_a_claim_that_came_too_late_stands_in_the_timeline_and_meets_no_older_lane(world: World) -> None:
    phone = connected(world)
    job = backlog(world, 1)[0]
    world.pump()
    (offer,) = phone.take_offers()
    world.advance(6)
    refused = refusals()
    for _ in range(2):
        phone.claim(offer)
    assert [(entry.event, entry.device_id) for entry in world.stored(job).timeline] == [("unclaimed", phone.device_id)]
    assert lane_of(world, phone).strikes == 1
    assert not refused


def test_a_stall_of_the_network_stops_no_backlog(world: World) -> None:
    phone = connected(world)
    backlog(world, 30)
    world.pump()
    offers = phone.take_offers()
    phone.claim(*offers)
    phone.report("Sent", *offers)
    world.advance(6)
    phone.claim(*phone.take_offers())
    assert seconds_until(world, lambda: bool(phone.offers)) <= SOON


@pytest.mark.parametrize("told", [True, False], ids=["with $disconnect", "without"])
@pytest.mark.parametrize("away", [2, 6, 8, 11])
def test_a_phone_that_comes_back_with_its_claims_goes_on(world: World, told: bool, away: int) -> None:
    """Its socket broke with the claims under way, so its hello names them."""
    phone = connected(world)
    backlog(world, 30)
    world.pump()
    offers = phone.take_offers()
    phone.drop(disconnect=told)
    world.advance(away)
    opened = [{"jobId": offer["jobId"], "token": offer["token"], "state": "Claimed"} for offer in offers]
    welcome = phone.connect(opened)
    if "go" in {entry["action"] for entry in welcome["resolve"]}:
        phone.report("Sent", *offers)
    assert seconds_until(world, lambda: bool(phone.offers)) <= SOON


def test_a_phone_that_says_nothing_is_left_alone_after_three_frames(world: World) -> None:
    phone = connected(world)
    backlog(world, 30)
    world.pump()
    frames = 0
    while phone.offers and frames < 9:
        assert len(phone.take_offers()) == 3
        frames += 1
        world.advance(12)
    assert (frames, lane_of(world, phone).strikes) == (3, 3)


def test_the_time_to_claim_begins_with_the_offer_whatever_was_waited_out_before(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    random.seed(1)
    phone = world.add_phone()
    backlog(world, 3)
    world.pump()
    monkeypatch.setattr(patience, "pause", world.clock.shift)
    phone.connect(hello=False)
    refuse("TransactWriteItems", "TransactionCanceledException", 12, ["TransactionConflict", "None"])
    began = now_ms()
    phone.say(phone.hello_frame())
    assert now_ms() - began > 1_000
    assert until_claim_by(phone.offers[0]) > 4_000


def meanwhile(world: World, phone: FakeRadioPhone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The phone speaks while it is given up, seven seconds after the sweep began; three jobs come with it."""
    real = connections.put_all_offline
    behind(
        "UpdateItem", lambda: phone.say({"type": "heartbeat", "sims": []}),
        when=lambda body: "silentOn = :conn" in body["UpdateExpression"],
    )  # fmt: skip

    def put_offline(*arguments: Any) -> None:
        world.clock.shift(7)
        real(*arguments)
        backlog(world, 3)
        world.pump()

    monkeypatch.setattr(connections, "put_all_offline", put_offline)


def test_a_phone_that_comes_back_late_in_a_sweep_has_its_time_to_claim(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = connected(world)
    world.clock.shift(601)
    meanwhile(world, phone, monkeypatch)
    world.tick()
    assert [verdict["verdict"] for verdict in phone.claim(*phone.offers)] == ["go"] * 3


def test_a_phone_that_cant_be_posted_to_holds_up_no_jobs_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone, away = connected(world), world.add_phone()
    due = world.job(5, Target(away.device_id), validity=3_600)
    world.pump()
    world.clock.shift(3_610)
    meanwhile(world, phone, monkeypatch)

    def fails(*_: Any) -> NoReturn:
        raise ReadTimeoutError(endpoint_url="https://sockets")

    monkeypatch.setattr(sockets, "post", fails)
    with pytest.raises(ReadTimeoutError):
        world.tick()
    assert world.stored(due).status is JobStatus.DEAD_LETTER


def busy_phone(world: World) -> FakeRadioPhone:
    """A phone whose window is full, and whose credit for an urgent job is free."""
    phone = connected(world)
    for number in range(3):
        world.job(0, Target(phone.device_id), recipient=f"+25471111111{number}")
    world.pump()
    phone.claim(*phone.take_offers())
    return phone


def test_a_sim_that_is_too_short_for_a_long_otp_hides_no_busy_one(world: World) -> None:
    busy = busy_phone(world)
    short = [connected(world) for _ in range(2)]
    for phone in short:
        change(world, phone, left=2)
    world.advance(15)  # the timers of the offers are over
    otp = world.job(10, segments=3, validity=290)
    world.pump()
    waited = seconds_until(world, lambda: any(offer["jobId"] == otp.job_id for offer in busy.offers), 60)
    assert waited <= 3 and world.stored(otp).status is JobStatus.PENDING


def test_the_contacts_own_sim_that_is_too_short_hides_no_busy_one_either(world: World) -> None:
    busy, short = busy_phone(world), connected(world)
    change(world, short, left=2)
    silent = connected(world)
    world.advance(15)
    otp = world.job(10, segments=3, validity=290)
    table.update("jobs", {"pk": otp.job_id}, "SET preferred = :sim", {":sim": f"{short.device_id}#0"})
    world.pump()
    assert [offer["jobId"] for offer in silent.offers] == [otp.job_id]
    assert seconds_until(world, lambda: any(offer["jobId"] == otp.job_id for offer in busy.offers), 60) <= 3


def test_a_report_of_one_sim_is_a_word_of_the_whole_phone(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    world.job(0, Target(phone.device_id, 0), recipient="+254711111110")
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    world.job(0, Target(phone.device_id, 1), recipient="+254711111120")
    world.pump()
    world.advance(35)
    phone.take_offers()
    assert lane_of(world, phone, 1).strikes == 3
    phone.report("Sent", offer)
    assert lane_of(world, phone, 1).strikes == 0
    otp = world.job(10, Target(phone.device_id, 1), validity=280, recipient="+254722222222")
    world.pump()
    assert otp.job_id in [one["jobId"] for one in phone.offers]


@pytest.mark.parametrize("priority", [0, 10])
@pytest.mark.parametrize("late", [6, 8])
def test_frames_that_one_stall_held_up_dont_mute_a_phone_that_has_spoken_since(
    world: World, priority: int, late: int
) -> None:
    """Each has a timer of its own, and another phone takes the jobs: nothing comes that could clear the strikes."""
    phone = connected(world)
    for number in range(3):
        world.job(priority, recipient=f"+25471111111{number}")
        world.pump()
        world.advance(1)
    offers = phone.take_offers()
    other = connected(world)
    for _ in range(late):
        world.advance(1)
        sends_all(other)
    assert {verdict["verdict"] for verdict in phone.claim(*offers)} == {"gone"}
    for _ in range(14):
        world.advance(1)
        sends_all(other)
        sends_all(phone)
    assert lane_of(world, phone).strikes <= 1  # behind others until a claim is in time, and not out


def sends_all(phone: FakeRadioPhone) -> None:
    """The phone sends what it was offered."""
    if offers := phone.take_offers():
        phone.claim(*offers)
        phone.report("Sent", *offers)


def lane_reads(phone: FakeRadioPhone, nth: int) -> Callable[[dict[str, Any]], bool]:
    """The nth read of the phone's lane."""
    seen: list[dict[str, Any]] = []

    def is_it(body: dict[str, Any]) -> bool:
        if body["Key"].get("sk", {}).get("S") == f"device#{phone.device_id}#sim#0":
            seen.append(body)
            return len(seen) == nth
        return False

    return is_it


@pytest.mark.parametrize("nth", [1, 2])
@pytest.mark.parametrize("others", [0, 1])
def test_a_late_claim_that_meets_its_offers_timer_leaves_the_job_to_somebody(
    world: World, nth: int, others: int
) -> None:
    phone = connected(world)
    world.job(5)
    world.pump()
    late = phone.take_offers()
    spare = [connected(world) for _ in range(others)]
    world.advance(9)
    met = behind("GetItem", lambda: phone.claim(*late), lane_reads(phone, nth))
    world.advance(2)
    assert met
    assert seconds_until(world, lambda: any(each.offers for each in (phone, *spare)), SOON + 1) <= SOON


def test_a_job_whose_late_claim_met_its_timer_ends_at_its_deadline(world: World) -> None:
    phone = connected(world)
    job = world.job(5, validity=60)
    world.pump()
    late = phone.take_offers()
    world.advance(9)
    met = behind("GetItem", lambda: phone.claim(*late), lane_reads(phone, 1))
    world.advance(2)
    phone.drop()
    for _ in range(4):
        world.advance(30)
        world.tick()
    assert met and world.stored(job).status is JobStatus.DEAD_LETTER

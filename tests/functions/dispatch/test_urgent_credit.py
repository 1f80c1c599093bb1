"""An urgent job doesn't wait for a credit: a lane holds one more than its window for it."""

from __future__ import annotations

from smskit.models.job import Target
from smskit.models.lane import LaneKey
from smskit.phones.store import ready_lanes
from tests.support.path import lane_of
from tests.support.world import FakeRadioPhone, World


def busy_phone(world: World, window: int = 3, limit: int = 200) -> tuple[FakeRadioPhone, list[dict[str, object]]]:
    """A phone whose window is full, with what it was offered; more waits in the pool."""
    phone = world.add_phone(limit=limit)
    phone.window = window
    phone.connect()
    for _ in range(window + 2):
        world.clock.shift(0.001)
        world.job(0)
    world.pump()
    return phone, phone.take_offers()


def test_an_otp_is_offered_at_once_to_a_phone_that_has_its_window_full(world: World) -> None:
    phone, first = busy_phone(world)
    assert len(first) == 3 and lane_of(world, phone).credits == 0 and lane_of(world, phone).readiness == 1
    job = world.job(10)
    world.pump()
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]
    assert lane_of(world, phone).credits == -1 and lane_of(world, phone).readiness == 0


def test_a_second_otp_waits_for_one_credit_only(world: World) -> None:
    phone, first = busy_phone(world)
    urgent = [world.job(10), world.job(9)]
    world.pump()
    assert len(phone.take_offers()) == 1
    phone.claim(*first)
    phone.report("Sent", first[0])
    (offer,) = phone.take_offers()
    assert offer["jobId"] in {job.job_id for job in urgent}  # before everything that waits
    phone.report("Sent", first[1])
    assert not phone.take_offers()  # the credits that the two took are made up for first


def test_an_ordinary_job_never_takes_the_credit_for_urgent_ones(world: World) -> None:
    phone, first = busy_phone(world, window=1)
    assert len(first) == 1
    world.job(8)
    world.pump()
    assert not phone.offers
    assert ready_lanes.ready(world.account_id, urgent=False) == []
    key = LaneKey(world.account_id, phone.device_id, 0)
    assert ready_lanes.ready(world.account_id, urgent=True) == [("b", key)]


def test_a_pooled_otp_is_taken_as_soon_as_the_credit_for_it_is_back(world: World) -> None:
    phone, _ = busy_phone(world)
    early, late = world.job(10), world.job(10)
    world.pump()
    (taken,) = phone.take_offers()
    waits = late if taken["jobId"] == early.job_id else early
    phone.claim(taken)
    phone.report("Sent", taken)
    assert [offer["jobId"] for offer in phone.take_offers()] == [waits.job_id]


def test_an_otp_that_this_sim_failed_at_hides_nothing_behind_it(world: World) -> None:
    """It stays in front of the pool and away from this SIM for a while; with one credit left there is room for one."""
    phone = world.add_phone()
    phone.window = 1
    phone.connect()
    otp = world.job(10)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    behind = world.job(0)
    world.pump()
    assert not phone.offers
    phone.report("Failed", offer, error="no_service")
    assert [offer["jobId"] for offer in phone.offers] == [behind.job_id]
    assert world.stored(otp).avoid


def test_an_otp_goes_out_of_the_reserve_while_the_window_is_full(world: World) -> None:
    phone, first = busy_phone(world, window=2, limit=20)
    world.pump()
    phone.claim(*first)
    for _ in range(16):
        world.clock.shift(0.001)
        world.job(0)
    world.pump()
    sent = list(first)
    while lane_of(world, phone).bulk_left > 0:
        phone.report("Sent", sent.pop(0))
        offers = phone.take_offers()
        phone.claim(*offers)
        sent += offers
    assert len(lane_of(world, phone).held) == 2
    job = world.job(10)
    world.pump()
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]


def test_an_otp_goes_to_a_free_phone_first_and_rather_to_a_busy_one_than_to_one_that_stays_silent(world: World) -> None:
    silent = world.add_phone()
    silent.connect()
    world.job(0, Target(silent.device_id))
    world.pump()
    world.advance(11)
    assert lane_of(world, silent).ready_class == "s"  # it left an offer unanswered, and will leave the next
    busy = world.add_phone()
    busy.window = 1
    busy.connect()
    for _ in range(2):
        world.job(0, Target(busy.device_id))
    world.pump("bulk")
    assert lane_of(world, busy).ready_class is None
    kinds = [kind for kind, _ in ready_lanes.ready(world.account_id, urgent=True)]
    assert kinds == ["b", "s"]
    busy.take_offers()
    job = world.job(10)
    world.pump()
    assert [offer["jobId"] for offer in busy.take_offers()] == [job.job_id]
    free = world.add_phone()
    free.connect()
    assert [kind for kind, _ in ready_lanes.ready(world.account_id, urgent=True)] == ["a", "s"]

"""A SIM that came to nothing too often rests: for how long, and what ends it."""

from __future__ import annotations

from smskit.models.job import JobStatus
from smskit.models.lane import MAX_SETBACKS, Lane, LaneKey
from smskit.models.sim_health import FIRST_REST_MS, LONGEST_REST_MS
from smskit.phones.store import lanes
from smskit.platform.times import now_ms
from tests.support.client_api import ClientApi
from tests.support.path import lane_of, watch_timers
from tests.support.setbacks import backlog, change, connected, fail_all, resting, statuses
from tests.support.world import World


def test_a_rest_is_twice_as_long_each_time(world: World) -> None:
    phone = connected(world)
    backlog(world, 40)
    tried = []
    for second in range(500):
        world.advance(1)
        tried += [second] * fail_all(phone, "no_service")
    alone = [second for second in tried if second > 5]
    assert len(alone) == 4  # a trial is one job
    pauses = [after - before for before, after in zip([0, *alone], alone, strict=False)]
    for pause, rest in zip(pauses, (30, 60, 120, 240), strict=True):
        assert rest <= pause <= rest + 3


def test_a_backlog_outlives_a_tunnel_and_goes_at_full_pace_after_it(world: World) -> None:
    phone = connected(world)
    jobs = backlog(world, 12)
    for _ in range(240):
        world.advance(1)
        fail_all(phone, "no_service")
    assert set(statuses(world, jobs)) == {JobStatus.PENDING}
    while not phone.offers:
        world.advance(1)
    while phone.offers:
        offers = phone.take_offers()
        phone.claim(*offers)
        phone.report("Sent", *offers)
    assert set(statuses(world, jobs)) == {JobStatus.SENT}
    assert (lane_of(world, phone).setbacks, lane_of(world, phone).rests_until) == (0, 0)


def test_a_phone_that_connects_anew_is_tried_at_once_with_one_job(world: World) -> None:
    phone = resting(world)
    world.advance(1)
    phone.connect()
    assert len(phone.offers) == 1 and lane_of(world, phone).is_on_trial
    world.advance(1)
    phone.say(phone.hello_frame())  # once more, as after a lost welcome
    assert fail_all(phone, "no_service") == 1
    phone.say(phone.hello_frame())
    assert lane_of(world, phone).rests_until and not phone.offers


def test_a_sim_that_says_it_is_ready_again_is_tried_at_once(world: World) -> None:
    phone = resting(world)
    heartbeat = {
        "type": "heartbeat",
        "batteryLevel": 50,
        "isCharging": False,
        "networkType": "LTE",
        "signalStrength": 3,
    }
    phone.say(heartbeat | {"sims": [{"simSlot": 0, "isReady": True}]})
    assert not phone.offers  # it never said that it isn't
    phone.say(heartbeat | {"sims": [{"simSlot": 0, "isReady": False}]})
    phone.say(heartbeat | {"sims": [{"simSlot": 0, "isReady": True}]})
    assert len(phone.offers) == 1


def test_a_timer_that_comes_a_little_early_looks_again(world: World) -> None:
    phone = resting(world)
    lane = lane_of(world, phone)
    lanes.save(
        lane, Lane(**{name: getattr(lane, name) for name in lane.__slots__} | {"rests_until": lane.rests_until + 3_000})
    )
    world.advance(32)
    assert not phone.offers
    world.advance(5)
    assert len(phone.offers) == 1


def test_the_timer_stands_before_the_rest_begins(world: World) -> None:
    """So that no crash behind the write leaves the lane resting for ever."""
    phone = connected(world)
    backlog(world, 1)
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    lane = lane_of(world, phone)
    lanes.save(lane, Lane(**{name: getattr(lane, name) for name in lane.__slots__} | {"setbacks": MAX_SETBACKS - 1}))
    made = watch_timers()
    phone.report("Failed", offer, error="no_credit")
    assert "fill" in [timer["kind"] for timer in made]
    assert lane_of(world, phone).rests_until


def test_a_rest_is_a_quarter_of_an_hour_at_most() -> None:
    lane, now, rests = Lane(LaneKey("acc", "dev", 0)), 1_000_000, []
    for _ in range(40):
        lane = lane.set_back(now).set_back(now)  # the second one during the rest of the first
        rests.append(lane.rests_until - now if lane.rests_until else 0)
        now = max(now, lane.rests_until)
        lane = lane.at(now)
    assert rests[0] == 0
    assert [rest for rest in rests if rest][:6] == [FIRST_REST_MS << doubled for doubled in range(5)] + [
        LONGEST_REST_MS
    ]
    assert max(rests) == LONGEST_REST_MS


def test_who_looks_at_the_phones_sees_that_a_sim_rests(sent_world: tuple[World, ClientApi]) -> None:
    world, api = sent_world
    phone = resting(world)
    (sim,) = api.get("/api/devices").body["devices"][0]["sims"]
    assert sim["restsUntil"] == "2026-06-23T10:00:30Z"
    world.advance(31)
    (sim,) = api.get("/api/devices").body["devices"][0]["sims"]
    assert "restsUntil" not in sim and phone.offers


def test_a_hello_that_decides_a_claim_ends_the_rest_as_well(world: World) -> None:
    phone = connected(world)
    backlog(world, 1)
    world.pump()
    (offer,) = phone.take_offers()
    change(world, phone, setbacks=MAX_SETBACKS, rests_until=now_ms() + LONGEST_REST_MS)
    phone.connect([{"jobId": offer["jobId"], "token": offer["token"], "state": "Claimed"}])
    assert not lane_of(world, phone).rests_until

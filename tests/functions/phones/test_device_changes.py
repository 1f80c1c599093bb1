"""What people change of phones and SIMs, and what follows: on the real handlers, with the jobs that are in the way."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress

import pytest
import time_machine

from smskit import aws
from smskit.dispatch.logic import phone_changes
from smskit.errors import NotFoundError
from smskit.models.job import JobStatus, Target
from smskit.models.lane import Lane, LaneKey
from smskit.phones.logic import device_list
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from smskit.phones.store import devices, lanes, pending_counts
from smskit.phones.store.lane_items import markers
from smskit.platform.times import now_ms
from tests.functions.dispatch.test_races import DiedError
from tests.support.aws import Cloud
from tests.support.meter import Meter
from tests.support.world import FakeRadioPhone, World


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def send_all(phone: FakeRadioPhone) -> list[str]:
    sent = []
    while offers := phone.take_offers():
        by_id = {offer["jobId"]: offer for offer in offers}
        going = [by_id[v["jobId"]] for v in phone.claim(*offers) if v["verdict"] == "go"]
        sent += [offer["jobId"] for offer in going]
        phone.report("Sent", *going)
    return sent


def lane(world: World, phone: FakeRadioPhone, slot: int = 0) -> Lane:
    found = lanes.get(LaneKey(world.account_id, phone.device_id, slot))
    assert found is not None
    return found


def assert_markers_fit(world: World) -> None:
    """Ready and online markers exist exactly for the lanes that should have them."""
    rows = [lane for _, its_lanes in devices.list_all(world.account_id) for lane in its_lanes]
    wanted = {key: item for row in rows for key, item in markers(row).items()}
    there = [item for item in world.cloud.items("devices") if item["sk"].startswith(("ready#", "online#"))]
    assert {item["sk"]: item for item in there} == wanted


def test_a_disabled_sim_gets_no_new_work_until_it_is_enabled_again(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(is_enabled=False))
    world.pump()
    assert_markers_fit(world)
    for _ in range(4):
        world.job()
    world.pump()
    assert {offer["simSlot"] for offer in phone.offers} == {1} and len(phone.offers) == 3
    send_all(phone)
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=False))
    world.job()
    world.pump()
    assert not phone.offers
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(is_enabled=True))
    world.pump()
    assert [offer["simSlot"] for offer in phone.offers] == [0]
    assert_markers_fit(world)


def test_the_phone_is_told_what_changed(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=False))
    world.pump()
    sims = [{"simSlot": 0, "isEnabled": True}, {"simSlot": 1, "isEnabled": False}]
    assert phone.frames[-1] == {"type": "config", "heartbeatSeconds": 300, "sims": sims}


def test_an_offer_of_a_sim_that_is_disabled_goes_elsewhere_and_its_claim_is_refused(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    slot = offer["simSlot"]
    device_settings.change_sim(world.account_id, phone.device_id, slot, SimChange(is_enabled=False))
    assert phone.claim(offer)[0]["verdict"] == "gone"
    world.pump()
    (again,) = phone.offers
    assert again["jobId"] == job.job_id and again["simSlot"] == 1 - slot
    assert send_all(phone) == [job.job_id]


def test_a_job_that_names_only_a_disabled_sim_is_told_so(world: World) -> None:
    phone, other = world.add_phone(sims=2), world.add_phone()
    phone.connect()
    other.connect()
    phone.drop()
    other.drop()
    only = world.job(5, Target(phone.device_id, 0))
    either = world.job(5, Target(phone.device_id, 0), Target(other.device_id))
    whole = world.job(5, Target(phone.device_id))
    anyone = world.job(5)
    world.pump()
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(is_enabled=False))
    world.pump()
    ended = world.stored(only)
    assert ended.status is JobStatus.DEAD_LETTER
    assert ended.error is not None and ended.error.code == "sim-disabled" and "SIM" in ended.error.message
    assert {world.stored(job).status for job in (either, whole, anyone)} == {JobStatus.PENDING}
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=False))
    world.pump()
    assert world.stored(whole).error.code == "sim-disabled"
    assert {world.stored(job).status for job in (either, anyone)} == {JobStatus.PENDING}
    other.connect()
    assert sorted(send_all(other)) == sorted([either.job_id, anyone.job_id])
    assert all(
        count == 0 for count in pending_counts.counts([f"pool#{phone.device_id}#0", f"pool#{phone.device_id}"]).values()
    )


def test_an_offered_job_that_names_only_the_disabled_sim_ends_too(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job(5, Target(phone.device_id, 0))
    world.pump()
    assert len(phone.offers) == 1
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(is_enabled=False))
    world.pump()
    assert world.stored(job).error.code == "sim-disabled"
    assert lane(world, phone).held == {} and lane(world, phone).credits == 3


def test_a_job_that_arrives_behind_the_change_ends_as_well(world: World) -> None:
    """It was accepted before the SIM was disabled, and leaves its queue after the pool was gone through."""
    phone = world.add_phone()
    phone.connect()
    job = world.job(5, Target(phone.device_id, 0))
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(is_enabled=False))
    world.pump("timers")
    assert world.stored(job).status is JobStatus.PENDING
    world.pump()
    assert world.stored(job).error.code == "sim-disabled"
    assert world.cloud.items("pool") == [] or set(pending_counts.counts([f"pool#{phone.device_id}#0"]).values()) == {0}


def test_a_long_queue_is_gone_through_piece_by_piece(world: World) -> None:
    phone, other = world.add_phone(), world.add_phone()
    phone.connect()
    other.connect()
    phone.drop()
    other.drop()
    both = [world.job(5, Target(phone.device_id), Target(other.device_id)) for _ in range(30)]
    only = [world.job(5, Target(phone.device_id)) for _ in range(60)]
    world.pump()
    device_settings.revoke(world.account_id, phone.device_id)
    meter, most, invoke = Meter(aws.session()), 0, world.invoke
    aws.client.cache_clear()

    def counted(function: str, event: dict) -> object:
        nonlocal most
        meter.reset()
        answer = invoke(function, event)
        most = max(most, meter.requests.total() // len(event["Records"]))
        return answer

    world.invoke = counted  # type: ignore[method-assign]
    world.advance(3)
    assert {world.stored(job).error.code for job in only} == {"device-revoked"}
    assert {world.stored(job).status for job in both} == {JobStatus.PENDING}
    assert most < 100


def test_a_revoked_phone_is_cut_off_and_its_work_goes_elsewhere(world: World) -> None:
    phone, other = world.add_phone(), world.add_phone()
    phone.connect()
    connection = phone.connection
    made = [world.job() for _ in range(2)]
    world.pump()
    claimed, offered = phone.take_offers()
    assert phone.claim(claimed)[0]["verdict"] == "go"
    other.connect()
    device_settings.revoke(world.account_id, phone.device_id)
    world.pump()
    assert phone.frames[-1] == {"type": "revoked"} and world.wire.closed == [connection]
    assert send_all(other) == [offered["jobId"]]
    item = {"jobId": offered["jobId"], "token": offered["token"]}
    assert phone.say({"type": "claim", "items": [item]})["code"] == "replaced"
    assert phone.say({"type": "heartbeat"})["code"] == "replaced"
    world.job()
    world.pump()
    assert not phone.offers
    assert_markers_fit(world)
    with pytest.raises(AssertionError):
        phone.connect()
    with pytest.raises(NotFoundError):
        device_settings.revoke(world.account_id, phone.device_id)
    assert [row.device.device_id for row in device_list.list_all(world.account_id, now_ms())] == [other.device_id]
    world.advance(620)
    unknown = world.stored(next(job for job in made if job.job_id == claimed["jobId"]))
    assert unknown.error.code == "outcome_unknown"


def test_a_disabled_phone_comes_back_with_the_sims_that_it_had(world: World) -> None:
    phone = world.add_phone(sims=3)
    phone.connect()
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=False))
    waits = world.job(5, Target(phone.device_id, 1), Target(phone.device_id, 2), validity=3600)
    device_settings.change(world.account_id, phone.device_id, DeviceChange(is_enabled=False))
    world.pump()
    assert phone.frames[-1]["type"] == "config" and not any(sim["isEnabled"] for sim in phone.frames[-1]["sims"])
    assert world.wire.closed and world.stored(waits).error.code == "device-disabled"
    with pytest.raises(AssertionError):
        phone.connect()
    device_settings.change(world.account_id, phone.device_id, DeviceChange(is_enabled=True))
    world.pump()
    for _ in range(9):
        world.job()
    phone.connect()
    world.pump()
    assert {offer["simSlot"] for offer in phone.offers} == {0, 2}
    assert_markers_fit(world)


def test_the_limit_is_split_over_enabled_sims_but_for_those_with_their_own(world: World) -> None:
    phone = world.add_phone(sims=3, limit=200)
    phone.connect()

    def limits() -> list[int]:
        return [lane(world, phone, slot).limit for slot in range(3)]

    account, device = world.account_id, phone.device_id
    assert limits() == [67, 67, 66]
    device_settings.change(account, device, DeviceChange(limit=90))
    assert limits() == [30, 30, 30]
    device_settings.change_sim(account, device, 1, SimChange(is_enabled=False))
    assert limits() == [45, 30, 45]
    device_settings.change_sim(account, device, 0, SimChange(limit=10))
    assert limits() == [10, 30, 45]
    phone.drop()
    phone.connect()
    assert limits() == [10, 30, 45]
    device_settings.change_sim(account, device, 0, SimChange(even_share=True))
    device_settings.change_sim(account, device, 1, SimChange(is_enabled=True))
    assert limits() == [30, 30, 30]


def test_a_lower_limit_counts_what_was_used_and_a_higher_one_brings_waiting_work(world: World) -> None:
    phone = world.add_phone(limit=10)
    phone.connect()
    for _ in range(12):
        world.clock.shift(0.001)
        world.job()
    world.pump()
    assert len(send_all(phone)) == 9
    device_settings.change(world.account_id, phone.device_id, DeviceChange(limit=5))
    world.pump()
    assert not phone.offers
    device_settings.change(world.account_id, phone.device_id, DeviceChange(limit=20))
    world.pump()
    assert len(send_all(phone)) == 3
    assert lane(world, phone).left == 8


def test_a_rename_changes_nothing_else(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    before = devices.get(world.account_id, phone.device_id)
    device_settings.change(world.account_id, phone.device_id, DeviceChange(name="Front desk"))
    after = devices.get(world.account_id, phone.device_id)
    assert before is not None and after is not None
    assert after.name == "Front desk" and (after.limit, after.connection_id) == (before.limit, before.connection_id)


@pytest.mark.parametrize("fault", ["other account", "no such phone", "malformed", "no such slot"])
def test_what_the_account_does_not_have_is_not_found(world: World, fault: str) -> None:
    phone = world.add_phone()
    phone.connect()
    account = "acc_0000000000000000000A" if fault == "other account" else world.account_id
    device = {"no such phone": "dvc_0000000000000000000A", "malformed": "x"}.get(fault, phone.device_id)
    kept = world.cloud.items("devices")
    with pytest.raises(NotFoundError):
        device_settings.change_sim(account, device, 7 if fault == "no such slot" else 0, SimChange(is_enabled=False))
    if fault != "no such slot":
        with pytest.raises(NotFoundError):
            device_settings.revoke(account, device)
        with pytest.raises(NotFoundError):
            device_settings.change(account, device, DeviceChange(name="x"))
    assert world.cloud.items("devices") == kept


def test_changes_meet_the_phones_own_traffic(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lane that changes between the read and the transaction is read again; nothing that it holds is lost."""
    phone = world.add_phone()
    phone.connect()
    save_all, met = lanes.save_all, []

    def meanwhile(*arguments: object) -> object:
        if len(met) < 2:
            met.append(world.job())
            world.pump("bulk")
        return save_all(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(lanes, "save_all", meanwhile)
    device_settings.change(world.account_id, phone.device_id, DeviceChange(limit=50))
    stored = lane(world, phone)
    assert stored.limit == 50 and set(stored.held) == {job.job_id for job in met} and stored.left == 48


def test_two_people_change_one_phone_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = world.add_phone()
    phone.connect()
    save_all = lanes.save_all

    def meanwhile(*arguments: object) -> object:
        monkeypatch.setattr(lanes, "save_all", save_all)
        device_settings.change(world.account_id, phone.device_id, DeviceChange(name="First", limit=40))
        return save_all(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(lanes, "save_all", meanwhile)
    device_settings.change(world.account_id, phone.device_id, DeviceChange(is_enabled=False))
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and (device.name, device.limit, device.is_enabled) == ("First", 40, False)
    assert lane(world, phone).limit == 40 and lane(world, phone).barred == "disabled"


def test_a_run_that_dies_after_the_change_is_followed_up_by_its_timer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, other = world.add_phone(), world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    other.connect()
    save_all = lanes.save_all

    def dies(*arguments: object) -> None:
        save_all(*arguments)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(lanes, "save_all", dies)
    with pytest.raises(KeyboardInterrupt):
        device_settings.revoke(world.account_id, phone.device_id)
    world.advance(20)
    assert phone.frames[-1] == {"type": "revoked"} and send_all(other) == [job.job_id]


@pytest.mark.parametrize("seed", range(12))
def test_following_up_may_die_anywhere_and_run_again(world: World, seed: int) -> None:
    chance = random.Random(seed)
    phone, other = world.add_phone(), world.add_phone()
    phone.connect()
    made = [world.job() for _ in range(3)] + [world.job(5, Target(phone.device_id)) for _ in range(2)]
    world.pump()
    other.connect()
    left = [chance.randint(0, 25)]

    def cut(**_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise DiedError

    device_settings.revoke(world.account_id, phone.device_id)
    aws.session().events.register("before-parameter-build.dynamodb", cut)
    aws.client.cache_clear()
    with suppress(DiedError):
        phone_changes.follow(world.account_id, phone.device_id, now_ms())
    left[0] = -1
    world.advance(15)
    sent = send_all(other)
    targeted = [job for job in made if job.targets]
    assert sorted(sent) == sorted(job.job_id for job in made if not job.targets)
    assert {world.stored(job).status for job in targeted} == {JobStatus.DEAD_LETTER}
    assert_markers_fit(world)

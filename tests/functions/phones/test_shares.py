"""A phone's hourly limit when its share moves from SIM to SIM within the hour."""

from __future__ import annotations

from smskit.dispatch.logic import connections
from smskit.models.job import JobStatus
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from smskit.platform.times import now_ms
from tests.functions.phones.test_device_changes import lane, send_all, world
from tests.support.world import FakeRadioPhone, World

__all__ = ["world"]
LIMIT = 20


def busy(world: World, sims: int) -> tuple[FakeRadioPhone, list[str]]:
    """A phone, and the urgent jobs that wait for it: as many as it may send in five hours."""
    phone = world.add_phone(sims=sims, limit=LIMIT)
    phone.connect()
    made = [world.job(9, validity=6 * 3_600, recipient=f"+2547123{at:05d}").job_id for at in range(5 * LIMIT)]
    return phone, made


def sent(world: World, phone: FakeRadioPhone) -> int:
    """How many the phone has sent once it has sent all that it may."""
    for _ in range(4):
        world.pump()
        send_all(phone)
        world.advance(2)
    return sum(item["status"] == JobStatus.SENT for item in world.cloud.items("jobs"))


def fit(phone: FakeRadioPhone, sims: int) -> None:
    phone.sims = sims
    phone.drop()
    phone.connect()


def test_a_sim_that_turns_up_gets_of_the_hour_what_the_other_has_left(world: World) -> None:
    phone, _ = busy(world, 1)
    assert sent(world, phone) == LIMIT
    for sims in (2, 1, 2):
        fit(phone, sims)
        assert sent(world, phone) == LIMIT
    world.clock.shift(3_600)
    fit(phone, 2)
    assert sent(world, phone) == 2 * LIMIT
    assert [lane(world, phone, slot).limit for slot in (0, 1)] == [LIMIT // 2, LIMIT // 2]


def test_a_sim_that_is_moved_to_another_slot_has_no_second_hour(world: World) -> None:
    """Once it was in both, no limit changes by it any more."""
    phone, _ = busy(world, 1)

    def put_into(slot: int) -> None:
        phone.first_slot = slot
        fit(phone, 1)
        assert lane(world, phone, slot).limit == LIMIT

    for slot in (1, 0):
        put_into(slot)
    world.clock.shift(3_600)
    assert sent(world, phone) == LIMIT
    for slot in (1, 0):
        put_into(slot)
        assert sent(world, phone) == LIMIT
    world.clock.shift(3_600)
    fit(phone, 1)
    assert sent(world, phone) == 2 * LIMIT


def test_a_sim_that_is_moved_while_messages_go_out_has_no_second_hour(world: World) -> None:
    """Its old connection is never told closed; what its phone says of the SIM it has brings no other one back."""
    phone = world.add_phone(limit=LIMIT)
    phone.connect()
    for slot, many in ((0, 12), (1, 3), (0, 2 * LIMIT)):
        world.advance(5)
        phone.first_slot = slot
        phone.drop(disconnect=False)
        phone.connect()
        for at in range(many):
            world.job(9, recipient=f"+25471{slot}{many}{at:04d}")
        total = sent(world, phone)
        phone.say({"type": "heartbeat", "sims": []})
    assert lane(world, phone, 1).is_without_sim
    assert 15 <= total <= LIMIT


def test_sims_that_a_heartbeat_brings_back_share_the_limit_of_now(world: World) -> None:
    """None was usable when the phone fell silent, so that it counts as without; and its limit was lowered meanwhile."""
    phone, _ = busy(world, 2)
    for is_ready in (False, True):
        phone.say({"type": "heartbeat", "sims": [{"simSlot": slot, "isReady": is_ready} for slot in (0, 1)]})
        if not is_ready:
            connections.give_up(world.account_id, phone.device_id, phone.connection or "", now_ms() + 3_600_000)
            device_settings.change(world.account_id, phone.device_id, DeviceChange(limit=10))
    assert [lane(world, phone, slot).limit for slot in (0, 1)] == [5, 5]
    assert sent(world, phone) == 10


def test_a_sim_that_only_a_heartbeat_names_has_no_hour_of_its_own(world: World) -> None:
    phone, _ = busy(world, 2)
    fit(phone, 1)
    assert sent(world, phone) == LIMIT
    phone.say({"type": "heartbeat", "sims": [{"simSlot": slot, "isReady": True} for slot in (0, 1)]})
    assert sent(world, phone) == LIMIT


def test_a_phone_that_is_renamed_keeps_the_limit_of_a_sim_that_was_taken_out(world: World) -> None:
    phone, _ = busy(world, 2)
    fit(phone, 1)
    world.pump()
    send_all(phone)
    device_settings.change(world.account_id, phone.device_id, DeviceChange(name="Kitchen"))
    assert lane(world, phone, 0).limit == LIMIT
    assert sent(world, phone) == LIMIT


def test_who_changes_from_one_sim_to_the_other_has_no_second_hour(world: World) -> None:
    phone, _ = busy(world, 2)

    def use(slot: int) -> None:
        for other, is_enabled in ((1 - slot, False), (slot, True)):
            device_settings.change_sim(world.account_id, phone.device_id, other, SimChange(is_enabled=is_enabled))

    for slot in (0, 1):
        use(slot)
        assert lane(world, phone, slot).limit == LIMIT
    world.clock.shift(2 * 3_600)
    fit(phone, 2)
    before = sent(world, phone)
    for slot in (0, 1, 0):
        use(slot)
        assert sent(world, phone) == before


def test_a_sim_that_turns_up_in_a_quiet_hour_has_its_whole_share(world: World) -> None:
    phone = world.add_phone(limit=LIMIT)
    phone.connect()
    fit(phone, 2)
    assert [lane(world, phone, slot).left for slot in (0, 1)] == [LIMIT // 2, LIMIT // 2]


def test_what_a_disabled_sim_sent_counts_for_the_others(world: World) -> None:
    phone, _ = busy(world, 2)
    assert sent(world, phone) == LIMIT
    for is_enabled in (False, True, False):
        device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=is_enabled))
        assert sent(world, phone) == LIMIT


def test_an_idle_sims_share_is_the_others_once_it_is_disabled(world: World) -> None:
    phone = world.add_phone(sims=2, limit=LIMIT)
    phone.connect()
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=False))
    assert (lane(world, phone).limit, lane(world, phone).left) == (LIMIT, LIMIT)


def test_a_limit_that_is_lowered_is_the_phones_and_not_each_sims(world: World) -> None:
    """One SIM has sent nothing: what the other sent beyond its new share is taken off it."""
    phone = world.add_phone(sims=2, limit=LIMIT)
    phone.connect()
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=False))
    for at in range(LIMIT):
        world.job(9, recipient=f"+2547123{at:05d}")
    assert sent(world, phone) == LIMIT
    device_settings.change(world.account_id, phone.device_id, DeviceChange(limit=LIMIT + 4))
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=True))
    assert sum(max(0, lane(world, phone, slot).left) for slot in (0, 1)) == 4


def test_a_new_name_gives_no_share_to_a_sim_that_was_taken_out(world: World) -> None:
    phone = world.add_phone(sims=2, limit=LIMIT)
    phone.connect()
    fit(phone, 1)
    assert lane(world, phone).limit == LIMIT
    device_settings.change(world.account_id, phone.device_id, DeviceChange(name="Front desk"))
    assert lane(world, phone).limit == LIMIT
    device_settings.change(world.account_id, phone.device_id, DeviceChange(limit=2 * LIMIT))
    assert lane(world, phone).limit == 2 * LIMIT

"""What a phone can't or won't send goes elsewhere, and doesn't come back at once."""

from __future__ import annotations

from smskit.models.job import JobStatus
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import DeviceChange, SimChange
from tests.support.path import events, lane_of
from tests.support.world import FakeRadioPhone, World


def decline(phone: FakeRadioPhone) -> int:
    """Decline what was offered; how many offers that were."""
    offers = phone.take_offers()
    items = [{"jobId": offer["jobId"], "token": offer["token"], "reason": "no-room"} for offer in offers]
    if items:
        phone.say({"type": "decline", "items": items})
    return len(items)


def test_a_declined_offer_stays_away_from_that_sim_for_a_while(world: World) -> None:
    phone = world.add_phone()
    phone.connect()
    job = world.job()
    world.pump()
    assert decline(phone) == 1
    assert not phone.offers  # it isn't offered in the same moment
    world.advance(29)
    assert not phone.offers
    world.advance(4)
    assert [offer["jobId"] for offer in phone.offers] == [job.job_id]
    assert events(world, job)[0] == "declined" and world.stored(job).attempts == 0


def test_a_declined_offer_goes_to_another_phone_at_once(world: World) -> None:
    phones = [world.add_phone(), world.add_phone()]
    for phone in phones:
        phone.connect()
    job = world.job()
    world.pump()
    first = next(phone for phone in phones if phone.offers)
    other = next(phone for phone in phones if phone is not first)
    decline(first)
    assert [offer["jobId"] for offer in other.offers] == [job.job_id] and not first.offers


def test_a_declined_offer_makes_room_for_the_next_job(world: World) -> None:
    phone = world.add_phone()
    phone.window = 1
    phone.connect()
    first = world.job()
    world.pump()
    world.clock.shift(1)
    second = world.job()
    world.pump()
    assert decline(phone) == 1
    assert [offer["jobId"] for offer in phone.offers] == [second.job_id]
    assert world.stored(first).status is JobStatus.PENDING


def test_a_sim_that_hello_no_longer_names_stays_out_whatever_the_phone_says(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    phone.drop()
    phone.sims = 1
    phone.connect()
    assert not lane_of(world, phone, 1).is_online
    job = world.job()
    world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    phone.report("Sent", offer)
    phone.report("Delivered", offer)
    phone.say({"type": "heartbeat", "sims": [{"simSlot": 0, "isReady": True}]})
    assert not lane_of(world, phone, 1).is_online and lane_of(world, phone, 0).is_online
    assert world.stored(job).sim_slot == 0
    phone.drop()
    phone.sims = 2
    phone.connect()
    assert lane_of(world, phone, 1).is_online


def configs(world: World, phone: FakeRadioPhone) -> list[list[bool]]:
    """The `config` frames that arrive within two seconds: which SIMs are enabled."""
    phone.frames.clear()
    world.advance(2)
    return [[sim["isEnabled"] for sim in frame["sims"]] for frame in phone.frames if frame["type"] == "config"]


def test_a_sim_that_was_switched_while_its_phone_was_away_is_told_behind_the_welcome(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=False))
    assert configs(world, phone) == [[True, False]]
    phone.drop()
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=True))
    world.advance(20)
    assert phone.connect()["type"] == "welcome"
    assert configs(world, phone) == [[True, True]]


def test_a_disabled_sim_is_told_at_every_hello(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(is_enabled=False))
    world.advance(20)
    phone.drop()
    phone.connect()
    assert configs(world, phone) == [[False, True]]


def test_a_phone_whose_settings_nobody_changed_is_told_nothing(world: World) -> None:
    phone = world.add_phone(sims=2)
    phone.connect()
    device_settings.change(world.account_id, phone.device_id, DeviceChange(name="Kitchen"))
    world.advance(20)
    phone.drop()
    phone.connect()
    assert configs(world, phone) == []

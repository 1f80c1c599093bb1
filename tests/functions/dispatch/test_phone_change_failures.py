"""What follows from a change of a phone happens also when the phone can't be told of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine

from smskit.models.job import Target
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.settings import SimChange
from smskit.phones.store import devices, lanes
from tests.support.aws import Cloud
from tests.support.world import FakeRadioPhone, World


@pytest.fixture
def world(cloud: Cloud) -> Iterator[World]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield World(cloud, clock)


def jam(world: World, phone: FakeRadioPhone) -> None:
    """Posts to the phone fail from now on, and not because its connection is gone."""

    def refuse(_: dict[str, Any]) -> None:
        raise ConnectionResetError

    assert phone.connection is not None
    world.wire.open[phone.connection] = refuse


def mend(world: World, phone: FakeRadioPhone) -> None:
    """Posts to the phone arrive again."""
    assert phone.connection is not None
    world.wire.open[phone.connection] = phone._take


def test_a_revoked_phone_that_cant_be_told_is_cut_off_and_its_work_goes_on(world: World) -> None:
    phone, other = world.add_phone(), world.add_phone()
    phone.connect()
    anyones, its_own = world.job(), world.job(5, Target(phone.device_id))
    world.pump()
    assert len(phone.take_offers()) == 2
    other.connect()
    jam(world, phone)
    device_settings.revoke(world.account_id, phone.device_id)
    world.pump()
    assert [offer["jobId"] for offer in other.take_offers()] == [anyones.job_id]
    assert world.stored(its_own).error.code == "device-revoked"
    assert world.wire.closed == [phone.connection]
    device = devices.get(world.account_id, phone.device_id)
    assert device is not None and device.connection_id is None
    assert [(lane.held, lane.connection_id) for lane in lanes.of_device(world.account_id, phone.device_id)] == [
        ({}, None)
    ]


def test_work_of_a_disabled_sim_goes_on_at_once_and_the_phone_is_told_later(world: World) -> None:
    phone, other = world.add_phone(sims=2), world.add_phone()
    phone.connect()
    anyones, its_own = world.job(), world.job(5, Target(phone.device_id, 1))
    world.pump()
    slots = {offer["jobId"]: offer["simSlot"] for offer in phone.take_offers()}
    assert slots[its_own.job_id] == 1
    other.connect()
    waits = world.job(5, Target(phone.device_id, 1 - slots[anyones.job_id]))
    jam(world, phone)
    for slot in (0, 1):
        device_settings.change_sim(world.account_id, phone.device_id, slot, SimChange(is_enabled=False))
    world.pump()
    assert [offer["jobId"] for offer in other.take_offers()] == [anyones.job_id]
    assert {world.stored(job).error.code for job in (its_own, waits)} == {"sim-disabled"}
    mend(world, phone)
    world.advance(35)
    sims = [{"simSlot": 0, "isEnabled": False}, {"simSlot": 1, "isEnabled": False}]
    assert phone.frames[-1] == {"type": "config", "heartbeatSeconds": 300, "sims": sims}


def test_a_lane_that_gives_up_its_offers_doesnt_wait_for_one_that_looks_for_work(world: World) -> None:
    """The SIM that stays enabled has work waiting, which can't be posted to the phone."""
    phone, other = world.add_phone(sims=2, limit=400), world.add_phone()
    phone.connect()
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(is_enabled=False))
    world.pump()
    moved = world.job()
    world.pump()
    assert [offer["simSlot"] for offer in phone.take_offers()] == [1]
    other.connect()
    jam(world, phone)
    device_settings.change_sim(world.account_id, phone.device_id, 0, SimChange(is_enabled=True))
    (enabled, _) = lanes.of_device(world.account_id, phone.device_id)
    lanes.save(enabled, replace(enabled, strikes=1))  # so that it is asked last
    device_settings.change_sim(world.account_id, phone.device_id, 1, SimChange(is_enabled=False))
    for _ in range(2):
        world.job(5, Target(phone.device_id, 0))
    world.pump()
    assert [offer["jobId"] for offer in other.take_offers()] == [moved.job_id]

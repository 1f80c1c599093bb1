"""Phones that fail or decline what they are given, and the backlog that waits for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from smskit.models.job import JobStatus
from smskit.phones.store import lanes
from tests.support.path import lane_of
from tests.support.world import FakeRadioPhone, World


def backlog(world: World, many: int) -> list[Any]:
    """Jobs for anyone, each to a number of its own."""
    return [world.job(0, recipient=f"+2547123{number:05d}") for number in range(many)]


def connected(world: World) -> FakeRadioPhone:
    """A phone that is online."""
    phone = world.add_phone()
    phone.connect()
    return phone


def fail_all(phone: FakeRadioPhone, error: str) -> int:
    """Claim what the phone was offered and let its radio fail it at once; how many that were."""
    failed = 0
    while phone.offers:
        offers = phone.take_offers()
        phone.claim(*offers)
        phone.report("Failed", *offers, error=error)
        failed += len(offers)
    return failed


def decline_all(phone: FakeRadioPhone, reason: str) -> int:
    """Decline what the phone was offered, for a reason; how many that were."""
    declined = 0
    while phone.offers:
        items = [{"jobId": offer["jobId"], "token": offer["token"], "reason": reason} for offer in phone.take_offers()]
        phone.say({"type": "decline", "items": items})
        declined += len(items)
    return declined


def statuses(world: World, jobs: list[Any]) -> list[JobStatus]:
    """What the jobs are at now."""
    return [world.stored(job).status for job in jobs]


def resting(world: World) -> FakeRadioPhone:
    """A phone whose SIM rests, with a backlog behind it."""
    phone = connected(world)
    backlog(world, 9)
    world.pump()
    fail_all(phone, "no_service")
    assert lane_of(world, phone).rests_until
    return phone


def change(world: World, phone: FakeRadioPhone, **changes: Any) -> None:
    """Write a phone's lane with changes that nobody reported."""
    lane = lane_of(world, phone)
    lanes.save(lane, replace(lane, **changes))

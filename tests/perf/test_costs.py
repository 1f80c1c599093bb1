"""What a message costs: AWS requests, capacity units, frames and invocations, counted and held under their limits.

Under load invocations and frames are at most half; a job that waits costs the writes of its place in the pool.

The limits are for a delivered SMS with one webhook: 10 write units, 6 read units, 7 frames and 9 invocations on an idle
fleet. Of these, 1 write unit, 1 read unit and 3 invocations are the webhook's; what is counted here may use the rest.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import time_machine

from smskit import aws
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.meter import Meter
from tests.support.world import World

IDLE = {"wru": 9.0, "rru": 5.0, "frames": 7.0, "invocations": 6.0}
LOADED = {"wru": 10.5, "rru": 6.0, "frames": 3.5, "invocations": 3.0}


class Costs:
    """A world whose requests are counted."""

    def __init__(self, cloud: Cloud, clock: time_machine.Coordinates) -> None:
        self.meter = Meter(aws.session())  # before any client is made: clients copy the session's hooks
        self.api = ClientApi(cloud, limit=10_000)
        self.world = World(cloud, clock, self.api.account_id)

    def reset(self) -> None:
        self.meter.reset()
        self.world.frames = 0
        self.world.invocations.clear()

    def send(self, number: int) -> None:
        answer = self.api.send(recipient=f"+2547{number:08d}", message="x" * 160)
        assert answer.status == 202
        self.world.invocations["client_api"] = self.world.invocations.get("client_api", 0) + 1

    def per_message(self, count: int, title: str) -> dict[str, float]:
        """The figures of each of `count` messages, printed."""
        invocations = sum(self.world.invocations.values())
        figures = {
            "wru": self.meter.wru / count,
            "rru": self.meter.rru / count,
            "frames": self.world.frames / count,
            "invocations": invocations / count,
        }
        print(f"\n{title}, {count} messages, per message:")
        print("  " + "  ".join(f"{name} {value:.2f}" for name, value in figures.items()))
        for name, requests in sorted(self.meter.requests.items()):
            print(f"  {name:<50}{requests / count:6.2f}")
        print(f"  largest job item: {self.meter.largest_job} bytes")
        return figures


@pytest.fixture
def costs(cloud: Cloud) -> Iterator[Costs]:
    with time_machine.travel("2026-06-23T10:10:00Z", tick=False) as clock:
        yield Costs(cloud, clock)


@pytest.mark.parametrize("phones", [1, 40], ids=["one phone", "forty phones"])
def test_an_idle_fleet(costs: Costs, phones: int) -> None:
    """The figures don't depend on how many phones there are, nor on how many messages went before."""
    fleet = [costs.world.add_phone() for _ in range(phones)]
    for phone in fleet:
        phone.connect()
    random.seed(1)
    for number in range(6):
        if number == 1:
            costs.reset()  # the first one warms up what a container remembers
        costs.send(number)
        costs.world.pump("urgent", "standard", "bulk")
        (phone,) = [phone for phone in fleet if phone.offers]
        (offer,) = phone.take_offers()
        assert phone.claim(offer)[0]["verdict"] == "go"
        phone.report("Sent", offer)
        phone.report("Delivered", offer)
        costs.world.advance(11)
    figures = costs.per_message(5, f"Idle fleet of {phones}")
    assert all(0 < figures[name] <= limit for name, limit in IDLE.items()), figures
    assert costs.meter.largest_job < 1024


@pytest.mark.parametrize("waiting", [60, 300])
def test_under_load(costs: Costs, waiting: int) -> None:
    """Batches of ten: jobs wait in the pool, and the answer to a report brings the next ones."""
    phone = costs.world.add_phone(limit=100_000)
    phone.window = 10
    phone.connect()
    for number in range(10):
        costs.send(number)
    costs.world.pump("bulk")
    first = phone.take_offers()
    costs.reset()
    for number in range(10, waiting):
        costs.send(number)
        if number % 10 == 9:
            costs.world.pump("bulk")
    done, offers = 0, first
    while offers:
        verdicts = phone.claim(*offers)
        assert all(verdict["verdict"] == "go" for verdict in verdicts)
        phone.report("Sent", *offers)
        phone.report("Delivered", *offers)
        done += len(offers)
        offers = phone.take_offers()
    costs.world.advance(11)
    assert done == waiting
    figures = costs.per_message(waiting, f"Under load, {waiting} jobs")
    assert all(0 < figures[name] <= limit for name, limit in LOADED.items()), figures

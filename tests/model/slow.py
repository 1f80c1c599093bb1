"""Networks on which every frame takes its time and none is lost, one second after the other."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from smskit import aws, caches
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import jobs
from smskit.models.device import Device
from smskit.models.job import Job
from smskit.phones.store import devices
from smskit.platform import table
from tests.model.events import ACCOUNT, Climate
from tests.model.phones import Phone
from tests.model.running import Clock, Runner
from tests.model.schedules import Schedule

CLAIMED_AGAIN_S, REPORTED_S, BEAT_S = 3, 5, 280
DAY_MS = 86_400_000
AT_ONCE = 12
Lag = tuple[int, int]
"""How long a frame is under way, ms: at least, at most."""


class SlowNetwork(Schedule):
    """A fleet whose frames lag. `offers`: how often each message was offered; `given`: how many each phone was."""

    def __init__(self, seed: int, functions: dict[str, Any]) -> None:
        super().__init__(seed, functions, Climate(is_rough=False))
        self.lag: dict[Phone, Lag] = {}
        self.offers: Counter[str] = Counter()
        self.given: Counter[Phone] = Counter()
        self._due: dict[int, tuple[int, Any]] = {}

    def _deliver(self, connection: str, frame: dict[str, Any]) -> bool:
        if frame["type"] == "offer":
            self.offers.update(job["jobId"] for job in frame["jobs"])
            self.given.update(phone for phone in self.phones if phone.connection == connection for _ in frame["jobs"])
        return super()._deliver(connection, frame)

    def from_phones(self) -> list[int]:
        """The frames of phones that have arrived by now."""
        return [at for at, (phone, _, _, frame) in enumerate(self.world.to_server) if self._arrives(phone, frame)]

    def for_phones(self) -> list[int]:
        """The frames for phones that have arrived by now."""
        by = {phone.connection: phone for phone in self.phones}
        frames = enumerate(self.to_phone)
        return [
            at for at, (connection, frame) in frames if connection not in by or self._arrives(by[connection], frame)
        ]

    def _arrives(self, phone: Phone, frame: Any) -> bool:
        # The frame itself is kept with its time: another one can't have its id then.
        due, _ = self._due.setdefault(id(frame), (self.now + self.random.randint(*self.lag.get(phone, (0, 0))), frame))
        return due <= self.now

    def drain(self) -> None:
        """As many handlers as Lambda runs at once, each a step at a time: claims and timers meet."""
        while choices := self._choices():
            self.random.choice(choices)()

    def _choices(self) -> list[Callable[[], object]]:
        choices: list[Callable[[], object]] = [self.step_handler] * 3 if self.running else []
        if len(self.running) < AT_ONCE:
            choices += [self.frame_to_server] if self.from_phones() else []
            choices += [self.frame_to_phone] if self.for_phones() else []
            choices += [self.take_message] if self.visible() else []
        return choices

    def go(self, seconds: int) -> None:
        """Let time pass. Phones claim at once what is new, and again until they are answered."""
        for _ in range(seconds):
            self.drain()
            for phone in self.phones:
                self._act(phone, self.now // 1000)
            self.drain()
            self.world.now += 1000

    def _act(self, phone: Phone, second: int) -> None:
        if phone.connection is None:
            self.connect(phone)
        if not phone.greeted:
            return
        if phone.offers or second % CLAIMED_AGAIN_S == 0:
            phone.claim()
        phone.send()
        if second % REPORTED_S == 0:
            phone.report()
            phone.decline()
        if second % BEAT_S == 0:
            phone.heartbeat()

    def accept(self, number: int, priority: int) -> str:
        """A message of somebody else each time."""
        job_id = f"job_{number:020d}"
        job = Job(job_id, ACCOUNT, "c", f"+2547{number:08d}", "x", 1, priority, self.now, self.now + DAY_MS,
                  request_hash="h")  # fmt: skip
        assert jobs.create(job) is None
        job_queues.enqueue(job)
        return job_id


def slow_network(runner: Runner, patch: Callable[..., None], seed: int, lags: Sequence[Lag]) -> SlowNetwork:
    """A phone for each lag, which begins once all are connected."""
    network = SlowNetwork(seed, runner.functions)
    Clock.schedule = network
    random.seed(seed)
    patch(aws, "client", network.client)
    caches.forget()
    network.weather.is_calm, network.faults = True, False
    for number in range(len(lags)):
        phone = Phone(f"dvc_{number:020d}", 1, network.world, window=3)
        network.phones.append(phone)
        table.put("devices", devices.device_item(Device(ACCOUNT, phone.device_id, "Phone", "hash")))
        network.connect(phone)
    network.go(5)
    network.lag.update(zip(network.phones, lags, strict=True))
    return network

"""One account with its phones and its jobs, on AWS as it is simulated here."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from smskit import aws, caches
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import jobs, pool
from smskit.models.device import Device
from smskit.models.job import Job, Target
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store import devices
from smskit.phones.store.lane_items import lane_item
from smskit.platform import patience, table, times
from tests.simulation.capacity import Capacity
from tests.simulation.clock import START_MS, Clock
from tests.simulation.handlers import Functions, Gate, Invocation, Range, current, pause
from tests.simulation.order import WatchedTables
from tests.simulation.phones import Phone
from tests.simulation.queues import URLS, Queues
from tests.simulation.sockets import Sockets
from tests.support import channels

ACCOUNT = "acc_" + "0" * 20
DYNAMODB_MS, SQS_MS, POST_MS = (2.5, 5.0), (6.0, 14.0), (6.0, 14.0)  # a request, there and back
PREPARE_MS = (1.5, 3.0)  # each of the two pauses in a transaction
WINDOW = 3
PLENTY = 100_000  # segments an hour: no phone comes to its limit
MESSAGE = "Your order has been shipped and will arrive tomorrow."
_ENVIRONMENT = {
    "WEBSOCKET_CALLBACK_URL": "https://sockets",
    "POWERTOOLS_SERVICE_NAME": "simulation",
    "POWERTOOLS_METRICS_NAMESPACE": "SMSKit",
    "POWERTOOLS_METRICS_DISABLED": "true",
    "LOG_LEVEL": "CRITICAL",
}


class Simulation:
    """Phones with one SIM each; `seconds` is what a radio takes for a message, `network` one way, milliseconds."""

    def __init__(self, seed: int, seconds: float, network: Range) -> None:
        self.rng, self.clock, self.seconds = random.Random(seed), Clock(), seconds
        self.requests: Counter[str] = Counter()
        self.capacity = Capacity(self.clock)
        self.tables = WatchedTables(self.capacity, self._prepare, f"pool#{ACCOUNT}", lambda: self.clock.now)
        self.functions = Functions(self.clock)
        self.queues = Queues(self.clock, self.rng, self.functions)
        self.sockets = Sockets(self.clock, self.rng, self.functions, network)
        self.clients = {
            "dynamodb": Gate(self.tables, DYNAMODB_MS, self.rng, self.requests),
            "sqs": Gate(self.queues, SQS_MS, self.rng, self.requests),
            "apigatewaymanagementapi": Gate(
                channels.Sockets(self.sockets.post, self.sockets.close), POST_MS, self.rng, self.requests
            ),
        }
        self.phones: list[Phone] = []
        self.accepted: dict[str, Job] = {}

    def _prepare(self) -> None:
        invocation = current()
        if invocation is not None:
            invocation.pause(self.rng.uniform(*PREPARE_MS))

    def add_phones(self, count: int, within_seconds: float) -> None:
        """Phones that were paired and then offline for a while; they connect within so many seconds."""
        for number in range(count):
            device_id = f"dvc_{number:020d}"
            table.put("devices", devices.device_item(Device(ACCOUNT, device_id, "Phone", "hash", limit=PLENTY)))
            key, hour = LaneKey(ACCOUNT, device_id, 0), START_MS // 3_600_000
            table.put("devices", lane_item(Lane(key, limit=PLENTY, left=PLENTY, hour=hour)))
            phone = Phone(self.clock, self.rng, self.sockets, (ACCOUNT, device_id), WINDOW, self.seconds)
            self.phones.append(phone)
            self.clock.after(self.rng.uniform(0, within_seconds) * 1000, phone.connect)

    def add_backlog(self, count: int) -> None:
        """Jobs of priority 0 that wait in the pool already; they cost nothing."""
        self.capacity.enforced = False
        backlog = [job_of(number, START_MS - 1_000_000 + number) for number in range(count)]
        for job in backlog:
            assert jobs.create(job) is None
        pool.publish(backlog)
        self.capacity.enforced = True

    def accept(self, job: Job, at_seconds: float) -> None:
        """Store a job and queue it, at a moment of the run."""

        def arrive() -> None:
            arrived = replace(job, created_at=int(self.clock.now), expires_at=int(self.clock.now) + 86_400_000)
            self.accepted[job.job_id] = arrived
            self.functions.run("accept", lambda _: (jobs.create(arrived), job_queues.enqueue(arrived)), check)

        def check(invocation: Invocation) -> None:
            assert invocation.failed is None, f"a job could not be accepted: {invocation.failed!r}"

        self.clock.at(START_MS + at_seconds * 1000, arrive)

    @property
    def sent(self) -> int:
        """How many messages the radios have handed over."""
        return sum(phone.radio.sent for phone in self.phones)

    def busy_ms(self, start: float, end: float) -> float:
        """How long the radios were at work within this stretch of time, together."""
        return sum(one.share_of(start, end) for phone in self.phones for one in phone.radio.log)


def job_of(number: int, created_at: int = START_MS, priority: int = 0, targets: Iterable[Target] = ()) -> Job:
    """A job of one segment to a recipient of its own."""
    return Job(
        job_id=f"job_{number:020d}", account_id=ACCOUNT, client_id="cli_0", recipient=f"+2547{number:08d}",
        message=MESSAGE, segments=1, priority=priority, created_at=created_at, expires_at=created_at + 86_400_000,
        targets=tuple(targets), request_hash="h",
    )  # fmt: skip


@contextmanager
def simulated(seed: int, seconds: float, network: Range) -> Iterator[Simulation]:
    """A simulation that the project's code runs in, until the end of the block."""
    with pytest.MonkeyPatch.context() as patch:
        for spec in ("clients", "devices", "jobs", "pool", "contacts", "accounts", "messages"):
            patch.setenv(f"TABLE_{spec.upper()}", spec)
        for name, url in URLS.items():
            patch.setenv(f"QUEUE_{name.upper()}_URL", url)
        for name, value in _ENVIRONMENT.items():
            patch.setenv(name, value)
        caches.forget()
        random.seed(seed)
        simulation = Simulation(seed, seconds, network)
        patch.setattr(times, "time", simulation.clock)
        patch.setattr(patience, "pause", pause)
        patch.setattr(aws, "client", lambda service, endpoint_url=None: simulation.clients[service])
        try:
            yield simulation
        finally:
            simulation.functions.end()
            caches.forget()

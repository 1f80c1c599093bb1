"""Random schedules of the message's path: the real handlers, stopped before every AWS call and interleaved at random.

Frames are lost, repeated and late in either direction; handlers die before or after any AWS call, or run into their
time limit; queues deliver again; phones crash at any step, reconnect, and forget offers; DynamoDB is in a bad mood.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from smskit.models.job import Job
from tests.model.invocations import Gate, Handler
from tests.model.phones import SERVER_KNOWS_JOURNALS, Frame, Phone, World
from tests.model.weather import RandomWeather
from tests.support.memory import DynamoDB, Queues, Sockets

TIMERS = ("timers", "background")  # the queues that the timekeeper takes from
ACCOUNT = "acc_" + "0" * 20
FUNCTION_LIMIT_MS = 5_000
VISIBILITY_MS = 30_000
START_MS = 1_782_208_800_000


@dataclass(frozen=True)
class Climate:
    """How rough a schedule is, in its weather and until its end."""

    is_rough: bool = True  # handlers die, frames get lost, phones crash
    sluggish: float = 0.0  # a handler stalls at a call, and much happens before the next one
    steps_ms: tuple[int, ...] = (20, 100, 400, 1_000, 3_000, 11_000)


class Events:
    """All that may happen, one at a time and at random. Without `faults` nothing dies or gets lost."""

    def __init__(self, seed: int, functions: dict[str, Any], climate: Climate) -> None:
        self.random = random.Random(seed)
        self.functions, self.climate = functions, climate
        self.world = World(self.random, START_MS)
        self.weather = RandomWeather(self.random)
        self.dynamodb = DynamoDB(self.weather)
        self.queues = Queues(lambda: self.now, self.weather)
        self.met: Counter[str] = Counter()
        self.clients = {
            "dynamodb": Gate(self.dynamodb, self.met),
            "sqs": Gate(self.queues, self.met),
            "apigatewaymanagementapi": Gate(Sockets(self._deliver, self._close)),
        }
        self.faults = climate.is_rough
        self.running: list[tuple[Handler, Callable[[Handler], None]]] = []
        self.to_phone: list[tuple[str, Frame]] = []
        self.held_until: dict[Phone, int] = {}
        self.phones: list[Phone] = []
        self.jobs: list[Job] = []
        self.connections = self.turn = 0
        self.errors: list[BaseException] = []

    @property
    def now(self) -> int:
        """Milliseconds."""
        return self.world.now

    def client(self, service: str, endpoint_url: str | None = None) -> Any:
        """Stands in for smskit.aws.client."""
        return self.clients[service]

    def _deliver(self, connection: str, frame: Frame) -> bool:
        if not any(phone.connection == connection for phone in self.phones):
            return False
        self.to_phone.append((connection, frame))
        return True

    def _close(self, connection: str) -> None:
        for phone in self.phones:
            if phone.connection == connection:
                phone.connection = None

    # -- what may happen next ------------------------------------------------------------------------------------

    def one(self) -> None:
        """Whatever may happen next."""
        choices: list[Callable[[], None]] = []
        choices += [self.step_handler] * min(6, 2 * len(self.running))
        choices += [self.take_message] * (2 if self.visible() else 0)
        choices += [self.frame_to_server] * (3 if self.from_phones() else 0)
        choices += [self.frame_to_phone] * (3 if self.for_phones() else 0)
        choices += [self._phone_acts] * 3 + [self._pass_time]
        self.random.choice(choices)()

    def _start(self, function: str, event: dict[str, Any], then: Callable[[Handler], None]) -> None:
        handler = Handler(lambda: self.functions[function].lambda_handler(event, None), self.now)
        self.running.append((handler, then))

    def step_handler(self) -> None:
        """An invocation goes on to its next AWS call, stalls there, or dies."""
        self.turn += 1
        awake = [entry for entry in self.running if entry[0].stalled_until <= self.turn]
        handler, _ = entry = self.random.choice(awake or self.running)
        if self.random.random() < self.climate.sluggish:
            handler.stalled_until = self.turn + self.random.randint(10, 100)
        if self.faults and self.random.random() < 0.02:
            handler.dies_before, handler.dies_after = self.random.choice([(True, False), (False, True)])
        self._step(entry)

    def _step(self, entry: tuple[Handler, Callable[[Handler], None]]) -> None:
        handler, then = entry
        handler.step()
        if handler.done:
            self.running.remove(entry)
            if isinstance(handler.failed, Exception):
                self.errors.append(handler.failed)
            then(handler)

    def _pass_time(self) -> None:
        """Whoever is past its time limit is gone by then, and what it asked of DynamoDB is done or not.

        A transaction lasts no longer than its caller may run, so it can't end behind a timer that outlasts the caller.
        """
        self.world.now += self.random.choice(self.climate.steps_ms)
        for entry in [entry for entry in self.running if self.now - entry[0].started > FUNCTION_LIMIT_MS]:
            entry[0].dies_before = True
            while not entry[0].done:
                self._step(entry)

    def visible(self) -> list[dict[str, Any]]:
        """Messages whose delay is over."""
        return [message for message in self.queues.messages if message["visible"] <= self.now]

    def take_message(self) -> None:
        """A function is invoked with messages of a queue; those that fail come again."""
        visible = self.visible()
        queue = self.random.choice(visible)["queue"]
        batch = [message for message in visible if message["queue"] == queue][: self.random.choice([1, 2, 10])]
        for message in batch:
            message["received"] += 1
            message["visible"] = self.now + VISIBILITY_MS
        records = [
            {"messageId": message["id"], "body": message["body"], "eventSourceARN": queue,
             "attributes": {"ApproximateReceiveCount": str(message["received"]), "MessageGroupId": message["group"]}}
            for message in batch
        ]  # fmt: skip

        def done(handler: Handler) -> None:
            if handler.failed is None:
                failed = {entry["itemIdentifier"] for entry in handler.result["batchItemFailures"]}
                gone = [message["id"] for message in batch if message["id"] not in failed]
                self.queues.messages = [one for one in self.queues.messages if one["id"] not in gone]

        self._start("timekeeper" if queue in TIMERS else "dispatcher", {"Records": records}, done)

    # -- frames --------------------------------------------------------------------------------------------------

    def from_phones(self) -> list[int]:
        """Which of the phones' frames may arrive now: none that a network holds, of a socket that looks whole."""
        return [index for index, frame in enumerate(self.world.to_server) if not self._is_held(frame[0])]

    def for_phones(self) -> list[int]:
        """Which of the server's frames may arrive now."""
        held = {phone.connection for phone in self.held_until if self._is_held(phone)}
        return [index for index, (connection, _) in enumerate(self.to_phone) if connection not in held]

    def _is_held(self, phone: Phone) -> bool:
        return self.held_until.get(phone, 0) > self.now

    def frame_to_server(self) -> None:
        """A phone's frame arrives, gets lost, or arrives and comes again."""
        waiting = self.world.to_server
        index = self.random.choice(self.from_phones())
        phone, connection, connected_at, frame = waiting[index]
        fate = self.random.random() if self.faults else 1.0
        if fate >= 0.08:
            del waiting[index]  # else it is repeated
        if 0.08 <= fate < 0.16:
            return  # lost
        event = self._event("$default", phone, connection, connected_at, json.dumps(frame))

        def done(handler: Handler) -> None:
            if handler.failed is None and handler.result.get("body") and phone.connection == connection:
                self.to_phone.append((connection, json.loads(handler.result["body"])))

        self._start("gateway", event, done)

    def _event(self, route: str, phone: Phone, connection: str, connected_at: int, body: str | None) -> dict[str, Any]:
        context = {
            "routeKey": route, "connectionId": connection, "connectedAt": connected_at,
            "authorizer": {"accountId": ACCOUNT, "deviceId": phone.device_id},
        }  # fmt: skip
        return {"requestContext": context, "body": body}

    def frame_to_phone(self) -> None:
        """A frame of the server arrives, gets lost, or arrives and comes again."""
        index = self.random.choice(self.for_phones())
        connection, frame = self.to_phone[index]
        fate = self.random.random() if self.faults else 1.0
        if fate >= 0.05:
            del self.to_phone[index]
        if 0.05 <= fate < 0.15:
            return
        phone = next((phone for phone in self.phones if phone.connection == connection), None)
        if phone is not None:
            phone.hear(frame)

    # -- phones --------------------------------------------------------------------------------------------------

    def _phone_acts(self) -> None:
        phone = self.random.choice(self.phones)
        acts: list[Callable[[], None]] = []
        if phone.connection is None:
            acts = [lambda: self.connect(phone)] * 3
        else:
            acts += [phone.claim] * 3 + [phone.send] * 3 + [phone.report] * 3 + [phone.decline, phone.heartbeat]
            if self.faults:
                acts += [lambda: self._lose_connection(phone)]
            if not phone.greeted:
                acts += [phone.hello]
        if self.faults and self.random.random() < 0.1:
            acts = [lambda: self._crash(phone), phone.forget]
            if SERVER_KNOWS_JOURNALS and self.random.random() < 0.05:
                acts = [lambda: self._lose_journal(phone)]
        self.random.choice(acts)()

    def connect(self, phone: Phone) -> None:
        """Open a connection; the phone says hello when it is accepted."""
        self.connections += 1
        connection = phone.connection = f"c{self.connections}"
        phone.connected_at = self.now
        phone.offers.clear()
        phone.greeted = False
        event = self._event("$connect", phone, connection, phone.connected_at, None)

        def accepted(handler: Handler) -> None:
            if phone.connection != connection:
                return
            if handler.failed is not None or handler.result["statusCode"] != 200:
                phone.connection = None
            else:
                phone.hello()

        self._start("gateway", event, accepted)

    def _lose_connection(self, phone: Phone) -> None:
        connection, connected_at = phone.connection, phone.connected_at
        phone.connection = None
        if connection and self.random.random() < 0.6:
            event = self._event("$disconnect", phone, connection, connected_at, None)
            self._start("gateway", event, lambda handler: None)

    def _crash(self, phone: Phone) -> None:
        phone.crash()
        self._lose_connection(phone)

    def _lose_journal(self, phone: Phone) -> None:
        phone.lose_journal()
        self._lose_connection(phone)

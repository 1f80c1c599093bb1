"""Random schedules of the message's path: the real handlers, stopped before every AWS call and interleaved at random.

Frames are lost, repeated and late in either direction; handlers die before or after any AWS call, or run into their
time limit; queues deliver again; phones crash at any step, reconnect, and forget offers; DynamoDB is in a bad mood.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

from smskit.models.job import Job, JobStatus
from smskit.models.lane import MAX_STRIKES
from tests.model.invocations import Gate, Handler
from tests.model.phones import SERVER_KNOWS_JOURNALS, Frame, Phone, World
from tests.model.weather import RandomWeather
from tests.support.memory import DynamoDB, Queues, Sockets

ACCOUNT = "acc_" + "0" * 20
FUNCTION_LIMIT_MS = 5_000
VISIBILITY_MS = 30_000
START_MS = 1_782_208_800_000
DRAIN_STEPS = 40_000


class Schedule:
    """One random run. Without `faults`, at its end, nothing dies or gets lost, and everything must come to rest."""

    def __init__(self, seed: int, gateway: Any, dispatcher: Any, timekeeper: Any, janitor: Any) -> None:
        self.random = random.Random(seed)
        self.world = World(self.random, START_MS)
        self.functions = {"gateway": gateway, "dispatcher": dispatcher, "timekeeper": timekeeper, "janitor": janitor}
        self.weather = RandomWeather(self.random)
        self.dynamodb = DynamoDB(self.weather)
        self.queues = Queues(lambda: self.now, self.weather)
        self.met: Counter[str] = Counter()
        self.clients = {
            "dynamodb": Gate(self.dynamodb, self.met),
            "sqs": Gate(self.queues, self.met),
            "apigatewaymanagementapi": Gate(Sockets(self._deliver, self._close)),
        }
        self.faults = True
        self.running: list[tuple[Handler, Callable[[Handler], None]]] = []
        self.to_phone: list[tuple[str, Frame]] = []
        self.phones: list[Phone] = []
        self.jobs: list[Job] = []
        self.connections = 0
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

    def run(self, steps: int) -> None:
        """Random weather, then calm until nothing is left to do."""
        for _ in range(steps):
            self.one()
        self.faults = False
        self.settle(clears_at=self.random.choice([0, 0, 30]))

    def one(self) -> None:
        """Whatever may happen next."""
        choices: list[Callable[[], None]] = []
        choices += [self._step_handler] * min(6, 2 * len(self.running))
        choices += [self._take_message] * (2 if self._visible() else 0)
        choices += [self._frame_to_server] * (3 if self.world.to_server else 0)
        choices += [self._frame_to_phone] * (3 if self.to_phone else 0)
        choices += [self._phone_acts] * 3 + [self._pass_time]
        self.random.choice(choices)()

    def _start(self, function: str, event: dict[str, Any], then: Callable[[Handler], None]) -> None:
        handler = Handler(lambda: self.functions[function].lambda_handler(event, None), self.now)
        self.running.append((handler, then))

    def _step_handler(self) -> None:
        index = self.random.randrange(len(self.running))
        handler, then = self.running[index]
        if self.faults and self.random.random() < 0.02:
            handler.dies_before, handler.dies_after = self.random.choice([(True, False), (False, True)])
        if self.now - handler.started > FUNCTION_LIMIT_MS:
            handler.dies_before = True
        handler.step()
        if handler.done:
            del self.running[index]
            if isinstance(handler.failed, Exception):
                self.errors.append(handler.failed)
            then(handler)

    def _pass_time(self) -> None:
        self.world.now += self.random.choice([20, 100, 400, 1_000, 3_000, 11_000] if self.faults else [1_000])

    def _visible(self) -> list[dict[str, Any]]:
        return [message for message in self.queues.messages if message["visible"] <= self.now]

    def _take_message(self) -> None:
        visible = self._visible()
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

        self._start("timekeeper" if queue == "timers" else "dispatcher", {"Records": records}, done)

    # -- frames --------------------------------------------------------------------------------------------------

    def _frame_to_server(self) -> None:
        waiting = self.world.to_server
        index = self.random.randrange(len(waiting))
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

    def _frame_to_phone(self) -> None:
        index = self.random.randrange(len(self.to_phone))
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

    # -- the calm after it ---------------------------------------------------------------------------------------

    def drain(self) -> None:
        """Everything that can happen without time passing."""
        for _ in range(DRAIN_STEPS):
            if self.running:
                self._step_handler()
            elif self.world.to_server:
                self._frame_to_server()
            elif self.to_phone:
                self._frame_to_phone()
            elif self._visible():
                self._take_message()
            else:
                return
        raise AssertionError("it never comes to rest")

    def settle(self, clears_at: int = 0) -> None:
        """Nothing dies and no frame is lost any more, and AWS's mood clears at a second: everything must find its end.

        A phone says nothing unasked unless its lanes are muted. A heartbeat mends whatever it finds, so it would hide
        what the timers and retries fail to do by themselves.
        """
        for second in range(5_400):
            if second == clears_at:
                self.weather.is_calm = True
            self.drain()
            for phone in self.phones:
                self._live(phone, second)
            self.drain()
            if second > 700 and self.is_quiet():
                break
            self.world.now += 1_000 if second < 60 else 5_000
        self._meet_leftovers()

    def _meet_leftovers(self) -> None:
        """An entry of an ended job is removed by who meets it: the next word of a phone."""
        for phone in self.phones if self.dynamodb.tables["pool"] else ():
            phone.heartbeat()
            self.drain()

    def _live(self, phone: Phone, second: int) -> None:
        if phone.connection is None:
            self.connect(phone)
            return
        if not phone.greeted:
            phone.hello()
        phone.claim()
        self.drain()
        for _ in range(2 * len(phone.journal)):
            phone.send()
        phone.report()
        phone.decline()
        if second % 60 == 0 and self._is_muted(phone):
            phone.heartbeat()

    def _is_muted(self, phone: Phone) -> bool:
        rows = self.dynamodb.tables["devices"].values()
        return any(row.get("strikes", 0) >= MAX_STRIKES and row["deviceId"] == phone.device_id for row in rows)

    def is_quiet(self) -> bool:
        """Whether every job is at its end."""
        rows = self.dynamodb.tables["jobs"].values()
        return all(row["status"] not in (JobStatus.PENDING, JobStatus.ASSIGNED) for row in rows)

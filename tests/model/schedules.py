"""Random schedules of the message's path: the real handlers, stopped before every AWS call and interleaved at random.

Frames are lost, repeated and late in either direction; handlers die before or after any AWS call, or run into their
time limit; queues deliver again; phones crash at any step, reconnect, and forget offers.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from smskit.models.device import Device
from smskit.models.job import Job, JobStatus, Target
from smskit.models.lane import MAX_STRIKES
from smskit.models.times import rfc3339_ms
from tests.support.memory import DynamoDB, Queues, Sockets

ACCOUNT = "acc_" + "0" * 20
FUNCTION_LIMIT_MS = 5_000
VISIBILITY_MS = 30_000
START_MS = 1_782_208_800_000
SHOWN = {"Go": "Claimed", "Rejected": "Failed"}


class HandlerDiedError(BaseException):
    """The sandbox is gone: nothing in the handler may catch it."""


class Handler:
    """One invocation in a thread of its own, which moves only when it is told to."""

    def __init__(self, run: Callable[[], Any], now: int) -> None:
        self.started, self.result, self.failed = now, None, None
        self.dies_before = self.dies_after = False
        self.done = False
        self._go, self._paused = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._main, args=(run,), daemon=True)
        self._thread.start()
        self._paused.acquire()

    def _main(self, run: Callable[[], Any]) -> None:
        _CURRENT.handler = self
        try:
            self.pause()
            self.result = run()
        except HandlerDiedError:
            self.failed = "died"
        except Exception as error:
            self.failed = error
        self.done = True
        self._paused.release()

    def pause(self) -> None:
        """Wait for the next step; called in the handler's thread."""
        self._paused.release()
        self._go.acquire()
        if self.dies_before:
            raise HandlerDiedError

    def step(self) -> None:
        """Run to the next AWS call, or to the end."""
        self._go.release()
        self._paused.acquire()


_CURRENT = threading.local()


class Gate:
    """A client whose every call is a point where the schedule may turn."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.exceptions = getattr(client, "exceptions", None)

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(**arguments: Any) -> Any:
            handler = getattr(_CURRENT, "handler", None)
            if handler is None:
                return method(**arguments)
            handler.pause()
            result = method(**arguments)
            if handler.dies_after:
                raise HandlerDiedError
            return result

        return call


@dataclass
class Phone:
    """A phone that keeps the protocol: journals before it claims and before the radio, reports until acknowledged."""

    device_id: str
    sims: int
    journal: dict[str, dict[str, Any]] = field(default_factory=dict)
    connection: str | None = None
    connected_at: int = 0
    greeted: bool = False
    offers: list[dict[str, Any]] = field(default_factory=list)
    declines: list[dict[str, Any]] = field(default_factory=list)
    seq: int = 0
    last_claim: int = 0


class Schedule:
    """One random run. `faults` switches the weather off for the end, when everything must come to rest."""

    def __init__(self, seed: int, gateway: Any, dispatcher: Any, timekeeper: Any, janitor: Any) -> None:
        self.random = random.Random(seed)
        self.now = START_MS
        self.functions = {"gateway": gateway, "dispatcher": dispatcher, "timekeeper": timekeeper, "janitor": janitor}
        self.dynamodb = DynamoDB()
        self.queues = Queues(lambda: self.now)
        self.clients = {
            "dynamodb": Gate(self.dynamodb),
            "sqs": Gate(self.queues),
            "apigatewaymanagementapi": Gate(Sockets(self._deliver, self._close)),
        }
        self.faults = True
        self.running: list[tuple[Handler, Callable[[Handler], None]]] = []
        self.to_server: list[tuple[Phone, str, int, dict[str, Any]]] = []
        self.to_phone: list[tuple[str, dict[str, Any]]] = []
        self.phones: list[Phone] = []
        self.jobs: list[Job] = []
        self.radio: Counter[str] = Counter()
        self.connections = 0
        self.errors: list[BaseException] = []

    def client(self, service: str, endpoint_url: str | None = None) -> Any:
        return self.clients[service]

    def _deliver(self, connection: str, frame: dict[str, Any]) -> bool:
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
            self._one()
        self.faults = False
        self.settle()

    def _one(self) -> None:
        choices: list[Callable[[], None]] = []
        choices += [self._step_handler] * min(6, 2 * len(self.running))
        visible = [message for message in self.queues.messages if message["visible"] <= self.now]
        choices += [self._take_message] * (2 if visible else 0)
        choices += [self._frame_to_server] * (3 if self.to_server else 0)
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
        self.now += self.random.choice([20, 100, 400, 1_000, 3_000, 11_000] if self.faults else [1_000])

    def _take_message(self) -> None:
        visible = [message for message in self.queues.messages if message["visible"] <= self.now]
        queue = self.random.choice(visible)["queue"]
        batch = [message for message in visible if message["queue"] == queue][: self.random.choice([1, 2, 10])]
        for message in batch:
            message["received"] += 1
            message["visible"] = self.now + VISIBILITY_MS
        records = [
            {"messageId": message["id"], "body": message["body"], "eventSourceARN": queue,
             "attributes": {"ApproximateReceiveCount": str(message["received"]), "MessageGroupId": message["id"]}}
            for message in batch
        ]  # fmt: skip

        def done(handler: Handler) -> None:
            if handler.failed is None:
                failed = {entry["itemIdentifier"] for entry in handler.result["batchItemFailures"]}
                gone = [message["id"] for message in batch if message["id"] not in failed]
                self.queues.messages = [one for one in self.queues.messages if one["id"] not in gone]

        self._start("timekeeper" if queue == "timers" else "dispatcher", {"Records": records}, done)

    def _frame_to_server(self) -> None:
        index = self.random.randrange(len(self.to_server))
        phone, connection, connected_at, frame = self.to_server[index]
        fate = self.random.random() if self.faults else 1.0
        if fate >= 0.08:
            del self.to_server[index]  # else it is repeated
        if 0.08 <= fate < 0.16:
            return  # lost
        event = self._event("$default", phone, connection, connected_at, json.dumps(frame))

        def done(handler: Handler) -> None:
            if handler.failed is None and handler.result["statusCode"] != 200:
                self.errors.append(AssertionError(f"{handler.result} for {frame['type']}"))
            if handler.failed is None and handler.result.get("body") and phone.connection == connection:
                self.to_phone.append((connection, json.loads(handler.result["body"])))

        self._start("gateway", event, done)

    def _event(self, route: str, phone: Phone, connection: str, connected_at: int, body: str | None) -> dict[str, Any]:
        context = {
            "routeKey": route, "connectionId": connection, "connectedAt": connected_at,
            "authorizer": {"accountId": ACCOUNT, "deviceId": phone.device_id},
        }  # fmt: skip
        return {"requestContext": context, "body": body}

    # -- phones --------------------------------------------------------------------------------------------------

    def _phone_acts(self) -> None:
        phone = self.random.choice(self.phones)
        acts: list[Callable[[Phone], None]] = []
        if phone.connection is None:
            acts = [self._connect] * 3
        else:
            acts += [self._claim] * 3 + [self._send] * 3 + [self._report] * 3 + [self._decline, self._heartbeat]
            if self.faults:
                acts += [self._lose_connection]
            if not phone.greeted:
                acts += [self._hello]
        if self.faults and self.random.random() < 0.1:
            acts = [self._crash, self._forget]
        self.random.choice(acts)(phone)

    def _say(self, phone: Phone, frame: dict[str, Any]) -> None:
        if phone.connection is not None:
            self.to_server.append((phone, phone.connection, phone.connected_at, frame))

    def _connect(self, phone: Phone) -> None:
        self.connections += 1
        phone.connection, phone.connected_at = f"c{self.connections}", self.now
        phone.offers.clear()
        phone.greeted = False
        event = self._event("$connect", phone, phone.connection, phone.connected_at, None)
        connection = phone.connection

        def accepted(handler: Handler) -> None:
            if phone.connection != connection:
                return
            if handler.failed is not None or handler.result["statusCode"] != 200:
                phone.connection = None
            else:
                self._hello(phone)

        self._start("gateway", event, accepted)

    def _hello(self, phone: Phone) -> None:
        opened = [
            {"jobId": job_id, "token": entry["token"], "state": SHOWN.get(entry["state"], entry["state"])}
            for job_id, entry in phone.journal.items()
            if not entry.get("closed")
        ]
        sims = [{"simSlot": slot, "carrierName": "X", "window": 2} for slot in range(phone.sims)]
        self._say(phone, {"type": "hello", "protocol": 1, "sims": sims, "open": opened[:100]})

    def _lose_connection(self, phone: Phone) -> None:
        connection, connected_at = phone.connection, phone.connected_at
        phone.connection = None
        if connection and self.random.random() < 0.6:
            event = self._event("$disconnect", phone, connection, connected_at, None)
            self._start("gateway", event, lambda handler: None)

    def _crash(self, phone: Phone) -> None:
        for entry in phone.journal.values():
            if entry["state"] == "Sending":
                entry["state"] = "Unknown"
            if entry["state"] == "Go":
                entry["state"] = "Claimed"
        if phone.connection:
            self._lose_connection(phone)

    def _forget(self, phone: Phone) -> None:
        claimed = [job_id for job_id, entry in phone.journal.items() if entry["state"] == "Claimed"]
        if claimed:
            del phone.journal[self.random.choice(claimed)]

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
            getattr(self, "_on_" + frame["type"].replace(".", "_"))(phone, frame)

    def _on_offer(self, phone: Phone, frame: dict[str, Any]) -> None:
        phone.offers += frame["jobs"]

    def _on_welcome(self, phone: Phone, frame: dict[str, Any]) -> None:
        phone.greeted = True
        for entry in frame["resolve"]:
            held = phone.journal.get(entry["jobId"])
            if held is None or held["token"] != entry["token"]:
                continue
            if entry["action"] == "drop" and held["state"] == "Claimed":
                del phone.journal[entry["jobId"]]
            elif entry["action"] == "go" and held["state"] == "Claimed":
                held["state"] = "Go"

    def _on_claimed(self, phone: Phone, frame: dict[str, Any]) -> None:
        for item in frame["items"]:
            held = phone.journal.get(item["jobId"])
            mine = held is not None and held["token"] == item["token"]
            if item["verdict"] == "go" and not mine:
                phone.declines.append({"jobId": item["jobId"], "token": item["token"], "reason": "unknown-claim"})
            elif held is not None and mine and held["state"] == "Claimed":
                if item["verdict"] == "go":
                    held["state"] = "Go"
                else:
                    del phone.journal[item["jobId"]]

    def _on_declined(self, phone: Phone, frame: dict[str, Any]) -> None:
        done = {(item["jobId"], item["token"]) for item in frame["items"]}
        phone.declines = [item for item in phone.declines if (item["jobId"], item["token"]) not in done]

    def _on_ack(self, phone: Phone, frame: dict[str, Any]) -> None:
        for entry in phone.journal.values():
            if entry.get("seq") == frame["seq"]:
                entry["acked"] = entry["reported"]
                entry["closed"] = entry["reported"] == entry["state"]

    def _on_heartbeat_ack(self, phone: Phone, frame: dict[str, Any]) -> None:
        pass

    def _on_error(self, phone: Phone, frame: dict[str, Any]) -> None:
        assert frame["code"] == "replaced", frame

    def _claim(self, phone: Phone) -> None:
        for offer in phone.offers:
            held = phone.journal.get(offer["jobId"])
            failed_before = held is not None and held["state"] == "Failed" and held.get("acked") == "Failed"
            if held is None or failed_before:
                phone.journal[offer["jobId"]] = {"token": offer["token"], "state": "Claimed"}
            elif held["state"] == "Claimed":
                held["token"] = offer["token"]
        phone.offers.clear()
        claimed = [(job_id, entry) for job_id, entry in phone.journal.items() if entry["state"] == "Claimed"]
        if claimed:
            items = [{"jobId": job_id, "token": entry["token"]} for job_id, entry in claimed]
            self._say(phone, {"type": "claim", "items": items})

    def _send(self, phone: Phone) -> None:
        going = [(job_id, entry) for job_id, entry in phone.journal.items() if entry["state"] in ("Go", "Sending")]
        if not going:
            return
        job_id, entry = self.random.choice(going)
        if entry["state"] == "Go":
            entry["state"] = "Sending"
            self.radio[job_id] += 1
        else:
            entry["state"] = self.random.choices(["Sent", "Failed", "Rejected"], [8, 1, 1])[0]
            if entry["state"] == "Failed":
                self.radio[job_id] -= 1  # the radio said that it took nothing

    def _report(self, phone: Phone) -> None:
        states = {"Sent", "Delivered", "Failed", "Rejected", "Unknown"}
        waiting = [(job_id, entry) for job_id, entry in phone.journal.items() if entry["state"] in states]
        waiting = [(job_id, entry) for job_id, entry in waiting if entry.get("acked") != entry["state"]]
        if not waiting:
            return
        phone.seq += 1
        items = []
        for job_id, entry in waiting[:50]:
            entry["seq"], entry["reported"] = phone.seq, entry["state"]
            state = SHOWN.get(entry["state"], entry["state"])
            item = {"jobId": job_id, "token": entry["token"], "state": state, "at": rfc3339_ms(self.now)}
            if state == "Failed":
                code = "no_service" if entry["state"] == "Failed" else "invalid_number"
                item["error"] = {"code": code, "message": ""}
            items.append(item)
        self._say(phone, {"type": "report", "seq": phone.seq, "items": items})

    def _decline(self, phone: Phone) -> None:
        if phone.declines:
            self._say(phone, {"type": "decline", "items": list(phone.declines)})

    def _heartbeat(self, phone: Phone) -> None:
        sims = [{"simSlot": slot, "isReady": True} for slot in range(phone.sims)]
        self._say(phone, {"type": "heartbeat", "sims": sims})

    # -- the calm after it ---------------------------------------------------------------------------------------

    def _drain(self) -> None:
        """Everything that can happen without time passing."""
        for _ in range(20_000):
            if self.running:
                self._step_handler()
            elif self.to_server:
                self._frame_to_server()
            elif self.to_phone:
                self._frame_to_phone()
            elif any(message["visible"] <= self.now for message in self.queues.messages):
                self._take_message()
            else:
                return
        raise AssertionError("it never comes to rest")

    def settle(self) -> None:
        """Calm weather: everything must find its end, although a phone says nothing unasked unless its lanes are muted.

        A heartbeat mends whatever it finds, so it would hide what the timers and retries fail to do by themselves.
        """
        self._drain()
        for second in range(5_400):
            for phone in self.phones:
                self._live(phone, second)
            self._drain()
            if second > 700 and self.is_quiet():
                return
            self.now += 1_000 if second < 60 else 5_000

    def _live(self, phone: Phone, second: int) -> None:
        if phone.connection is None:
            self._connect(phone)
            return
        if not phone.greeted:
            self._hello(phone)
        self._claim(phone)
        self._drain()
        for _ in range(2 * len(phone.journal)):
            self._send(phone)
        self._report(phone)
        self._decline(phone)
        if second % 60 == 0 and self._is_muted(phone):
            self._heartbeat(phone)

    def _is_muted(self, phone: Phone) -> bool:
        rows = self.dynamodb.tables["devices"].values()
        return any(row.get("strikes", 0) >= MAX_STRIKES and row["deviceId"] == phone.device_id for row in rows)

    def is_quiet(self) -> bool:
        """Whether every job is at its end."""
        rows = [row for (key, _), row in self.dynamodb.tables["jobs"].items()]
        return all(row["status"] not in (JobStatus.PENDING, JobStatus.ASSIGNED) for row in rows)


def devices_of(schedule: Schedule) -> list[Device]:
    """Between one and three phones, with one or two SIMs each."""
    made = []
    for number in range(schedule.random.randint(1, 3)):
        device_id = f"dvc_{number:020d}"
        schedule.phones.append(Phone(device_id, schedule.random.randint(1, 2)))
        made.append(Device(ACCOUNT, device_id, "Phone", "hash", limit=schedule.random.choice([200, 200, 12])))
    return made


def random_job(schedule: Schedule, number: int) -> Job:
    """A job for anyone or for named phones, of any priority."""
    rng, now = schedule.random, schedule.now
    targets: tuple[Target, ...] = ()
    if rng.random() < 0.3:
        chosen = rng.sample(schedule.phones, rng.randint(1, len(schedule.phones)))
        targets = tuple(Target(phone.device_id, rng.choice([None, 0])) for phone in chosen)
    return Job(
        job_id=f"job_{number:020d}", account_id=ACCOUNT, client_id="cli_0", recipient=f"+2547{number:08d}",
        message="x", segments=rng.choice([1, 1, 2]), priority=rng.choice([0, 5, 10]), created_at=now,
        expires_at=now + rng.choice([86_400_000] * 4 + [40_000]), targets=targets, request_hash="h",
    )  # fmt: skip

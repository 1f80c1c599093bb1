"""Random schedules of the feed: writers and readers, stopped before every AWS call and interleaved at random.

Writers die anywhere, come back minutes late, meet each other's transactions; their clocks and the readers' differ;
queries are torn: of what is written while one runs, it may show the later part and not the earlier one.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from smskit.inbox.logic import feed
from smskit.models.device import Device
from smskit.phones.store import devices
from smskit.platform import table, times
from tests.model.events import ACCOUNT, START_MS
from tests.model.invocations import CURRENT, Gate, Handler
from tests.support import refusals
from tests.support.functions import LambdaContext, load
from tests.support.memory import DynamoDB, Item

SKEW_MS = 2_500


class TornDynamoDB(DynamoDB):
    """Its queries run in two halves with others in between, and its transactions now and then meet one another."""

    def __init__(self, random_: random.Random) -> None:
        super().__init__()
        self.random = random_
        self.calm = False

    def query(self, **arguments: Any) -> Item:
        values = arguments["ExpressionAttributeValues"]
        if self.calm or ":from" not in values:
            return super().query(**arguments)
        unlimited = arguments | {"Limit": 1_000_000}
        first = super().query(**unlimited)["Items"]
        CURRENT.handler.pause()
        second = super().query(**unlimited)["Items"]
        keys = [item["sk"]["S"] for item in second]
        pivot = self.random.choice(keys) if keys else ""
        torn = [item for item in first if item["sk"]["S"] < pivot] + [it for it in second if it["sk"]["S"] >= pivot]
        limit = arguments["Limit"]
        last = {name: torn[limit - 1][name] for name in ("pk", "sk")} if len(torn) > limit else None
        return {"Items": torn[:limit]} | ({"LastEvaluatedKey": last} if last else {})

    def put_item(self, **arguments: Any) -> Item:
        if not self.calm and arguments["TableName"] == "messages" and self.random.random() < 0.05:
            raise refusals.refusal("TransactionConflictException", "PutItem", refusals.CONFLICT)
        return super().put_item(**arguments)

    def transact_write_items(self, **arguments: Any) -> Item:
        if not self.calm and self.random.random() < 0.1:
            conflict = refusals.reason("TransactionConflict", refusals.CONFLICT)
            raise refusals.cancelled([conflict] * len(arguments["TransactItems"]))
        return super().transact_write_items(**arguments)


@dataclass
class Writer:
    """A phone that sends each frame until it is acknowledged, over and over, also twice at once."""

    device_id: str
    frames: list[list[Item]]
    acknowledged: set[int] = field(default_factory=set)


@dataclass
class Reader:
    """Somebody who polls."""

    limit: int
    cursor: str | None = None
    seen: list[str] = field(default_factory=list)
    busy: bool = False


class FeedSchedule:
    """One random run."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = START_MS
        self.dynamodb = TornDynamoDB(self.random)
        self.gate = Gate(self.dynamodb)
        self.gateway = load("phone_gateway")
        self.running: list[tuple[Handler, int, Callable[[Handler], None]]] = []
        self.readers = [Reader(self.random.choice([1, 2, 5, 100])) for _ in range(3)]
        self.writers: list[Writer] = []

    def prepare(self) -> None:
        for number in range(self.random.randint(1, 3)):
            device_id = f"dvc_{number:020d}"
            table.transact(devices.create_ops(Device(ACCOUNT, device_id, "Phone", "hash"), []))
            frames = [
                [self._sms(f"{number}.{frame}.{line}") for line in range(self.random.randint(1, 4))]
                for frame in range(self.random.randint(1, 4))
            ]
            self.writers.append(Writer(device_id, frames))

    def _sms(self, name: str) -> Item:
        sender = self.random.choice(["+254712345678", "+254722000111", "MPESA"])
        return {"phoneMessageId": name, "from": sender, "simSlot": 0, "content": f"{name:<65}|",
                "receivedAt": "2026-06-23T10:00:00Z"}  # fmt: skip

    def clock(self) -> int:
        handler = getattr(CURRENT, "handler", None)
        return self.now + getattr(handler, "skew", 0)

    def start(self, run: Callable[[], Any], then: Callable[[Handler], None]) -> None:
        handler = Handler(run, self.now)
        handler.skew = 0 if self.dynamodb.calm else self.random.randint(-SKEW_MS, SKEW_MS)  # type: ignore[attr-defined]
        # Most end at the time limit of their function; some are as good as frozen, and come back much later.
        limit = 5_000 if self.random.random() < 0.8 else 60_000
        self.running.append((handler, limit, then))

    def send(self, writer: Writer, frame: int) -> None:
        body = json.dumps({"type": "received", "seq": frame, "messages": writer.frames[frame]})
        context = {"routeKey": "$default", "connectionId": "c", "connectedAt": START_MS,
                   "authorizer": {"accountId": ACCOUNT, "deviceId": writer.device_id}}  # fmt: skip

        def acknowledge(handler: Handler) -> None:
            if handler.failed is None and "ack" in handler.result.get("body", ""):
                writer.acknowledged.add(frame)

        event = {"requestContext": context, "body": body}
        self.start(lambda: self.gateway.lambda_handler(event, LambdaContext()), acknowledge)

    def poll(self, reader: Reader) -> None:
        reader.busy = True
        since = reader.cursor

        def take(handler: Handler) -> None:
            reader.busy = False
            if handler.failed is None:
                reader.cursor = handler.result.cursor
                reader.seen += [message.content for message in handler.result.messages]

        self.start(lambda: feed.list_page(ACCOUNT, since, reader.limit, times.now_ms()), take)

    def step(self) -> None:
        index = self.random.randrange(len(self.running))
        handler, limit, then = self.running[index]
        if not self.dynamodb.calm:
            fate = self.random.random()
            handler.dies_before = fate < 0.02 or self.now - handler.started > limit
            handler.dies_after = 0.02 < fate < 0.04
        handler.step()
        if handler.done:
            del self.running[index]
            then(handler)

    def weather(self, turns: int) -> None:
        for _ in range(turns):
            choice = self.random.random()
            if choice < 0.12:
                writer = self.random.choice(self.writers)
                waiting = [frame for frame in range(len(writer.frames)) if frame not in writer.acknowledged]
                self.send(writer, self.random.choice(waiting or [0]))
            elif choice < 0.2:
                reader = self.random.choice(self.readers)
                if not reader.busy:
                    self.poll(reader)
            elif choice < 0.28:
                self.now += self.random.choice([1, 50, 400, 2_000, 7_000])
            elif self.running:
                self.step()

    def calm(self) -> None:
        """No faults any more: what is left is sent, and readers read to the end."""
        self.dynamodb.calm = True
        self.rest()
        for writer in self.writers:
            for frame in set(range(len(writer.frames))) - writer.acknowledged:
                self.send(writer, frame)
                self.rest()
        self.now += 2 * SKEW_MS + 7_000
        for reader in self.readers:
            for _ in range(200):
                before = reader.cursor
                self.poll(reader)
                self.rest()
                if reader.cursor == before:
                    break

    def rest(self) -> None:
        while self.running:
            self.step()

"""SQS and its event sources: batches of ten, so many runs side by side for each queue, a message again after 30 s.

Messages of one group aren't held back behind each other: every recipient here has one message.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from dataclasses import dataclass
from typing import Any

from infra.config.environments import load_config
from tests.simulation.clock import Clock
from tests.simulation.handlers import Functions, Invocation
from tests.support import queue_rules

URLS = {"urgent": "urgent.fifo", "standard": "standard.fifo", "bulk": "bulk.fifo", "timers": "timers"}
BATCH = 10
VISIBILITY_MS = 30_000
MOST_RECEIVES = 100
POLL_MS = (5.0, 40.0)  # from when a message can be seen until its function has it


@dataclass(slots=True)
class Message:
    """A message in a queue or in a function's hands."""

    id: str
    queue: str
    body: str
    received: int = 0

    def record(self) -> dict[str, Any]:
        """As an event source hands it over."""
        attributes = {"ApproximateReceiveCount": str(self.received), "MessageGroupId": self.id}
        return {"messageId": self.id, "body": self.body, "eventSourceARN": self.queue, "attributes": attributes}


class Queues:
    """The job queues and the timers, each with the function that takes its messages."""

    def __init__(self, clock: Clock, rng: random.Random, functions: Functions) -> None:
        self._clock, self._rng, self._functions = clock, rng, functions
        self._visible: dict[str, list[tuple[float, int, Message]]] = {name: [] for name in URLS}
        self._numbers = itertools.count(1)
        self._running: Counter[str] = Counter()
        most = load_config("prod").concurrency
        self._most = dict(zip(URLS, (most.urgent, most.standard, most.bulk, most.timers), strict=True))
        self.failed: Counter[str] = Counter()  # messages that a function gave back or ran out of time with
        self.dead: list[Message] = []

    def send_message(self, **arguments: Any) -> dict[str, Any]:
        """SendMessage."""
        queue_rules.check("SendMessage", arguments)
        queue = next(name for name, url in URLS.items() if url == arguments["QueueUrl"])
        message = Message(str(next(self._numbers)), queue, arguments["MessageBody"])
        self._put(message, arguments.get("DelaySeconds", 0) * 1000)
        return {"MessageId": message.id}

    def _put(self, message: Message, delay_ms: float) -> None:
        visible = self._clock.now + delay_ms
        heapq.heappush(self._visible[message.queue], (visible, next(self._numbers), message))
        self._clock.at(visible + self._rng.uniform(*POLL_MS), lambda: self._poll(message.queue))

    def _poll(self, queue: str) -> None:
        waiting = self._visible[queue]
        while self._running[queue] < self._most[queue]:
            batch = []
            while waiting and waiting[0][0] <= self._clock.now and len(batch) < BATCH:
                batch.append(heapq.heappop(waiting)[2])
            if not batch:
                return
            self._hand_over(queue, batch)

    def _hand_over(self, queue: str, batch: list[Message]) -> None:
        self._running[queue] += 1
        taken_at = self._clock.now
        for message in batch:
            message.received += 1

        def over(invocation: Invocation) -> None:
            self._running[queue] -= 1
            failures = None if invocation.failed else invocation.result["batchItemFailures"]
            failed = None if failures is None else {failure["itemIdentifier"] for failure in failures}
            for message in batch:
                if failed is None or message.id in failed:
                    self._again(message, taken_at + VISIBILITY_MS - self._clock.now)
            self._clock.after(1, lambda: self._poll(queue))

        function = "timekeeper" if queue == "timers" else "dispatcher"
        self._functions.start(function, {"Records": [message.record() for message in batch]}, over)

    def _again(self, message: Message, delay_ms: float) -> None:
        self.failed[message.queue] += 1
        if message.received < MOST_RECEIVES:
            self._put(message, delay_ms)
            return
        self.dead.append(message)
        self._functions.start("janitor", {"Records": [message.record()]}, lambda invocation: None)

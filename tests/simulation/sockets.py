"""The WebSocket API: connections of phones, frames to the gateway function, its answers and posts to the phones."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from tests.simulation.clock import Clock
from tests.simulation.handlers import Functions, Invocation, Range

Frame = dict[str, Any]


class Listener(Protocol):
    """A phone, as the API sees it."""

    account_id: str
    device_id: str

    def hear(self, connection: Connection, frame: Frame) -> None:
        """A frame has come over this connection."""

    def closed(self, connection: Connection) -> None:
        """The server has closed this connection."""


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """One WebSocket; `at` is the gateway's time of its beginning."""

    id: str
    at: int
    phone: Listener

    def event(self, route: str, body: str | None = None) -> dict[str, Any]:
        """As API Gateway hands it to the function."""
        authorized = {"accountId": self.phone.account_id, "deviceId": self.phone.device_id}
        context = {"routeKey": route, "connectionId": self.id, "connectedAt": self.at, "authorizer": authorized}
        return {"requestContext": context, "body": body}


class Sockets:
    """Each frame takes `network` milliseconds one way. What goes out on a connection that is lost unnoticed is lost."""

    def __init__(self, clock: Clock, rng: random.Random, functions: Functions, network: Range) -> None:
        self._clock, self._rng, self._functions, self._network = clock, rng, functions, network
        self._open: dict[str, Connection] = {}
        self._numbers = itertools.count(1)
        self.failed: Counter[str] = Counter()  # frames without the answer that they should have had, by type

    def connect(self, phone: Listener, then: Callable[[Connection | None], None]) -> None:
        """Open a connection; `then` gets it, or None when it was refused."""
        connection = Connection(f"c{next(self._numbers)}", int(self._clock.now), phone)
        self._open[connection.id] = connection

        def over(invocation: Invocation) -> None:
            accepted = invocation.failed is None and invocation.result["statusCode"] == 200
            if not accepted:
                self.failed["$connect"] += 1
                self._open.pop(connection.id, None)
            self._on_the_way(lambda: then(connection if accepted else None))

        self._on_the_way(lambda: self._functions.start("gateway", connection.event("$connect"), over))

    def say(self, connection: Connection, frame: Frame, answer: str) -> None:
        """A frame of a phone, which expects an answer of this type."""

        def over(invocation: Invocation) -> None:
            body = None if invocation.failed else invocation.result.get("body")
            reply: Frame = json.loads(body) if body else {}
            if reply.get("type") != answer:
                self.failed[frame["type"]] += 1
            if reply and connection.id in self._open:
                self._on_the_way(lambda: connection.phone.hear(connection, reply))

        event = connection.event("$default", json.dumps(frame))
        self._on_the_way(lambda: self._functions.start("gateway", event, over))

    def end(self, connection: Connection) -> None:
        """The gateway notices that a connection is over."""
        if self._open.pop(connection.id, None):
            self._functions.start("gateway", connection.event("$disconnect"), lambda invocation: None)

    def post(self, connection_id: str, frame: Frame) -> bool:
        """A frame to a phone; False when there is no such connection."""
        connection = self._open.get(connection_id)
        if connection is not None:
            self._on_the_way(lambda: connection.phone.hear(connection, frame))
        return connection is not None

    def close(self, connection_id: str) -> None:
        """The server ends a connection; nothing when it is gone."""
        connection = self._open.get(connection_id)
        if connection is not None:
            self.end(connection)
            self._on_the_way(lambda: connection.phone.closed(connection))

    def _on_the_way(self, arrives: Callable[[], object]) -> None:
        self._clock.after(self._rng.uniform(*self._network), arrives)

"""A server that says only what a vector's script tells it to, and a radio that does only that."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from websockets.asyncio.server import Request, Response, Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from smskit.entrypoints.phone_frames import PHONE_FRAMES
from smskit_phone import InboundMessage, RadioError, RadioMessage, Sim
from smskit_phone.drivers.base import OnDelivered, OnReceived, Vitals
from tests.phone.server_double import rfc3339

START = datetime(2026, 6, 23, 10, tzinfo=UTC)


class ScriptServer:
    """Answers nothing but hello. A phone that the script hasn't told to connect is refused."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Any]] = []
        self.passed = 0.0
        self.resolve: list[dict[str, Any]] | None = None
        self.url = ""
        self._connection: ServerConnection | None = None
        self._server: Server | None = None

    async def start(self) -> None:
        self._server = await serve(self._serve, "127.0.0.1", 0, process_request=self._admit, close_timeout=0.2)
        self.url = f"ws://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def stop(self) -> None:
        assert self._server
        self._server.close()
        await self._server.wait_closed()

    async def say(self, frame: dict[str, Any]) -> None:
        assert self._connection
        await self._connection.send(json.dumps(frame))

    async def acknowledge(self, kind: str) -> None:
        """The last frame of reports or of received SMS."""
        seq = [frame["seq"] for frame in self.frames if frame["type"] == kind][-1]
        await self.say({"type": "ack", "seq": seq})

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    async def lose_connection(self) -> None:
        assert self._connection
        connection, self._connection = self._connection, None
        await connection.close(1012)

    def forget_connection(self) -> None:
        """The phone at its other end is dead."""
        self._connection = None

    def _admit(self, connection: ServerConnection, request: Request) -> Response | None:
        return connection.respond(503, "not now\n") if self.resolve is None else None

    async def _serve(self, connection: ServerConnection) -> None:
        self._connection = connection
        try:
            async for text in connection:
                frame = json.loads(text)
                assert PHONE_FRAMES[frame["type"]].model_validate(frame)
                self.frames.append(frame)
                if frame["type"] == "hello":
                    resolve, self.resolve = self.resolve, None
                    await self.say({"type": "welcome", "serverTime": self._now(), "heartbeatSeconds": 300,
                                    "resolve": resolve})  # fmt: skip
        except ConnectionClosed:
            pass

    def _now(self) -> str:
        return rfc3339(START + timedelta(seconds=self.passed))


class ScriptRadio:
    """Keeps a message until the script says what becomes of it, and an SMS until the phone has it."""

    def __init__(self, slots: Sequence[int], *, delivery_reports: bool) -> None:
        self.delivery_reports = delivery_reports
        self.sims = [Sim(slot) for slot in slots]
        self.begun: list[tuple[str, str, int]] = []
        self._outcomes: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._confirmations: dict[str, list[OnDelivered]] = {}
        self._kept: list[InboundMessage] = []
        self._arrived = asyncio.Event()
        self.readiness = asyncio.Event()

    def vitals(self) -> Vitals:
        return Vitals(80, False, "lte", 3, frozenset(sim.sim_slot for sim in self.sims))

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        self.begun.append((message.recipient, message.text, message.sim_slot))
        outcome = self._outcomes[message.recipient] = asyncio.Future()
        self.watch(message, on_delivered)
        said = await outcome
        if not said["takes"]:
            raise RadioError(said["code"], "as the script says", said["partsHandedOver"])

    def watch(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        self._confirmations.setdefault(message.recipient, []).append(on_delivered)

    async def listen(self, on_received: OnReceived) -> None:
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            on_received(self._kept)
            self._kept = []

    async def close(self) -> None:
        self._confirmations.clear()

    def decide(self, said: dict[str, Any]) -> None:
        self._outcomes[said["recipient"]].set_result(said)

    def confirm(self, recipient: str, part: int) -> None:
        for on_delivered in self._confirmations[recipient]:
            on_delivered(part)

    def arrive(self, messages: list[dict[str, Any]]) -> None:
        self._kept += [
            InboundMessage(one["id"], one["simSlot"], one["from"], one["content"], one["receivedAt"])
            for one in messages
        ]
        self._arrived.set()

    @property
    def has_handed_over(self) -> bool:
        """Whether the phone has all that came in."""
        return not self._kept

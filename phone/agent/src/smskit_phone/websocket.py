"""One WebSocket connection, as frames."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from typing import Any

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from smskit_phone import frames, parsing
from smskit_phone.clock import uptime
from smskit_phone.errors import BadFrameError
from smskit_phone.events import Emitter
from smskit_phone.frame_faults import FrameFaults
from smskit_phone.frames import Frame, ServerFrame


class Link:
    """Sends and receives frames; a faulty one loses, doubles and delays them on the way."""

    def __init__(self, socket: ClientConnection, faults: FrameFaults, emit: Emitter) -> None:
        self._socket = socket
        self._faults = faults
        self._emit = emit
        self._inbox: asyncio.Queue[str | bytes | None] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()
        self.heard_at = uptime()

    @property
    def silent(self) -> bool:
        """Whether this link plays dead, so that a missing answer says nothing about the server."""
        return self._faults.silent

    async def send(self, frame: Frame) -> None:
        """Raises ConnectionClosed. A frame that is delayed or dropped on the way raises nothing."""
        text = frames.encode(frame)
        for delay in self._deliveries("out", frame["type"]):
            if delay:
                self._spawn(self._send_late(text, delay))
            else:
                await self._socket.send(text)

    async def frames(self) -> AsyncIterator[ServerFrame]:
        """What the server says, until the connection ends. Frames that are unknown or unusable are passed over."""
        self._spawn(self._receive())
        while (text := await self._inbox.get()) is not None:
            self.heard_at = uptime()
            try:
                frame = parsing.parse(text)
            except BadFrameError as error:
                self._emit("bad_frame", reason=str(error))
                continue
            if frame is not None:
                yield frame

    async def close(self) -> None:
        """Ends the connection; what was still delayed is lost."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    async def _receive(self) -> None:
        try:
            async for text in self._socket:
                for delay in self._deliveries("in", parsing.kind_of(text)):
                    if delay:
                        self._spawn(self._deliver_late(text, delay))
                    else:
                        self._inbox.put_nowait(text)
        except ConnectionClosed:
            pass
        finally:
            self._inbox.put_nowait(None)

    def _deliveries(self, direction: str, kind: str) -> list[float]:
        deliveries = self._faults.deliveries(direction, kind)
        if not deliveries:
            self._emit("frame_lost", direction=direction, type=kind)
        return deliveries

    async def _deliver_late(self, text: str | bytes, delay: float) -> None:
        await asyncio.sleep(delay)
        self._inbox.put_nowait(text)

    async def _send_late(self, text: str, delay: float) -> None:
        await asyncio.sleep(delay)
        with suppress(ConnectionClosed):
            await self._socket.send(text)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

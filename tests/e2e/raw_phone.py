"""A phone spoken by hand, frame by frame, over a real WebSocket."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from smskit.platform.times import now_ms, rfc3339_ms
from smskit_phone.credentials import Credentials
from tests.support.heard import heard

Frame = dict[str, Any]


class RawPhone:
    """Says what it is told; keeps what it hears until it is asked for."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.unread: list[Frame] = []
        self._seq = 0

    @classmethod
    async def connect(cls, known: Credentials, token: str | None = None) -> RawPhone:
        """A connection with the phone's token, or another one (`""`: no header). Raises InvalidStatus if refused."""
        bearer = known.device_token if token is None else token
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        socket = await connect(
            known.web_socket_url, additional_headers=headers, compression=None, open_timeout=30, ping_interval=None
        )
        return cls(socket)

    async def say(self, frame: Frame | str | bytes) -> None:
        """Send a frame, or any text."""
        await self.socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def hear(self, kind: str, seconds: float = 20) -> Frame:
        """The next frame of the type; others stay unread."""
        async with asyncio.timeout(seconds):
            while True:
                for index, frame in enumerate(self.unread):
                    if frame["type"] == kind:
                        return self.unread.pop(index)
                self.unread.append(heard(await self.socket.recv()))

    async def hear_any(self, seconds: float = 20) -> Frame:
        """The next frame of any type."""
        if self.unread:
            return self.unread.pop(0)
        async with asyncio.timeout(seconds):
            return heard(await self.socket.recv())

    async def is_closed(self, seconds: float = 20) -> bool:
        """Whether the server closes the connection in time; frames before that are kept."""
        try:
            async with asyncio.timeout(seconds):
                while True:
                    self.unread.append(heard(await self.socket.recv()))
        except ConnectionClosed:
            return True
        except TimeoutError:
            return False

    async def hello(self, *, window: int = 3, opened: list[Frame] | None = None) -> Frame:
        """Say hello with one SIM; the welcome."""
        await self.say(hello(window=window, opened=opened))
        return await self.hear("welcome")

    async def offers(self, count: int) -> list[Frame]:
        """The next so many offered jobs, in the order in which they came."""
        jobs: list[Frame] = []
        while len(jobs) < count:
            jobs += (await self.hear("offer"))["jobs"]
        return jobs

    async def claim(self, *jobs: Frame) -> list[Frame]:
        """Claim offered jobs; the verdicts."""
        await self.say({"type": "claim", "items": [_key(job) for job in jobs]})
        return list((await self.hear("claimed"))["items"])

    async def report(self, state: str, *jobs: Frame) -> None:
        """Report a state of jobs, and wait for the ack."""
        self._seq += 1
        items = [_key(job) | {"state": state, "at": rfc3339_ms(now_ms())} for job in jobs]
        await self.say({"type": "report", "seq": self._seq, "items": items})
        assert (await self.hear("ack"))["seq"] == self._seq

    async def close(self) -> None:
        """Close the connection."""
        await self.socket.close()


def hello(*, window: int = 3, opened: list[Frame] | None = None) -> Frame:
    """A hello with one SIM."""
    sims = [{"simSlot": 0, "carrierName": "Safaricom", "window": window}]
    return {
        "type": "hello", "protocol": 1, "appVersion": "1.0.0", "capabilities": {"deliveryReports": True},
        "batteryLevel": 87, "networkType": "LTE", "signalStrength": 4, "sims": sims, "open": opened or [],
    }  # fmt: skip


def _key(job: Frame) -> Frame:
    return {"jobId": job["jobId"], "token": job["token"]}

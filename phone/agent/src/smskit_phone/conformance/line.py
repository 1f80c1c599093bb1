"""A phone's connections to the played server, and all that was said on them."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from smskit_phone.conformance import frame_checks
from smskit_phone.conformance.answers import Answers
from smskit_phone.conformance.jobs import PlayedJob, words_of
from smskit_phone.conformance.verdicts import BrokenError

Frame = dict[str, Any]
_TRACED = 8


@dataclass(frozen=True, slots=True)
class Heard:
    """A frame that the phone said: when (monotonic seconds) and on its how-manieth connection."""

    at: float
    connection: int
    frame: Frame


@dataclass(slots=True)
class Connection:
    """`closed` is set once it has ended."""

    socket: ServerConnection
    closed: bool = False


class Line:
    """Keeps what the phone says, and answers it as the server would unless a rule changes `answers`."""

    def __init__(self) -> None:
        self.jobs: list[PlayedJob] = []
        self.answers = Answers(self.jobs)
        self.heard: list[Heard] = []
        self.connections: list[Connection] = []
        self.unusable: list[str] = []
        """What was wrong with frames that aren't of the protocol."""
        self.attempts: list[float] = []
        """When the phone tried to connect, refused or not (monotonic seconds)."""
        self.is_refusing = False
        """Whether the server takes no connection."""
        self.is_replacing = False
        """Whether each connection is ended right after its welcome, as when another phone has the same token."""
        self._trace: list[str] = []

    async def serve(self, socket: ServerConnection) -> None:
        """One connection of the phone, until it ends."""
        connection = Connection(socket)
        self.connections.append(connection)
        number = len(self.connections)
        try:
            async for text in socket:
                await self._hear(number, text)
        except ConnectionClosed:
            pass
        finally:
            connection.closed = True

    async def _hear(self, connection: int, text: str | bytes) -> None:
        try:
            frame = frame_checks.parse(text)
        except frame_checks.BadPhoneFrameError as error:
            self.unusable.append(str(error))
            self.note(f"phone: unusable frame: {error}")
            return
        self.note(f"phone: {words_of(frame, self._names())}")
        self.heard.append(Heard(time.monotonic(), connection, frame))
        if connection != len(self.connections):
            return
        with suppress(BrokenError):  # the phone may have left meanwhile
            for answer in self.answers.to(frame):
                await self.say(answer)
        if self.is_replacing and frame["type"] == "hello":
            await self.leave()

    async def say(self, frame: Frame | str | bytes) -> None:
        """On the latest connection. Raises BrokenError when the phone has left it."""
        self.note(
            f"server: {words_of(frame, self._names())}" if isinstance(frame, dict) else "server: what is no frame"
        )
        try:
            await self.connections[-1].socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)
        except ConnectionClosed:
            raise BrokenError(f"the phone has left its connection. {self.trace()}") from None

    async def answer_late(self, kind: str) -> None:
        """Answers the last frame of a type that got no answer so far, and the next ones at once."""
        self.answers.mute.discard(kind)
        for answer in self.answers.usual(self.of(kind)[-1]):
            await self.say(answer)

    async def drop(self) -> None:
        """The connection breaks."""
        self.note("the connection breaks")
        await self.connections[-1].socket.close(1012)

    async def leave(self) -> None:
        """No connection of the phone is open when this returns."""
        for connection in self.connections:
            await connection.socket.close()

    def of(self, kind: str) -> list[Frame]:
        """The frames of a type that the phone said."""
        return [one.frame for one in self.heard if one.frame["type"] == kind]

    def items(self, kind: str, job: PlayedJob) -> list[Frame]:
        """The items of a job in frames of a type."""
        return [item for frame in self.of(kind) for item in frame["items"] if item["jobId"] == job.job_id]

    def moments(self, kind: str) -> list[float]:
        """When the phone said frames of a type (monotonic seconds)."""
        return [one.at for one in self.heard if one.frame["type"] == kind]

    def name(self, job: PlayedJob) -> str:
        """As the trace names it."""
        return f"job {self.jobs.index(job) + 1}"

    def note(self, words: str) -> None:
        """Keeps it for the trace."""
        self._trace.append(words)

    def trace(self) -> str:
        """What happened last, for people."""
        return "Last: " + "; ".join(self._trace[-_TRACED:]) if self._trace else "Nothing was heard of it."

    def _names(self) -> dict[str, str]:
        return {job.job_id: self.name(job) for job in self.jobs}

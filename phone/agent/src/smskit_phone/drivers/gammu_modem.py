"""One modem, run by the program smskit-gammu, which is started again whenever it ends."""

import asyncio
import json
import logging
from asyncio import StreamReader, StreamWriter
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smskit_phone.drivers import gammu_lines
from smskit_phone.drivers.gammu_errors import refusal
from smskit_phone.drivers.gammu_lines import Deleted, HandedOver, Listed, Lost, Part, Refused, Report, Said, Sent, State
from smskit_phone.wait_first import first_of

UNPLUGGED = "modem-unplugged"
STARTING = "modem-starting"
SILENT = "modem-silent"
_LINE_BYTES = 1024 * 1024

_log = logging.getLogger(__name__)

OnPart = Callable[[HandedOver], None]
OnNews = Callable[["Modem", State | Part | Report | Listed | Deleted], None]


def _ignore(part: HandedOver) -> None:
    """Before the first message there is no part."""


class ModemGoneError(Exception):
    """The program ended, or was ended, while it had a part: whether that went out is unknown."""


class ModemNotReadyError(Exception):
    """Nothing was handed over; the message is why."""


@dataclass(frozen=True, slots=True)
class ModemTimings:
    """Waits in seconds; tests shorten them."""

    poll: float = 10.0
    """Between two looks at what the modem has stored, and at how it does. It says by itself when something comes in."""
    silence: float = 150.0
    """A program that says nothing for so long is ended: gammu itself waits up to 100 s for an answer."""
    restart: float = 5.0
    """Between two starts of the program."""
    look: float = 1.0
    """Between two looks whether the modem is plugged in."""


@dataclass(frozen=True, slots=True)
class Port:
    """Where a modem is plugged in, and how gammu is to talk to it."""

    device: Path
    connection: str = "at"

    def plugged(self) -> tuple[int, int] | None:
        """Tells one device from the next at this path; None while there is none."""
        try:
            known = self.device.stat()
        except OSError:
            return None
        return known.st_dev, known.st_ino


class Modem:
    """`slot` is the SIM slot that the phone gives it. `on_news` is called with what the modem says unasked."""

    def __init__(self, slot: int, port: Port, program: Sequence[str], timings: ModemTimings, on_news: OnNews) -> None:
        self.slot = slot
        self.state: State | None = None
        self._port = port
        self._program = program
        self._timings = timings
        self._on_news = on_news
        self._why_not = STARTING
        self._to_program: StreamWriter | None = None
        self._answers: asyncio.Queue[Sent | Refused | None] = asyncio.Queue()
        self._number = 0
        self._on_part: OnPart = _ignore
        self._handed_over = 0
        self._free = asyncio.Lock()

    @property
    def unready(self) -> str | None:
        """Why it can't send now; None when it can."""
        if self.state is None:
            return self._why_not
        if self.state.sim != "ready":
            return "sim-absent" if self.state.sim == "absent" else f"sim-wants-{self.state.sim}"[:64]
        return None if self.state.registered else "no-service"

    @property
    def is_starting(self) -> bool:
        """Whether it has not said yet how it is, and may do so soon."""
        return self.state is None and self._why_not == STARTING

    async def run(self, on_change: Callable[[], None]) -> None:
        """Keeps the program running until cancelled; `on_change` is called when the modem is lost."""
        while True:
            if self._port.plugged():
                await self._run_once()
                on_change()
                await asyncio.sleep(self._timings.restart)
            else:
                self._why_not = UNPLUGGED
                on_change()
                await asyncio.sleep(self._timings.look)

    async def _run_once(self) -> None:
        arguments = ["--connection", self._port.connection, "--poll", str(self._timings.poll), str(self._port.device)]
        self._answers = asyncio.Queue()
        process = await asyncio.create_subprocess_exec(
            *self._program, *arguments, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, limit=_LINE_BYTES
        )
        self._to_program = process.stdin
        try:
            if process.stdout:
                lost = await first_of(self._read(process.stdout), self._unplugged())
                _log.warning("%s is lost: %s", self._port.device, lost.error)
        finally:
            self._to_program = self.state = None
            self._why_not = SILENT if self._port.plugged() else UNPLUGGED
            self._answers.put_nowait(None)
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _unplugged(self) -> Lost:
        """gammu doesn't notice that its port is gone, or is another one by now: it waits for its answer."""
        plugged = self._port.plugged()
        while self._port.plugged() == plugged:  # noqa: ASYNC110 - nothing tells when a device file vanishes
            await asyncio.sleep(self._timings.look)
        return Lost("unplugged")

    async def _read(self, stream: StreamReader) -> Lost:
        while True:
            try:
                async with asyncio.timeout(self._timings.silence):
                    line = await stream.readline()
            except TimeoutError:
                return Lost("silent")
            if not line:
                return Lost("ended")
            try:
                said = gammu_lines.parse(line)
            except (ValueError, KeyError, TypeError):
                return Lost("garbage")
            if isinstance(said, Lost):
                return said
            self._hear(said)

    def _hear(self, said: Said) -> None:
        match said:
            case HandedOver(number) if number == self._number:
                self._handed_over += 1
                self._on_part(said)
            case Sent(number) | Refused(number) if number == self._number:
                self._answers.put_nowait(said)
            case State():
                self.state = said
                self._on_news(self, said)
            case Part() | Report() | Listed() | Deleted():
                self._on_news(self, said)

    async def send(self, recipient: str, text: str, on_part: OnPart) -> None:
        """Returns once every part is handed over; `on_part` is called for each before anything else is heard.

        Raises ModemNotReadyError if nothing can have gone out, RadioError if the modem refuses, OutcomeUnknownError and
        ModemGoneError if nobody knows.
        """
        async with self._free:
            if self.unready or self._to_program is None:
                raise ModemNotReadyError(self.unready or STARTING)
            self._number += 1
            self._on_part, self._handed_over = on_part, 0
            self._ask({"do": "send", "id": self._number, "recipient": recipient, "text": text})
            match await self._answers.get():
                case Refused() as refused:
                    raise refusal(refused, self._handed_over)
                case None:
                    raise ModemGoneError

    def delete(self, tag: int) -> None:
        """Frees the place of what was told with this tag; a modem that is lost meanwhile tells the message again."""
        self._ask({"do": "delete", "tag": tag})

    def _ask(self, request: dict[str, Any]) -> None:
        if self._to_program is not None:
            self._to_program.write(json.dumps(request).encode() + b"\n")

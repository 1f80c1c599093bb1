"""Starts and kills the phone under test."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from smskit_phone.http_client import http_client

_LAST_WORDS = 300


@dataclass(frozen=True, slots=True)
class Call:
    """What a phone is started with. It pairs by the link unless its state folder shows that it did before."""

    link: str
    server: str
    code: str
    state: Path
    radio: str
    scale: float

    def as_words(self) -> dict[str, str]:
        """By the names of the placeholders."""
        return {
            "link": self.link,
            "server": self.server,
            "code": self.code,
            "state": str(self.state),
            "radio": self.radio,
            "scale": f"{self.scale:g}",
        }


class Running(Protocol):
    """A phone that was started."""

    async def kill(self) -> None:
        """As hard as pulling the battery: the phone gets no chance to write, say or close anything."""

    @property
    def ended(self) -> str | None:
        """How it ended, if it did so by itself."""


class Launcher(Protocol):
    """A way to start phones. Each call has a state folder of its own, unless it is a restart."""

    can_restart: bool
    start_seconds: float
    """How long a phone may take to say hello."""

    @property
    def plays_radio(self) -> bool: ...

    @property
    def can_hurry(self) -> bool: ...

    async def start(self, call: Call) -> Running: ...


class CommandLauncher:
    """A command a phone; `{link}`, `{server}`, `{code}`, `{state}`, `{radio}` and `{scale}` in it are filled in."""

    can_restart = True
    start_seconds = 60.0

    def __init__(self, command: Sequence[str]) -> None:
        self._command = command

    @property
    def plays_radio(self) -> bool:
        return any("{radio}" in word for word in self._command)

    @property
    def can_hurry(self) -> bool:
        return any("{scale}" in word for word in self._command)

    async def start(self, call: Call) -> "RunningCommand":
        words = call.as_words()
        command = [_filled(word, words) for word in self._command]
        log = call.state.parent / f"{call.state.name}.log"
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        return RunningCommand(process, log)


def _filled(word: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        word = word.replace(f"{{{name}}}", value)
    return word


class RunningCommand:
    """A process and whatever it started."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self._process = process
        self._log = log

    async def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    @property
    def ended(self) -> str | None:
        code = self._process.returncode
        if code is None:
            return None
        words = self._log.read_text(errors="replace").strip()[-_LAST_WORDS:]
        return f"exit code {code}" + (f", last words: {words}" if words else "")


class RemoteLauncher:
    """Asks a program that hosts the phones, such as a test of the phone's own language, to start and to kill them."""

    can_restart = plays_radio = can_hurry = True
    start_seconds = 60.0

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    async def start(self, call: Call) -> "RemotePhone":
        await ask(f"{self._url}/start", {**call.as_words(), "scale": call.scale})
        return RemotePhone(self._url, call)


class RemotePhone:
    """A phone that another program has started."""

    ended = None

    def __init__(self, url: str, call: Call) -> None:
        self._url = url
        self._state = str(call.state)

    async def kill(self) -> None:
        await ask(f"{self._url}/kill", {"state": self._state})


async def ask(url: str, body: dict[str, Any]) -> None:
    """Raises OSError when the program doesn't answer with success."""
    import httpx2

    try:
        async with http_client(url, timeout=60) as client:
            (await client.post(url, json=body)).raise_for_status()
    except httpx2.HTTPError as error:
        raise OSError(f"{url}: {error}") from None


class ByHand:
    """Somebody starts the one phone that there is."""

    can_restart = plays_radio = can_hurry = False
    start_seconds = 600.0

    async def start(self, call: Call) -> "PhoneByHand":
        return PhoneByHand()


class PhoneByHand:
    """Nothing that a program could end."""

    ended = None

    async def kill(self) -> None:
        pass

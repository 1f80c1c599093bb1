"""The commands of Termux:API, and what they print, parsed at the edge. Texts go in by stdin: processes are listed."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

PAGE = 50
UNKNOWN_SENDER = "unknown"


class TermuxError(Exception):
    """The command isn't there, failed, or printed something else; the message quotes nothing of a text."""


class TermuxSilentError(TermuxError):
    """The command didn't end in time: Termux:API may still do what it was asked for."""


class TermuxPermissionError(TermuxError):
    """Android doesn't let Termux:API do that."""


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """`number` is its row in Android's table of SMS, which grows with each that comes in; `at` is in seconds."""

    number: int
    sender: str = field(repr=False)
    body: str = field(repr=False)
    at: float


@dataclass(frozen=True, slots=True)
class Battery:
    percent: int
    is_charging: bool


@dataclass(frozen=True, slots=True)
class Telephony:
    carrier: str
    network_type: str
    sim_state: str


class TermuxApi:
    """Each method raises TermuxError."""

    def __init__(self, timeout: float = 60.0) -> None:
        self._timeout = timeout

    async def send(self, recipient: str, text: str, slot: int | None) -> None:
        """Returns when Android has the message. TermuxSilentError: nobody knows whether it has."""
        choice = [] if slot is None else ["-s", str(slot)]
        printed = await self._run(["termux-sms-send", *choice, "-n", recipient], text)
        if printed.strip():
            raise _refusal(printed)

    async def inbox(self, offset: int) -> list[InboxMessage]:
        """A page of the SMS that came in, counted from the latest."""
        command = ["termux-sms-list", "-t", "inbox", "-l", str(PAGE), "-o", str(offset)]
        return [_message(one) for one in _parsed(await self._run(command), list)]

    async def battery(self) -> Battery:
        said = _parsed(await self._run(["termux-battery-status"]), dict)
        charging = said.get("status") in ("CHARGING", "FULL")
        return Battery(max(0, min(100, round(float(said.get("percentage", 0))))), charging)

    async def telephony(self) -> Telephony:
        said = _parsed(await self._run(["termux-telephony-deviceinfo"]), dict)
        carrier = str(said.get("network_operator_name") or said.get("sim_operator_name") or "")
        network, sim = (str(said.get(name, "unknown"))[:64] for name in ("network_type", "sim_state"))
        return Telephony(carrier[:64], network, sim)

    async def _run(self, command: Sequence[str], text: str = "") -> str:
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, start_new_session=True
            )
        except OSError:
            raise TermuxError(f"{command[0]} is not installed: pkg install termux-api") from None
        try:
            async with asyncio.timeout(self._timeout):
                printed, _ = await process.communicate(text.encode(errors="replace"))
        except TimeoutError:
            raise TermuxSilentError(f"{command[0]} does not end: is the app Termux:API installed?") from None
        finally:
            if process.returncode is None:  # the command is a script; what it has started holds its pipes
                os.killpg(process.pid, signal.SIGKILL)
                await process.wait()
        if process.returncode:
            raise _refusal(printed.decode(errors="replace"))
        return printed.decode(errors="replace")


def _refusal(printed: str) -> TermuxError:
    if "permission" in printed.lower():
        return TermuxPermissionError("Android doesn't let Termux:API do this: grant it the permission")
    return TermuxError("Termux:API refused")


def _parsed(printed: str, kind: type) -> Any:
    try:
        said = json.loads(printed)
    except ValueError:
        raise _refusal(printed) from None
    if not isinstance(said, kind):
        raise _refusal(printed)
    return said


def _message(said: Any) -> InboxMessage:
    """The time is the phone's own, as its clock on the wall shows it. Android's table may hold null for both texts."""
    try:
        sender = said.get("address") or said.get("number") or UNKNOWN_SENDER
        at = datetime.strptime(said["received"], "%Y-%m-%d %H:%M:%S").astimezone().timestamp()
        return InboxMessage(int(said["_id"]), str(sender), str(said["body"] or ""), at)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise TermuxError("termux-sms-list printed something else than SMS: pkg upgrade termux-api") from None

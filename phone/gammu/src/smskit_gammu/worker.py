"""The worker's loop. Nothing that it writes elsewhere than to its agent holds a text or a number.

To the worker, one JSON object a line:
    {"do": "send", "id": 1, "recipient": "+254…", "text": "…"}     {"do": "delete", "tag": 17}
From the worker:
    {"event": "state", …}                       after the start, at each change and at every poll
    {"event": "part", "location": 3, "tag": 17, …}  a stored part of an SMS, again at every poll until it is deleted
    {"event": "report", "reference": 7, …}      a delivery report; one with a location is stored, and comes again too
    {"event": "listed", "locations": [3]}       all that is stored has been told
    {"event": "deleted", "location": 3}         what comes there from now on is another message
    {"event": "handed_over", "id": 1, "part": 0, "parts": 2, "reference": 7}
    {"event": "sent", "id": 1}                  every part is handed over
    {"event": "refused", "id": 1, "error": "ERR_UNKNOWN", "family": "cms", "number": 38}
    {"event": "lost", "error": "ERR_TIMEOUT"}   the modem doesn't answer: the worker ends
"""

import argparse
import json
import os
import select
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import gammu

from smskit_gammu.modem import UNANSWERED, Line, Modem
from smskit_gammu.text import UnsendableTextError

_BREATH_SECONDS = 0.05


def main() -> None:
    """Runs until stdin ends or the modem is lost (exit code 1). Takes no leave of gammu: its bindings crash while they
    are taken down, when an event waits that they can't convert."""
    parser = argparse.ArgumentParser(prog="smskit-gammu")
    parser.add_argument("--connection", default="at", help="gammu's name for the kind of connection, or dummy")
    parser.add_argument("--poll", type=float, default=10.0, help="seconds between two looks at the stored messages")
    parser.add_argument("device", help="the modem's port, such as /dev/ttyUSB0")
    given = parser.parse_args()
    tell = Teller()
    try:
        modem = Modem(given.connection, given.device)
        Worker(modem, given.poll, tell).run()
    except Exception as error:  # its words could quote a message, and stderr may be a log: the agent hears its name
        with suppress(BrokenPipeError):
            tell({"event": "lost", "error": type(error).__name__})
        os._exit(1)
    os._exit(0)


class Teller:
    """Has stdout to itself: gammu writes its complaints there too."""

    def __init__(self) -> None:
        self._pipe = os.dup(sys.stdout.fileno())
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def __call__(self, line: Line) -> None:
        """Raises BrokenPipeError when the agent is gone: what it hasn't been told of isn't gone on with."""
        rest = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        while rest:
            rest = rest[os.write(self._pipe, rest) :]


class Worker:
    def __init__(self, modem: Modem, poll_seconds: float, tell: Teller) -> None:
        self._modem = modem
        self._tell = tell
        self._poll_seconds = poll_seconds
        self._unread = b""
        self._ended = False
        self._look_at = 0.0
        self._told: dict[int, Line] = {}
        self._tags = count(1)

    def run(self) -> None:
        """Until stdin ends. Raises gammu.GSMError when the modem is lost."""
        while not self._ended:
            if time.monotonic() >= self._look_at:
                self._look()
            for request in self._requests():
                self._do(request)
            self._modem.listen()
            self._pass_on()

    def _look(self) -> None:
        state = self._modem.state()
        self._tell(state)
        stored = list(self._modem.stored()) if state["sim"] == "ready" else []
        self._told = self._tagged(stored)
        for tag, line in self._told.items():
            self._tell({**line, "tag": tag})
        if state["sim"] == "ready":
            self._tell({"event": "listed", "card": state["card"], "locations": [line["location"] for line in stored]})
        self._look_at = time.monotonic() + self._poll_seconds

    def _tagged(self, stored: list[Line]) -> dict[int, Line]:
        """What lies where it lay keeps its tag until it is deleted. A deletion that comes late, or twice, then finds
        nothing: its place may hold another message by now, which the agent hasn't seen."""
        known = {line["location"]: tag for tag, line in self._told.items() if line in stored}
        return {known.get(line["location"]) or next(self._tags): line for line in stored}

    def _pass_on(self) -> None:
        for line in self._modem.arrived():
            if line and line["location"] is None:
                self._tell(line)
            else:
                self._look_at = 0.0

    def _requests(self) -> Iterator[dict[str, Any]]:
        readable, _, _ = select.select([sys.stdin.fileno()], [], [], _BREATH_SECONDS)
        if not readable:
            return
        more = os.read(sys.stdin.fileno(), 65536)
        self._ended = not more
        *lines, self._unread = (self._unread + more).split(b"\n")
        for line in lines:
            yield json.loads(line)

    def _do(self, request: dict[str, Any]) -> None:
        if request["do"] == "send":
            self._send(request["id"], request["recipient"], request["text"])
        elif request["do"] == "delete":
            self._delete(request["tag"])

    def _delete(self, tag: int) -> None:
        line = self._told.pop(tag, None)
        if line:
            self._modem.delete(line["location"])
            self._tell({"event": "deleted", "location": line["location"]})
            self._look_at = 0.0

    def _send(self, number: int, recipient: str, text: str) -> None:
        try:
            parts = self._modem.parts(text)
            for index, part in enumerate(parts):
                reference = self._modem.send(part, recipient)
                self._tell({
                    "event": "handed_over", "id": number, "part": index, "parts": len(parts), "reference": reference,
                })  # fmt: skip
                self._pass_on()
        except UNANSWERED:
            raise
        except UnsendableTextError:
            self._tell({"event": "refused", "id": number, "error": "ERR_NUL", "family": None, "number": None})
        except gammu.GSMError as error:
            family, code = self._modem.refusal() or (None, None)
            name = type(error).__name__
            self._tell({"event": "refused", "id": number, "error": name, "family": family, "number": code})
        else:
            self._tell({"event": "sent", "id": number})

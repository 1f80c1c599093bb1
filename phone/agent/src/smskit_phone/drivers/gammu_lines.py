"""What the program smskit-gammu says about its modem, one JSON object a line, parsed at the edge."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class State:
    """`sim` is `ready`, `absent`, or gammu's word for the code that it wants; `card` tells one SIM from another."""

    sim: str
    registered: bool
    carrier: str
    percent: int
    card: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an SMS that came in; `location` is where the modem keeps it, None if it doesn't. A deletion names it by
    its `tag`."""

    location: int | None
    sender: str = field(repr=False)
    reference: int
    part: int
    parts: int
    text: str = field(repr=False)
    at: float
    tag: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A delivery report; `status` is TP-Status of 3GPP TS 23.040, `at` when the network had taken the part."""

    location: int | None
    reference: int
    recipient: str = field(repr=False)
    status: int
    at: float
    tag: int | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """All that the SIM holds has been told; whatever isn't in `locations` is not there."""

    card: str
    locations: frozenset[int]


@dataclass(frozen=True, slots=True)
class Deleted:
    """What was stored at the place is not any more: whatever comes there is another message."""

    location: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    number: int
    part: int
    parts: int
    reference: int


@dataclass(frozen=True, slots=True)
class Sent:
    number: int


@dataclass(frozen=True, slots=True)
class Refused:
    """`error` is gammu's name; `family` (cms or cme) and `code` are the modem's own, if it gave one."""

    number: int
    error: str
    family: str | None
    code: int | None


@dataclass(frozen=True, slots=True)
class Lost:
    """The modem doesn't answer; the program ends."""

    error: str


Said = State | Part | Report | Listed | Deleted | HandedOver | Sent | Refused | Lost


def parse(line: bytes) -> Said:
    """Raises ValueError, KeyError or TypeError for what the program doesn't say."""
    said: dict[str, Any] = json.loads(line)
    return _PARSERS[said["event"]](said)


_PARSERS: dict[str, Callable[[dict[str, Any]], Said]] = {
    "state": lambda said: State(
        said["sim"], said["network"] == "registered", said["carrier"], int(said["signal"]), said["card"]
    ),
    "part": lambda said: Part(
        said["location"],
        said["sender"],
        said["reference"],
        said["part"],
        said["parts"],
        said["text"],
        said["at"],
        said.get("tag"),
    ),
    "report": lambda said: Report(
        said["location"], said["reference"], said["recipient"], said["status"], said["at"], said.get("tag")
    ),
    "listed": lambda said: Listed(said["card"], frozenset(said["locations"])),
    "deleted": lambda said: Deleted(said["location"]),
    "handed_over": lambda said: HandedOver(said["id"], said["part"], said["parts"], said["reference"]),
    "sent": lambda said: Sent(said["id"]),
    "refused": lambda said: Refused(said["id"], said["error"], said["family"], said["number"]),
    "lost": lambda said: Lost(said["error"]),
}

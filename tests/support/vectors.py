"""The vectors of the phone protocol in phone/vectors, as its README describes them."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "phone" / "vectors"


@dataclass(frozen=True)
class FrameVector:
    """A frame as it goes over the wire, and what its entry says of it."""

    name: str
    text: str
    entry: dict[str, Any]

    def __str__(self) -> str:
        return self.name


def document(name: str) -> dict[str, Any]:
    """One of the files."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def frames(name: str, *kinds: str) -> list[FrameVector]:
    """The frames of a file under these headings."""
    loaded = document(name)
    return [FrameVector(entry["name"], _text(entry), entry) for kind in kinds for entry in loaded[kind]]


def _text(entry: dict[str, Any]) -> str:
    if "text" in entry:
        return entry["text"]
    frame = copy.deepcopy(entry["frame"])
    if "repeat" in entry:
        _repeat(frame, entry["repeat"]["path"], entry["repeat"]["times"])
    return json.dumps(frame)


def _repeat(frame: Any, path: list[Any], times: int) -> None:
    """A text stands so often in a row; an entry of a list so often in its list."""
    for step in path[:-1]:
        frame = frame[step]
    if isinstance(frame, list):
        frame[path[-1] : path[-1] + 1] = [frame[path[-1]]] * times
    else:
        frame[path[-1]] *= times

"""How many SMS segments a message takes.

3GPP TS 23.038 (alphabets) and TS 23.040 (concatenation): 160 septets in one segment or 153 in each of several;
where a character is outside the GSM alphabet, 70 or 67 UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_GSM = _BASIC | _EXTENDED


def encoding(message: str) -> Encoding:
    """GSM-7 when every character is in the default alphabet or its extension table, else UCS-2."""
    return "GSM-7" if set(message) <= _GSM else "UCS-2"


def count(message: str) -> int:
    """The segments of a message; at least 1. Neither an escape sequence nor a surrogate pair is split."""
    return len(measure(message).starts)


@dataclass(frozen=True, slots=True)
class Measure:
    """Where each segment of a message begins, as places in the text; and how full the last one is, in septets or UTF-16
    units of `capacity`."""

    encoding: Encoding
    starts: list[int]
    used: int
    capacity: int


def measure(message: str) -> Measure:
    """How a message is cut. Neither an escape sequence nor a surrogate pair is split."""
    if encoding(message) == "GSM-7":
        return _pack("GSM-7", (2 if character in _EXTENDED else 1 for character in message), 160, 153)
    return _pack("UCS-2", (2 if ord(character) > 0xFFFF else 1 for character in message), 70, 67)


def _pack(alphabet: Encoding, sizes: Iterable[int], single: int, part: int) -> Measure:
    total, starts, used = 0, [0], 0
    for place, size in enumerate(sizes):
        total += size
        if used + size > part:
            starts.append(place)
            used = 0
        used += size
    if total <= single:
        return Measure(alphabet, [0], total, single)
    return Measure(alphabet, starts, used, part)


def outside(message: str) -> list[str]:
    """The characters that the GSM alphabet hasn't, each once, in their order."""
    return list(dict.fromkeys(character for character in message if character not in _GSM))

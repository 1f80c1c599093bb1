"""How many SMS segments a message takes.

3GPP TS 23.038 (alphabets) and TS 23.040 (concatenation): 160 septets in one segment or 153 in each of several;
where a character is outside the GSM alphabet, 70 or 67 UTF-16 units.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Encoding = Literal["GSM-7", "UCS-2"]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def encoding(message: str) -> Encoding:
    """GSM-7 when every character is in the default alphabet or its extension table, else UCS-2."""
    return "GSM-7" if set(message) <= _BASIC | _EXTENDED else "UCS-2"


def count(message: str) -> int:
    """The segments of a message; at least 1. Neither an escape sequence nor a surrogate pair is split."""
    if encoding(message) == "GSM-7":
        return _pack((2 if character in _EXTENDED else 1 for character in message), 160, 153)
    return _pack((2 if ord(character) > 0xFFFF else 1 for character in message), 70, 67)


def _pack(sizes: Iterable[int], single: int, part: int) -> int:
    total, parts, used = 0, 1, 0
    for size in sizes:
        total += size
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return 1 if total <= single else parts

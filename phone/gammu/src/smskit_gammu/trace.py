"""What gammu's trace says and its bindings don't."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

import gammu

_NUMBER = re.compile(r"\b(CMS|CME) Error (\d+)")
_UNASKED = re.compile(r'^1 "\+(?:CMT|CDS):.*"\n2 "([0-9A-F]+)"$|^\d+ "\+(?:CMTI|CDSI):', re.MULTILINE)
_PDU = re.compile(r'^(?:\d+ ")?([0-9A-F]{20,})"?$', re.MULTILINE)


class Unasked(NamedTuple):
    """What the modem says by itself: a message as its PDU, or, empty, that it has stored one."""

    pdu: bytes


class Trace:
    """Stays in this process's memory, since texts are in it, and is dropped as soon as it is read."""

    def __init__(self) -> None:
        self._memory = os.memfd_create("trace")
        self._file = os.fdopen(os.dup(self._memory), "a")
        self._unasked: list[Unasked] = []
        gammu.SetDebugFile(self._file)
        gammu.SetDebugLevel("text")

    def clear(self) -> None:
        """Forgets what was traced, but for what the modem said unasked."""
        text = self._text()
        if text:
            self._unasked += (Unasked(_octets(found[1] or "")) for found in _UNASKED.finditer(text))
            os.ftruncate(self._memory, 0)

    def unasked(self) -> list[Unasked]:
        """What the modem has said by itself since the last call. gammu's callback isn't used for that: of a message
        that isn't stored it leaves fields unset, stops for good at one that the bindings then can't convert, and loses
        what is more than ten at once."""
        self.clear()
        unasked, self._unasked = self._unasked, []
        return unasked

    def pdus(self) -> Iterator[bytes]:
        """The messages that were read since `clear`, the last one first."""
        return (_octets(digits) for digits in reversed(_PDU.findall(self._text())))

    def refusal(self) -> tuple[str, int] | None:
        """The last +CMS or +CME error since `clear`, as ("cms", 38)."""
        found = _NUMBER.findall(self._text())
        return (found[-1][0].lower(), int(found[-1][1])) if found else None

    def _text(self) -> str:
        return os.pread(self._memory, os.fstat(self._memory).st_size, 0).decode(errors="replace")


def _octets(digits: str) -> bytes:
    return bytes.fromhex(digits[: len(digits) & ~1])

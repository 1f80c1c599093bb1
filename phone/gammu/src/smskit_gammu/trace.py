"""The number of a modem's refusal, which gammu's errors don't carry and its trace does."""

import os
import re

import gammu

_NUMBER = re.compile(r"\b(CMS|CME) Error (\d+)")


class Trace:
    """What gammu traces stays in this process's memory, since texts are in it, and is dropped before each message."""

    def __init__(self) -> None:
        self._memory = os.memfd_create("trace")
        self._file = os.fdopen(os.dup(self._memory), "a")
        gammu.SetDebugFile(self._file)
        gammu.SetDebugLevel("text")

    def clear(self) -> None:
        """Forgets what was traced."""
        os.ftruncate(self._memory, 0)

    def refusal(self) -> tuple[str, int] | None:
        """The last +CMS or +CME error since `clear`, as ("cms", 38)."""
        text = os.pread(self._memory, os.fstat(self._memory).st_size, 0).decode(errors="replace")
        found = _NUMBER.findall(text)
        return (found[-1][0].lower(), int(found[-1][1])) if found else None

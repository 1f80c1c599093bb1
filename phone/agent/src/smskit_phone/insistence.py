"""Writes that must not be lost because the disk is full for the moment."""

import asyncio
from collections import deque
from collections.abc import Callable

from smskit_phone.context import Context
from smskit_phone.errors import JournalError


class Insistence:
    """Makes changes of the journal in their order; one that can't be written is tried again until it can.

    They are in memory until then. A job at the radio whose outcome is lost that way is Unknown at the next start.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._changes: deque[Callable[[], None]] = deque()
        self._stuck = asyncio.Event()

    def write(self, change: Callable[[], None]) -> None:
        """Now if the disk lets it, and later if not."""
        self._changes.append(change)
        self._try()

    async def run(self) -> None:
        """Tries again while there is something to write, until cancelled."""
        while True:
            await self._stuck.wait()
            await asyncio.sleep(self._context.timings.journal_again)
            self._try()

    def _try(self) -> None:
        self._stuck.clear()
        try:
            while self._changes:
                self._changes[0]()
                self._changes.popleft()
        except JournalError as error:
            self._context.emit("journal_failed", reason=str(error))
            self._stuck.set()

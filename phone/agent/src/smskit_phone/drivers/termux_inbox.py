"""Which SMS of Android's inbox the phone has taken."""

from collections.abc import Iterable, Sequence

from smskit_phone.clock import rfc3339
from smskit_phone.database import Database
from smskit_phone.drivers.base import InboundMessage, OnReceived
from smskit_phone.drivers.termux_api import InboxMessage, TermuxApi

SCHEMA = """
CREATE TABLE IF NOT EXISTS taken (number INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS begun (is_begun INTEGER);
"""
_LOOKS_BETWEEN_WHOLE_LOOKS = 100


class TermuxInbox:
    """Hands each SMS over once, in the order in which Android wrote them down; those from before the first look never.

    Pages are in the order of a clock that may be set back, which puts a new SMS behind old ones: now and then all
    pages are read.
    """

    def __init__(self, database: Database, api: TermuxApi, slot: int) -> None:
        self._database = database
        self._api = api
        self._slot = slot
        self._looks = 0

    async def look(self, on_received: OnReceived) -> None:
        """Raises TermuxError, JournalError, and what `on_received` raises; the next look finds the same messages."""
        whole = self._looks % _LOOKS_BETWEEN_WHOLE_LOOKS == 0
        taken = {int(row["number"]) for row in self._database.rows("SELECT number FROM taken")}
        found, is_complete = await self._read(taken, whole=whole)
        new = sorted((one for one in found.values() if one.number not in taken), key=lambda one: one.number)
        if new and self._database.rows("SELECT 1 FROM begun"):
            on_received([self._inbound(one) for one in new])
        self._keep([one.number for one in new], gone=taken - found.keys() if is_complete else ())
        self._looks += 1

    async def _read(self, taken: set[int], *, whole: bool) -> tuple[dict[int, InboxMessage], bool]:
        """An SMS that comes in meanwhile moves the pages, so that one is seen twice rather than missed."""
        found: dict[int, InboxMessage] = {}
        offset = 0
        while page := await self._api.inbox(offset):
            found.update({one.number: one for one in page})
            offset += len(page)
            if not whole and all(one.number in taken for one in page):
                return found, False
        return found, True

    def _keep(self, numbers: Sequence[int], gone: Iterable[int]) -> None:
        with self._database.transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO taken VALUES (?)", [(one,) for one in numbers])
            connection.executemany("DELETE FROM taken WHERE number = ?", [(one,) for one in gone])
            connection.execute("INSERT INTO begun SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM begun)")

    def _inbound(self, message: InboxMessage) -> InboundMessage:
        at = rfc3339(message.at)
        known = f"termux_{message.number}_{int(message.at)}"
        return InboundMessage(known, self._slot, message.sender, message.body, at)

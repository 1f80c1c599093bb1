"""SMS on their way from the SIM into the phone's journal: parts are joined here, and the SIM's places freed."""

import hashlib
import secrets
import sqlite3
import time
from collections.abc import Sequence

from smskit_phone.clock import rfc3339
from smskit_phone.database import Database
from smskit_phone.drivers.base import InboundMessage
from smskit_phone.drivers.gammu_lines import Listed, Part

SCHEMA = """
CREATE TABLE IF NOT EXISTS parts (
    id INTEGER PRIMARY KEY, card TEXT NOT NULL, location INTEGER, digest TEXT NOT NULL, message_id TEXT NOT NULL,
    sim_slot INTEGER NOT NULL, sender TEXT NOT NULL, reference INTEGER NOT NULL, part INTEGER NOT NULL,
    parts INTEGER NOT NULL, text TEXT NOT NULL, sent_at REAL NOT NULL, arrived_at REAL NOT NULL,
    is_taken INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS parts_by_location ON parts (card, location);
CREATE INDEX IF NOT EXISTS parts_by_message ON parts (message_id);
"""
AWAITED_SECONDS = 86400.0
"""A long message of which a part is still missing after that is handed over with a gap."""
GAP = "[…]"


class Parts:
    """On the disk when a method returns. Raises JournalError while the disk is full or broken.

    A part has its id from the first time that it is seen, and keeps it until the SIM is known to hold it no more: seen
    again at the same place of the same SIM, it is the same one. A text that comes twice is two messages.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, card: str, slot: int, part: Part) -> None:
        """Writes a part down; the SIM may forget it then."""
        digest = _digest(part)
        with self._database.transaction() as connection:
            if _is_known(connection, card, part, digest):
                return
            message_id = _message_of(connection, card, part)
            connection.execute(
                """INSERT INTO parts (card, location, digest, message_id, sim_slot, sender, reference, part, parts,
                text, sent_at, arrived_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
                (card, part.location, digest, message_id, slot, part.sender, part.reference, part.part, part.parts,
                 _octets(part.text), part.at, time.time()),
            )  # fmt: skip

    def listed(self, listed: Listed) -> None:
        """What the SIM holds no more was deleted: whatever comes at that place is another message."""
        query = "SELECT id, location FROM parts WHERE card = ? AND location IS NOT NULL"
        self._forget(
            [row for row in self._database.rows(query, listed.card) if row["location"] not in listed.locations]
        )

    def deleted(self, card: str, location: int) -> None:
        """The same of one place, before anything else can have come there."""
        self._forget(self._database.rows("SELECT id FROM parts WHERE card = ? AND location = ?", card, location))

    def _forget(self, gone: Sequence[sqlite3.Row]) -> None:
        """The SIM holds them no more. Of what is in the phone's journal nothing needs to be known then."""
        if gone:
            with self._database.transaction() as connection:
                connection.executemany("UPDATE parts SET location = NULL WHERE id = ?", [(row["id"],) for row in gone])
                connection.execute("DELETE FROM parts WHERE is_taken AND location IS NULL")

    def whole(self) -> list[InboundMessage]:
        """The messages of which every part is here, or which have waited long enough, in the order of their arrival."""
        messages: dict[str, list[sqlite3.Row]] = {}
        query = "SELECT *, CAST(text AS BLOB) AS octets FROM parts WHERE NOT is_taken ORDER BY id"
        for row in self._database.rows(query):
            messages.setdefault(row["message_id"], []).append(row)
        return [_joined(rows) for rows in messages.values() if _is_due(rows)]

    def taken(self, messages: Sequence[InboundMessage]) -> None:
        """They are in the phone's journal. Their texts aren't needed here any more, whatever the SIM still holds."""
        query = "UPDATE parts SET is_taken = 1, text = '', sender = '' WHERE message_id = ?"
        with self._database.transaction() as connection:
            connection.executemany(query, [(one.phone_message_id,) for one in messages])
            connection.execute("DELETE FROM parts WHERE is_taken AND location IS NULL")


def _is_known(connection: sqlite3.Connection, card: str, part: Part, digest: str) -> bool:
    """At the same place it is the same one. So is a part of a long message at another place: networks repeat what they
    didn't hear the confirmation of, and a sender numbers its long messages."""
    query = "SELECT 1 FROM parts WHERE card = ? AND digest = ? AND (location = ? OR parts > 1)"
    return connection.execute(query, (card, digest, part.location)).fetchone() is not None


def _message_of(connection: sqlite3.Connection, card: str, part: Part) -> str:
    """The long message that waits for this part, or a new one. References of senders come again after 256 messages:
    a message that has this part already, or is too old, isn't it."""
    query = """SELECT message_id FROM parts WHERE card = ? AND sender = ? AND reference = ? AND parts = ?
        AND parts > 1 AND NOT is_taken AND arrived_at > ? GROUP BY message_id HAVING sum(part = ?) = 0
        ORDER BY id LIMIT 1"""
    values = (card, part.sender, part.reference, part.parts, time.time() - AWAITED_SECONDS, part.part)
    known = connection.execute(query, values).fetchone()
    return str(known["message_id"]) if known else f"gsm_{secrets.token_hex(12)}"


def _is_due(rows: Sequence[sqlite3.Row]) -> bool:
    is_whole = len(rows) == int(rows[0]["parts"])
    return is_whole or float(rows[0]["arrived_at"]) < time.time() - AWAITED_SECONDS


def _joined(rows: Sequence[sqlite3.Row]) -> InboundMessage:
    first, texts = rows[0], {row["part"]: row["octets"].decode("utf-8", "surrogatepass") for row in rows}
    content = _paired("".join(texts.get(number, GAP) for number in range(1, first["parts"] + 1)))
    at = rfc3339(min(row["sent_at"] for row in rows))
    return InboundMessage(first["message_id"], first["sim_slot"], first["sender"], content, at)


def _octets(text: str) -> bytes:
    """Half of a surrogate pair, which a part may end with, is no text for SQLite."""
    return text.encode("utf-8", "surrogatepass")


def _paired(text: str) -> str:
    """Halves of surrogate pairs that have met are one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _digest(part: Part) -> str:
    identity = f"{part.sender}\n{part.reference}\n{part.part}\n{part.parts}\n{part.at}\n{part.text}"
    return hashlib.sha256(_octets(identity)).hexdigest()

"""SMS that the radio has received wait here until the server has acknowledged them."""

import json
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from smskit_phone import frames
from smskit_phone.database import Database, next_seq
from smskit_phone.drivers.base import InboundMessage
from smskit_phone.frames import Frame

REFUSALS_BEFORE_SET_ASIDE = 3
TOO_LARGE = "too-large"
REFUSED = "refused"
LEFT_BEHIND = "left-behind"
_MESSAGES_PER_FRAME = 20
_BYTES_PER_FRAME = 24 * 1024
_ENVELOPE = len(frames.encode(frames.received(2**63 - 1, [])))


class Arrival(NamedTuple):
    """A message that was not known before; `refusal` says why it was set aside at once."""

    phone_message_id: str
    sim_slot: int
    refusal: str | None


class Arrivals:
    """Keeps the order in which the radio handed the messages over, and numbers frames with the reports' `seq`.

    A frame keeps its seq and its messages however often it is sent. A message that the server can't use is set aside:
    it stays in the journal with the reason, and is sent no more.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, messages: Iterable[InboundMessage]) -> list[Arrival]:
        """Writes messages down; returns those whose phoneMessageId was not here yet."""
        with self._database.transaction() as connection:
            return [arrival for message in messages for arrival in _insert(connection, message)]

    def waiting(self) -> list[str]:
        """The ids of what the server has not acknowledged, without what was set aside."""
        return [row[0] for row in self._database.rows("SELECT phone_message_id FROM received WHERE refusal IS NULL")]

    def remember(self, phone_message_ids: Iterable[str]) -> None:
        """Keeps ids, so that these messages are not taken again if the radio repeats them."""
        query = """INSERT INTO received (phone_message_id, item, refusal, arrived_at) VALUES (?, '', ?, ?)
            ON CONFLICT DO NOTHING"""
        now = time.time()
        with self._database.transaction() as connection:
            connection.executemany(query, [(one, LEFT_BEHIND, now) for one in phone_message_ids])

    def next_frame(self) -> Frame | None:
        """The oldest frame without an ack; if there is none, the oldest messages are numbered and become one."""
        oldest = self._database.rows("SELECT seq FROM received WHERE refusal IS NULL ORDER BY id LIMIT 1")
        if not oldest:
            return None
        seq = oldest[0]["seq"] or self._number_waiting()
        rows = self._database.rows("SELECT item FROM received WHERE seq = ? ORDER BY id", seq)
        return frames.received(seq, [json.loads(row["item"]) for row in rows])

    def _number_waiting(self) -> int:
        query = """SELECT id, length(item) AS size FROM received WHERE seq IS NULL AND refusal IS NULL
            ORDER BY id LIMIT ?"""
        with self._database.transaction() as connection:
            rows = connection.execute(query, (_MESSAGES_PER_FRAME,)).fetchall()
            return _number(connection, rows[: _how_many_fit([row["size"] for row in rows])])

    def holds(self, seq: int) -> bool:
        """Whether this number is of a frame that is not acknowledged yet."""
        return bool(self._database.rows("SELECT 1 FROM received WHERE seq = ? LIMIT 1", seq))

    def acknowledge(self, seq: int) -> int:
        """Forgets the frame's messages, and returns how many they were."""
        with self._database.transaction(durable=False) as connection:
            return connection.execute("DELETE FROM received WHERE seq = ?", (seq,)).rowcount

    def refuse(self, seq: int) -> list[str]:
        """Keeps a frame that the server can't use from blocking the others; returns the ids of what is set aside.

        A frame of several messages is split in two, so that the one bad message is found, and the order is kept; a
        single message is set aside at its third refusal.
        """
        with self._database.transaction() as connection:
            rows = _rows_of(connection, seq)
            if len(rows) > 1:
                _split(connection, rows)
            for row in rows if len(rows) == 1 else []:
                if row["refusals"] + 1 >= REFUSALS_BEFORE_SET_ASIDE:
                    connection.execute("UPDATE received SET seq = NULL, refusal = ? WHERE id = ?", (REFUSED, row["id"]))
                    return [row["phone_message_id"]]
                connection.execute("UPDATE received SET refusals = refusals + 1 WHERE id = ?", (row["id"],))
                _number(connection, rows)
        return []

    def postpone(self, seq: int) -> None:
        """Splits a frame that is never answered; a single message goes behind the others. Nothing is given up."""
        with self._database.transaction() as connection:
            rows = _rows_of(connection, seq)
            if len(rows) > 1:
                _split(connection, rows)
                return
            query = "UPDATE received SET seq = NULL, id = (SELECT max(id) + 1 FROM received) WHERE id = ?"
            connection.executemany(query, [(row["id"],) for row in rows])

    def is_empty(self) -> bool:
        """Whether the server has everything but what was set aside."""
        return not self._database.rows("SELECT 1 FROM received WHERE refusal IS NULL LIMIT 1")

    def prune(self, before: float) -> None:
        """Removes what was set aside and came before that time, in seconds since the epoch."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM received WHERE refusal IS NOT NULL AND arrived_at < ?", (before,))


def _insert(connection: sqlite3.Connection, message: InboundMessage) -> list[Arrival]:
    item = frames.to_json(frames.received_item(message)).encode()
    refusal = TOO_LARGE if _ENVELOPE + len(item) > frames.FRAME_BYTES else None
    inserted = connection.execute(
        "INSERT INTO received (phone_message_id, item, refusal, arrived_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (message.phone_message_id, item, refusal, time.time()),
    ).rowcount
    return [Arrival(message.phone_message_id, message.sim_slot, refusal)] if inserted else []


def _how_many_fit(sizes: Sequence[int]) -> int:
    """How many of the first items make a frame: one at least, whose own size was checked when it came."""
    total, count = _ENVELOPE, 0
    for size in sizes:
        total += size + 1
        if count and total > _BYTES_PER_FRAME:
            break
        count += 1
    return count


def _rows_of(connection: sqlite3.Connection, seq: int) -> list[sqlite3.Row]:
    query = "SELECT id, phone_message_id, refusals FROM received WHERE seq = ? ORDER BY id"
    return connection.execute(query, (seq,)).fetchall()


def _split(connection: sqlite3.Connection, rows: list[sqlite3.Row]) -> None:
    middle = (len(rows) + 1) // 2
    _number(connection, rows[:middle])
    _number(connection, rows[middle:])


def _number(connection: sqlite3.Connection, rows: list[sqlite3.Row]) -> int:
    seq = next_seq(connection)
    connection.executemany("UPDATE received SET seq = ? WHERE id = ?", [(seq, row["id"]) for row in rows])
    return seq

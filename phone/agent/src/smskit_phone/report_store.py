"""Reports wait here until the server has acknowledged them."""

import sqlite3
from dataclasses import dataclass

from smskit_phone.database import Database, next_seq
from smskit_phone.jobs import Failure, Job, Key, Report, State

REPORT_ITEMS = 50
REFUSALS_BEFORE_SET_ASIDE = 3


@dataclass(frozen=True, slots=True)
class Batch:
    """The items of one report frame. A batch keeps its seq and its items however often it is sent: the server
    recognises a repetition by the seq."""

    seq: int
    reports: tuple[Report, ...]


class Outbox:
    """Numbers reports with a `seq` that counts up across restarts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def next_batch(self) -> Batch | None:
        """The oldest batch without an ack; if there is none, what waits is numbered and becomes one."""
        oldest = self._database.rows("SELECT min(seq) AS seq FROM outbox")[0]["seq"]
        if oldest is None:
            oldest = self._number_waiting()
        if oldest is None:
            return None
        rows = self._database.rows("SELECT * FROM outbox WHERE seq = ? ORDER BY id", oldest)
        return Batch(oldest, tuple(_report(row) for row in rows))

    def _number_waiting(self) -> int | None:
        if not self._database.rows("SELECT 1 FROM outbox WHERE seq IS NULL LIMIT 1"):
            return None
        with self._database.transaction() as connection:
            seq = next_seq(connection)
            connection.execute(
                "UPDATE outbox SET seq = ? WHERE id IN (SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT ?)",
                (seq, REPORT_ITEMS),
            )
        return seq

    def acknowledge(self, seq: int) -> list[Key]:
        """Forgets the batch. An ack for a batch that is gone already, or was renumbered, changes nothing."""
        with self._database.transaction(durable=False) as connection:
            rows = connection.execute("DELETE FROM outbox WHERE seq = ? RETURNING job_id, token", (seq,)).fetchall()
            keys = [Key(row["job_id"], row["token"]) for row in rows]
            connection.executemany("UPDATE jobs SET acknowledged = 1 WHERE job_id = ? AND token = ?", keys)
        return keys

    def refuse(self, seq: int) -> list[Key]:
        """Keeps a batch that the server cannot use from blocking the others; returns what is given up.

        A batch of several is split in two, so that the one bad item is found; a single report goes to the end of the
        line, and is given up at its third refusal.
        """
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT * FROM outbox WHERE seq = ? ORDER BY id", (seq,)).fetchall()
            if len(rows) != 1:
                _renumber(connection, rows)
                return []
            row = rows[0]
            if row["refusals"] + 1 < REFUSALS_BEFORE_SET_ASIDE:
                connection.execute("UPDATE outbox SET refusals = refusals + 1 WHERE id = ?", (row["id"],))
                _renumber(connection, rows)
                return []
            key = Key(row["job_id"], row["token"])
            connection.execute("DELETE FROM outbox WHERE id = ?", (row["id"],))
            connection.execute("UPDATE jobs SET acknowledged = 1 WHERE job_id = ? AND token = ?", key)
            return [key]

    def postpone(self, seq: int) -> None:
        """Sends a batch that is never answered to the end of the line, in two halves. Nothing is given up."""
        with self._database.transaction() as connection:
            rows = connection.execute("SELECT id FROM outbox WHERE seq = ? ORDER BY id", (seq,)).fetchall()
            _renumber(connection, rows)

    def is_empty(self) -> bool:
        """Whether the server knows all there is to know."""
        return not self._database.rows("SELECT 1 FROM outbox LIMIT 1")


def add_report(connection: sqlite3.Connection, job: Job) -> None:
    """Puts the job's present state into the outbox, in the caller's transaction."""
    code, message = job.failure or (None, None)
    connection.execute(
        "INSERT INTO outbox (job_id, token, state, at, error_code, error_message) VALUES (?, ?, ?, ?, ?, ?)",
        (*job.key, job.state, job.state_at, code, message),
    )


def _renumber(connection: sqlite3.Connection, rows: list[sqlite3.Row]) -> None:
    """Two halves under new numbers. What waits unnumbered goes before them."""
    waiting = connection.execute("SELECT id FROM outbox WHERE seq IS NULL ORDER BY id LIMIT ?", (REPORT_ITEMS,))
    middle = (len(rows) + 1) // 2
    for part in (waiting.fetchall(), rows[:middle], rows[middle:]):
        if part:
            seq = next_seq(connection)
            connection.executemany("UPDATE outbox SET seq = ? WHERE id = ?", [(seq, row["id"]) for row in part])


def _report(row: sqlite3.Row) -> Report:
    failure = Failure(row["error_code"], row["error_message"]) if row["error_code"] else None
    return Report(Key(row["job_id"], row["token"]), State(row["state"]), row["at"], failure)

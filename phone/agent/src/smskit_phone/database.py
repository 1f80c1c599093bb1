"""The SQLite file under the journal, the outbox and the arrivals."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from smskit_phone.errors import JournalError

# The disk is full, broken, or read-only as it becomes when it breaks: nothing that a program does wrong.
_DISK_ERRORS = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    job_id TEXT NOT NULL, token TEXT NOT NULL, sim_slot INTEGER NOT NULL, recipient TEXT NOT NULL,
    message TEXT NOT NULL, segments INTEGER NOT NULL, priority INTEGER NOT NULL, expires_at REAL NOT NULL,
    state TEXT NOT NULL, state_at TEXT NOT NULL DEFAULT '', error_code TEXT, error_message TEXT,
    acknowledged INTEGER NOT NULL DEFAULT 0, changed_at REAL NOT NULL,
    PRIMARY KEY (job_id, token));
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state);
CREATE INDEX IF NOT EXISTS jobs_unacknowledged ON jobs (job_id) WHERE acknowledged = 0;
CREATE TABLE IF NOT EXISTS outbox (
    id INTEGER PRIMARY KEY, seq INTEGER, job_id TEXT NOT NULL, token TEXT NOT NULL, state TEXT NOT NULL,
    at TEXT NOT NULL, error_code TEXT, error_message TEXT, refusals INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS outbox_by_seq ON outbox (seq);
CREATE INDEX IF NOT EXISTS outbox_by_job ON outbox (job_id, token);
CREATE TABLE IF NOT EXISTS received (
    id INTEGER PRIMARY KEY, seq INTEGER, phone_message_id TEXT NOT NULL UNIQUE, item BLOB NOT NULL,
    refusals INTEGER NOT NULL DEFAULT 0, refusal TEXT, arrived_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS received_by_seq ON received (seq);
CREATE TABLE IF NOT EXISTS identity (journal_id TEXT NOT NULL, device_id TEXT NOT NULL, place TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
"""


class Database:
    """A connection on which a committed transaction is on the disk before the call returns, unless it says otherwise.

    Every method raises JournalError while the disk is full or broken; what it was to write is then not written at all.
    """

    def __init__(self, path: Path, schema: str = _SCHEMA) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _disk_errors():
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
            path.chmod(0o600)
            # FULL makes SQLite fsync the write-ahead log at every commit; NORMAL, the usual companion of WAL, does not.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = FULL")
            # Erased texts must not stay readable in free pages.
            self._connection.execute("PRAGMA secure_delete = ON")
            self._connection.executescript(schema)

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """All or nothing, and on the disk once the block has ended.

        One that isn't `durable` survives the process, and is on the disk with the next one that is, but a loss of power
        before that may undo it: for what is found out again by asking. A sync takes longer than all else together.
        """
        with _disk_errors():
            self._connection.execute(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # After some errors SQLite has rolled back by itself; after a COMMIT that failed it has not.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """Reads outside of a transaction."""
        with _disk_errors():
            return self._connection.execute(query, values).fetchall()

    def close(self) -> None:
        """Folds the write-ahead log back into the file."""
        self._connection.close()


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _DISK_ERRORS:
            raise
        raise JournalError(error.sqlite_errorname) from error


def next_seq(connection: sqlite3.Connection) -> int:
    """The next number for a frame of reports or received messages, in the caller's transaction."""
    row = connection.execute(
        "INSERT INTO counters VALUES ('seq', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value"
    ).fetchone()
    return int(row["value"])

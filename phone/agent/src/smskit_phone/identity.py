"""Which journal this is, whose it is, and what that phone still owes its server."""

import secrets
import sqlite3
from pathlib import Path
from typing import NamedTuple

from smskit_phone.database import Database
from smskit_phone.inbound_store import LEFT_BEHIND
from smskit_phone.jobs import State

_MACHINE = Path("/etc/machine-id")


class Identity(NamedTuple):
    """`journal_id` is bound to the phone, and to the place of the file, neither of which goes with a copy."""

    journal_id: str
    device_id: str
    place: str


class Owed(NamedTuple):
    """What the server has not been told: reports (a message at the radio is one to come), claims that are neither sent
    nor given back, and SMS that came in."""

    reports: int
    claims: int
    received: int


def place_of(path: Path) -> str:
    """The file's inode on this machine. A journal that is copied, restored or taken to another machine has another."""
    machine = _MACHINE.read_text().strip() if _MACHINE.is_file() else ""
    return f"{machine}:{path.stat().st_ino}"


def read(database: Database) -> Identity | None:
    """None in a journal that was made before journals had one."""
    rows = database.rows("SELECT journal_id, device_id, place FROM identity")
    return Identity(*rows[0]) if rows else None


def owner_of(path: Path) -> str | None:
    """The phone that the journal was last opened for."""
    database = Database(path)
    try:
        known = read(database)
        return known.device_id if known else None
    finally:
        database.close()


def renew(connection: sqlite3.Connection, device_id: str, place: str) -> Identity:
    """A new random id, in the caller's transaction."""
    identity = Identity(secrets.token_urlsafe(16), device_id, place)
    connection.execute("DELETE FROM identity")
    connection.execute("INSERT INTO identity VALUES (?, ?, ?)", identity)
    return identity


def owed(connection: sqlite3.Connection) -> Owed:
    """Counts what is still to be told."""

    def count(query: str, *values: object) -> int:
        return int(connection.execute(query, values).fetchone()[0])

    reports = count("SELECT count(*) FROM outbox") + count("SELECT count(*) FROM jobs WHERE state = ?", State.SENDING)
    claims = count("SELECT count(*) FROM jobs WHERE state IN (?, ?)", State.CLAIMED, State.CLEARED)
    return Owed(reports, claims, count("SELECT count(*) FROM received WHERE refusal IS NULL"))


def leave_behind(connection: sqlite3.Connection) -> None:
    """Makes sure that nothing of an earlier phone is told under another device id. What its radio has seen stays known,
    so that it is never sent again; what came in stays where it is, so that the radio's repetition is recognised."""
    connection.execute("DELETE FROM outbox")
    connection.execute("DELETE FROM jobs WHERE state IN (?, ?)", (State.CLAIMED, State.CLEARED))
    # Confirmations of the earlier phone's messages are not waited for: there is nobody to tell.
    query = "UPDATE jobs SET acknowledged = 1, message = '', state = CASE WHEN state IN (?, ?) THEN ? ELSE state END"
    connection.execute(query, (State.SENDING, State.SENT, State.UNKNOWN))
    connection.execute("UPDATE received SET seq = NULL, refusal = ? WHERE refusal IS NULL", (LEFT_BEHIND,))

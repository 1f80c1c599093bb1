"""Which part of which message the network knows under which reference, until its delivery report has come."""

import time
from typing import NamedTuple

from smskit_phone.database import Database
from smskit_phone.drivers.gammu_lines import Report

SCHEMA = """
CREATE TABLE IF NOT EXISTS handed_over (
    id INTEGER PRIMARY KEY, card TEXT NOT NULL, reference INTEGER NOT NULL, recipient TEXT NOT NULL,
    job_id TEXT NOT NULL, part INTEGER NOT NULL, parts INTEGER NOT NULL, at REAL NOT NULL, status INTEGER);
CREATE INDEX IF NOT EXISTS handed_over_by_reference ON handed_over (card, reference);
CREATE INDEX IF NOT EXISTS handed_over_by_job ON handed_over (job_id);
"""
_KEPT_SECONDS = 7 * 86400.0
"""References have 8 bits and come again: an older message is waited for no more."""
_DELIVERED = 0
_GIVEN_UP = 0x40
"""TP-Status: from here on the network tries no more. What is below, but for 0, may still be delivered."""
_SAME_NUMBER_DIGITS = 7


class HandedOver(NamedTuple):
    card: str
    reference: int
    recipient: str
    job_id: str
    part: int
    parts: int


class References:
    """On the disk when a method returns. Raises JournalError while the disk is full or broken."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, one: HandedOver) -> None:
        """A part is at the network; its report is to come."""
        query = """INSERT INTO handed_over (card, reference, recipient, job_id, part, parts, at)
            VALUES (?, ?, ?, ?, ?, ?, ?)"""
        now = time.time()
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM handed_over WHERE at < ?", (now - _KEPT_SECONDS,))
            connection.execute(query, (*one, now))

    def settle(self, card: str, report: Report) -> str | None:
        """The job that the report is about, if it is one of this SIM's and known.

        Several parts may have the reference, which comes again after 256 messages: the recipient decides, then the time
        at which the network says that it took the part. A report that says the same again changes nothing.
        """
        query = """SELECT * FROM handed_over WHERE card = ? AND reference = ?
            AND (status IS NULL OR status BETWEEN 1 AND ?)"""
        rows = self._database.rows(query, card, report.reference, _GIVEN_UP - 1)
        rows = [row for row in rows if same_number(row["recipient"], report.recipient)]
        if not rows:
            return None
        row = min(rows, key=lambda one: abs(one["at"] - report.at))
        with self._database.transaction() as connection:
            connection.execute("UPDATE handed_over SET status = ? WHERE id = ?", (report.status, row["id"]))
        return str(row["job_id"])

    def is_delivered(self, job_id: str) -> bool:
        """Whether every part of it is."""
        rows = self._database.rows("SELECT part, parts, status FROM handed_over WHERE job_id = ?", job_id)
        delivered = {row["part"] for row in rows if row["status"] == _DELIVERED}
        return bool(rows) and len(delivered) == rows[-1]["parts"]


def same_number(one: str, other: str) -> bool:
    """Networks report +254712345678 also as 254712345678 or 0712345678."""
    first, second = (_digits(number) for number in (one, other))
    if min(len(first), len(second)) < _SAME_NUMBER_DIGITS:
        return first == second
    return first.endswith(second) or second.endswith(first)


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit()).lstrip("0")

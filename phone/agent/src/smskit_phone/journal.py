"""What the phone must still know after a crash: which jobs it holds, which ones the radio has seen, and what arrived.

Each method is one transaction. It is on the disk when it returns, but for those whose loss costs no more than a
question or an answer that comes twice (`clear`, and what an `ack` erases). The order of the calls is the guarantee:
`hold` before the claim goes out, `begin_sending` before the radio is called, `finish` with the report in the same
transaction.
"""

import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from smskit_phone import identity
from smskit_phone.database import Database
from smskit_phone.drivers.base import TRANSIENT, UNKNOWN_OUTCOME
from smskit_phone.errors import JournalError
from smskit_phone.identity import Owed
from smskit_phone.inbound_store import Arrivals
from smskit_phone.jobs import Failure, Job, Key, Offer, State
from smskit_phone.report_store import Outbox, add_report

_BEFORE = {
    State.SENT: (State.SENDING, State.UNKNOWN),
    State.FAILED: (State.SENDING,),
    State.UNKNOWN: (State.SENDING,),
    State.DELIVERED: (State.SENT, State.UNKNOWN),
}
_RELEASE = "DELETE FROM jobs WHERE job_id = ? AND token = ? AND state IN (?, ?)"
CRASHED = Failure(UNKNOWN_OUTCOME, "the phone stopped while the radio had the message")


class Journal:
    """One phone's journal. Not for use by two processes at once. Raises JournalError while the disk is full or broken.

    What it holds of another phone than `device_id`, from before this one was paired, is left behind.
    """

    def __init__(self, path: Path, device_id: str) -> None:
        self._database = Database(path)
        self.outbox = Outbox(self._database)
        self.arrivals = Arrivals(self._database)
        self.left_behind = Owed(0, 0, 0)
        """What another phone had still to tell, and this one can't."""
        self.journal_id = self._identify(device_id, identity.place_of(path))
        """Of this journal and no other, a copy included."""
        self._given_up: set[Key] = set()

    def _identify(self, device_id: str, place: str) -> str:
        known = identity.read(self._database)
        if known and (known.device_id, known.place) == (device_id, place):
            return known.journal_id
        with self._database.transaction() as connection:
            if known and known.device_id != device_id:
                self.left_behind = identity.owed(connection)
                identity.leave_behind(connection)
            return identity.renew(connection, device_id, place).journal_id

    def owed(self) -> Owed:
        """What the server has not been told yet."""
        with self._database.transaction() as connection:
            return identity.owed(connection)

    def close(self) -> None:
        """The journal is complete at any time; this only releases the file."""
        self._database.close()

    def recover(self, at: str) -> list[Key]:
        """After a start: what was at the radio is Unknown and reported so; what was cleared needs a new `go`."""
        with self._database.transaction() as connection:
            lost = _select(connection, "state = ?", State.SENDING)
            for job in lost:
                _move(connection, job.key, State.UNKNOWN, at, CRASHED)
            connection.execute("UPDATE jobs SET state = ? WHERE state = ?", (State.CLAIMED, State.CLEARED))
        return [job.key for job in lost]

    def hold(self, offers: Iterable[Offer]) -> list[Key]:
        """Writes down offers that are about to be claimed; returns those that were not known yet."""
        with self._database.transaction() as connection:
            connection.executemany(_RELEASE, [(*key, State.CLAIMED, State.CLEARED) for key in self._given_up])
            held = [offer.key for offer in offers if _insert(connection, offer)]
        self._given_up.clear()
        return held

    def get(self, key: Key) -> Job | None:
        """The job as journaled, or None when the phone does not hold it."""
        return next(iter(self._jobs("job_id = ? AND token = ?", *key)), None)

    def keys_of(self, job_id: str) -> list[Key]:
        """All tokens under which the phone knows this job."""
        return [job.key for job in self._jobs("job_id = ?", job_id)]

    def held(self) -> list[Job]:
        """Claimed or cleared, and not yet at the radio."""
        return self._jobs("state IN (?, ?)", State.CLAIMED, State.CLEARED)

    def unacknowledged(self) -> int:
        """How many jobs there are that the server may hold this phone to: it has acknowledged no report of them."""
        return int(self._database.rows("SELECT count(*) FROM jobs WHERE acknowledged = 0")[0][0])

    def awaiting_delivery(self) -> list[Job]:
        """Sent, and not yet known to be delivered."""
        return self._jobs("state = ?", State.SENT)

    def clear(self, keys: Iterable[Key]) -> list[Job]:
        """Claimed → Cleared; returns the jobs that this call has cleared. A restart takes that back in any case."""
        with self._database.transaction(durable=False) as connection:
            return [job for key in keys if key not in self._given_up for job in _clear(connection, key)]

    def release(self, keys: Iterable[Key]) -> list[Key]:
        """Gives up jobs that the radio has not seen; returns which ones these were.

        While that can't be written they are given up all the same: this process holds them no more, and the next one
        lists them in its `hello`, where the server says `drop`.
        """
        held = [key for key in keys if (job := self.get(key)) and job.state in (State.CLAIMED, State.CLEARED)]
        try:
            with self._database.transaction() as connection:
                connection.executemany(_RELEASE, [(*key, State.CLAIMED, State.CLEARED) for key in held])
        except JournalError:
            self._given_up.update(held)
        return held

    def begin_sending(self, key: Key, at: str) -> bool:
        """Cleared → Sending. True: the caller must now hand it over. False: it must not.

        When the radio has seen this job under another token, its state becomes this one's too and is reported.
        """
        with self._database.transaction() as connection:
            jobs = _select(connection, "job_id = ? AND token = ? AND state = ?", *key, State.CLEARED)
            if not jobs or key in self._given_up:
                return False
            seen = _seen_by_radio(connection, key)
            if seen is None:
                _move(connection, key, State.SENDING, at, None)
                return True
            _move(connection, key, seen.state, seen.state_at, seen.failure)
        return False

    def adopt(self, key: Key) -> bool:
        """For a `go` whose claim is not in the journal: if the radio has seen the job under another token, reports its
        state under this one, since giving it back would send it twice."""
        with self._database.transaction() as connection:
            seen = _seen_by_radio(connection, key)
            if seen is None:
                return False
            _insert(connection, Offer(key, seen.sim_slot, "", "", seen.segments, 0, 0.0, 0.0))
            _move(connection, key, seen.state, seen.state_at, seen.failure)
        return True

    def finish(self, job_id: str, state: State, at: str, failure: Failure | None = None) -> list[Key]:
        """Records what the radio said, for every token of the job, each with its report. Idempotent."""
        before = _BEFORE[state]
        marks = ", ".join("?" * len(before))
        with self._database.transaction() as connection:
            jobs = _select(connection, f"job_id = ? AND state IN ({marks})", job_id, *before)
            for job in jobs:
                _move(connection, job.key, state, at, failure)
        return [job.key for job in jobs]

    def report_again(self, key: Key) -> None:
        """Puts the job's last word into the outbox, unless one is there already."""
        with self._database.transaction() as connection:
            waiting = connection.execute("SELECT 1 FROM outbox WHERE job_id = ? AND token = ?", key).fetchone()
            for job in _select(connection, "job_id = ? AND token = ?", *key):
                if not waiting and job.state in _BEFORE:
                    add_report(connection, job)

    def open_jobs(self, limit: int) -> list[Job]:
        """What `hello` lists: all that the server may not know about. Those that it has heard nothing of come first."""
        condition = """(state IN (?, ?, ?)
            OR EXISTS (SELECT 1 FROM outbox WHERE outbox.job_id = jobs.job_id AND outbox.token = jobs.token))
            ORDER BY acknowledged, changed_at LIMIT ?"""
        return self._jobs(condition, State.CLAIMED, State.CLEARED, State.SENDING, limit)

    def prune(self, before: float) -> None:
        """Removes finished, acknowledged jobs that have not changed since `before` (seconds since the epoch)."""
        with self._database.transaction() as connection:
            connection.execute(
                """DELETE FROM jobs WHERE acknowledged AND changed_at < ? AND state NOT IN (?, ?, ?) AND NOT EXISTS
                (SELECT 1 FROM outbox WHERE outbox.job_id = jobs.job_id AND outbox.token = jobs.token)""",
                (before, State.CLAIMED, State.CLEARED, State.SENDING),
            )

    def _jobs(self, condition: str, *values: object) -> list[Job]:
        """`condition` is always a literal of this module."""
        rows = self._database.rows(f"SELECT * FROM jobs WHERE {condition}", *values)  # noqa: S608
        return [job for job in _jobs(rows) if job.key not in self._given_up]


def _insert(connection: sqlite3.Connection, offer: Offer) -> bool:
    return bool(
        connection.execute(
            """INSERT INTO jobs (job_id, token, sim_slot, recipient, message, segments, priority, expires_at, state,
            changed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
            (*offer.key, offer.sim_slot, offer.recipient, offer.message, offer.segments, offer.priority,
             offer.expires_at, State.CLAIMED, time.time()),
        ).rowcount
    )  # fmt: skip


def _clear(connection: sqlite3.Connection, key: Key) -> list[Job]:
    query = "UPDATE jobs SET state = ? WHERE job_id = ? AND token = ? AND state = ? RETURNING *"
    return _jobs(connection.execute(query, (State.CLEARED, *key, State.CLAIMED)).fetchall())


def _move(connection: sqlite3.Connection, key: Key, state: State, at: str, failure: Failure | None) -> None:
    """Writes a state; all but Sending are reported, and need the text no more."""
    code, message = failure or (None, None)
    query = """UPDATE jobs SET state = ?, state_at = ?, error_code = ?, error_message = ?, changed_at = ?,
        message = CASE WHEN ? THEN message ELSE '' END WHERE job_id = ? AND token = ? RETURNING *"""
    values = (state, at, code, message, time.time(), state is State.SENDING, *key)
    for job in _jobs(connection.execute(query, values).fetchall()):
        if job.state is not State.SENDING:
            add_report(connection, job)


def _seen_by_radio(connection: sqlite3.Connection, key: Key) -> Job | None:
    """The job under another token, if it was handed over. A radio that refused it for the moment has not sent it, and
    the server's next attempt may pass; any other earlier hand-over stands for good."""
    others = _select(connection, "job_id = ? AND token <> ? ORDER BY changed_at DESC", *key)
    final = [job for job in others if job.state not in (State.CLAIMED, State.CLEARED) and not _may_be_retried(job)]
    return final[0] if final else None


def _may_be_retried(job: Job) -> bool:
    return job.state is State.FAILED and job.failure is not None and job.failure.code in TRANSIENT


def _select(connection: sqlite3.Connection, condition: str, *values: object) -> list[Job]:
    """`condition` is always a literal of this module."""
    return _jobs(connection.execute(f"SELECT * FROM jobs WHERE {condition}", values).fetchall())  # noqa: S608


def _jobs(rows: Sequence[sqlite3.Row]) -> list[Job]:
    return [
        Job(
            key=Key(row["job_id"], row["token"]),
            sim_slot=row["sim_slot"],
            recipient=row["recipient"],
            message=row["message"],
            segments=row["segments"],
            priority=row["priority"],
            expires_at=row["expires_at"],
            state=State(row["state"]),
            state_at=row["state_at"],
            failure=Failure(row["error_code"], row["error_message"]) if row["error_code"] else None,
        )
        for row in rows
    ]

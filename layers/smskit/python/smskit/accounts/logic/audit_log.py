"""The audit log: what people did, and when."""

from __future__ import annotations

from smskit.accounts.store import audit_log
from smskit.models.audit import Action, Entry
from smskit.models.member import Person, Role
from smskit.platform import cursors
from smskit.platform.cursors import Page
from smskit.platform.ids import new_id

_LIST = "audit"


def entry(person: Person, action: Action, subject: str, now: int, **details: str) -> Entry:
    """An entry to store in the transaction of the action itself (`accounts.store.audit_log.put_op`)."""
    entry_id = new_id("aud", now)
    return Entry(entry_id, person.account_id, now, person.person_id, person.email, action, subject, details)


def entry_by(person: Person | None, action: Action, subject: str, now: int, **details: str) -> Entry | None:
    """The same for an action that a program may take too, which this log doesn't tell of: None then."""
    return entry(person, action, subject, now, **details) if person else None


def command_line(account_id: str) -> Person:
    """Who runs the deployment, as the log names them."""
    return Person("smskit-admin", account_id, Role.OWNER, "smskit-admin")


def note(person: Person, action: Action, subject: str, now: int, **details: str) -> None:
    """Store that the person did it. For an action that may be done twice: call it right after, in the same request, and
    let its error reach the caller, who then sends the request again."""
    audit_log.put(entry(person, action, subject, now, **details))


def note_by(person: Person | None, action: Action, subject: str, now: int, **details: str) -> None:
    """The same for an action that a program may take too: nothing then."""
    if person is not None:
        note(person, action, subject, now, **details)


def ending(number: str) -> str:
    """How the log names a number: it shall not keep what may have to be forgotten."""
    return f"…{number[-3:]}"


def list_page(account_id: str, limit: int, cursor: str | None, now: int) -> Page[Entry]:
    """A page of the log, newest entry first. Raises InvalidCursorError."""
    behind = cursors.read_moment(_LIST, account_id, cursor, "aud") if cursor is not None else None
    found, more = audit_log.list_page(account_id, limit, behind, now)
    last = found[-1] if more and found else None
    return Page(found, cursors.write_moment(_LIST, account_id, last.at, last.entry_id) if last else None)

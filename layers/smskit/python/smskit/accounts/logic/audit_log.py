"""The audit log: what people did, and when."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from smskit.accounts.store import audit_log
from smskit.errors import InvalidCursorError
from smskit.models.audit import Action, Entry
from smskit.models.member import Person, Role
from smskit.platform.ids import is_id, new_id

_PLACE = re.compile(r"(\d{13})#(\w+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Page:
    """Entries, newest first; `cursor` asks for those behind them, None at the end of the log."""

    entries: list[Entry]
    cursor: str | None


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


def list_page(account_id: str, limit: int, cursor: str | None, now: int) -> Page:
    """A page of the log. Raises InvalidCursorError."""
    found, more = audit_log.list_page(account_id, limit, _read_cursor(cursor) if cursor is not None else None, now)
    return Page(found, _cursor(found[-1]) if more and found else None)


def _cursor(last: Entry) -> str:
    return urlsafe_b64encode(f"{last.at:013d}#{last.entry_id}".encode()).decode()


def _read_cursor(cursor: str) -> tuple[int, str]:
    try:
        place = _PLACE.fullmatch(urlsafe_b64decode(cursor).decode())
    except (binascii.Error, ValueError):
        place = None
    if place is None or not is_id("aud", place[2]):
        raise InvalidCursorError("cursor must be one that an earlier answer gave")
    return int(place[1]), place[2]

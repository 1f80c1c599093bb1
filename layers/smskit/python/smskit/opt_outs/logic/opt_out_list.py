"""An account's opt-outs and a number's audit trail, in pages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from smskit.errors import NotFoundError
from smskit.models.opt_out import OptOut, TrailEntry
from smskit.opt_outs.store import opt_outs
from smskit.platform import cursors
from smskit.platform.cursors import Page
from smskit.platform.times import now_ms
from smskit.sending.logic import own_country
from smskit.sending.logic.phone_numbers import number_of

_LIST, _TRAIL = "opt-outs", "opt-out-trail"
_NUMBER = re.compile(r"\+[0-9]{1,15}", re.ASCII)


@dataclass(frozen=True, slots=True)
class TrailPage(Page[TrailEntry]):
    """What happened to a number, newest first."""

    number: str


def list_page(account_id: str, limit: int, cursor: str | None) -> Page[OptOut]:
    """A page of the account's opt-outs, newest first; a change shows within about a second.

    Raises InvalidCursorError.
    """
    behind = _read_cursor(account_id, cursor) if cursor is not None else None
    found, more = opt_outs.list_page(account_id, limit, behind)
    last = found[-1] if more and found else None
    return Page(found, cursors.write_moment(_LIST, account_id, last.at, last.number) if last else None)


def _read_cursor(account_id: str, cursor: str) -> tuple[int, str]:
    at, _, number = cursors.read(_LIST, account_id, cursor).partition(".")
    if not _NUMBER.fullmatch(number):
        cursors.refuse()
    return cursors.number(at), number


def read(account_id: str, text: str) -> OptOut:
    """The number's opt-out that stands. Raises InvalidNumberError, or NotFoundError when it hasn't opted out."""
    found = opt_outs.state(account_id, number_of(text, own_country.of(account_id, text, now_ms()))).opt_out
    if found is None:
        raise NotFoundError("This number has not opted out")
    return found


def list_trail(account_id: str, text: str, limit: int, cursor: str | None) -> TrailPage:
    """A page of the number's audit trail. Raises InvalidNumberError or InvalidCursorError."""
    number = number_of(text, own_country.of(account_id, text, now_ms()))
    owner = f"{account_id}.{number}"
    before = cursors.number(cursors.read(_TRAIL, owner, cursor)) if cursor is not None else None
    entries, more = opt_outs.list_trail(account_id, number, limit, before)
    behind = cursors.write(_TRAIL, owner, str(entries[-1].at)) if more and entries else None
    return TrailPage(entries, behind, number)

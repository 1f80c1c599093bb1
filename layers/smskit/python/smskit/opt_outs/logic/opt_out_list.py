"""An account's opt-outs and a number's audit trail, in pages. A cursor is opaque: it names where a page ended."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from smskit.errors import InvalidCursorError
from smskit.models.opt_out import OptOut, TrailEntry
from smskit.opt_outs.store import opt_outs
from smskit.sending.logic.phone_numbers import number_of

_FOREIGN = "cursor must be one that an earlier answer to the same request gave"
_CURSOR = re.compile(r"1 ([0-9]{1,13}) (\+[0-9]{1,15}) [0-9a-f]{8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class OptOutPage:
    """Opt-outs, newest first; `cursor` asks for those behind them, None at the end."""

    opt_outs: list[OptOut]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class TrailPage:
    """What happened to a number, newest first; `cursor` asks for what was before it, None at the beginning."""

    number: str
    entries: list[TrailEntry]
    cursor: str | None


def list_page(account_id: str, limit: int, cursor: str | None) -> OptOutPage:
    """A page of the account's opt-outs; a change shows within about a second. Raises InvalidCursorError."""
    found, more = opt_outs.list_page(
        account_id, limit, _read_cursor(cursor, account_id) if cursor is not None else None
    )
    last = (found[-1].at, found[-1].number) if more and found else None
    return OptOutPage(found, _cursor(account_id, *last) if last else None)


def list_trail(account_id: str, text: str, limit: int, cursor: str | None) -> TrailPage:
    """A page of the number's audit trail. Raises InvalidNumberError or InvalidCursorError."""
    number = number_of(text)
    before: int | None = None
    if cursor is not None:
        before, named = _read_cursor(cursor, account_id)
        if named != number:
            raise InvalidCursorError(_FOREIGN)
    entries, more = opt_outs.list_trail(account_id, number, limit, before)
    return TrailPage(number, entries, _cursor(account_id, entries[-1].at, number) if more and entries else None)


def _cursor(account_id: str, at: int, number: str) -> str:
    seal = sha256(f"{account_id} {at} {number}".encode()).hexdigest()[:8]
    return urlsafe_b64encode(f"1 {at} {number} {seal}".encode()).decode()


def _read_cursor(cursor: str, account_id: str) -> tuple[int, str]:
    """The time and number in a cursor that this account was given."""
    try:
        parts = _CURSOR.fullmatch(urlsafe_b64decode(cursor).decode())
    except (binascii.Error, ValueError):
        parts = None
    if parts is None or _cursor(account_id, int(parts[1]), parts[2]) != cursor:
        raise InvalidCursorError(_FOREIGN)
    return int(parts[1]), parts[2]

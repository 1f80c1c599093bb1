"""Pages of lists, and the cursors that lead from one to the next: opaque to clients.

Each cursor holds a version, what it belongs to, and a position.
"""

from __future__ import annotations

import binascii
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

from smskit.errors import InvalidCursorError
from smskit.platform.ids import is_id

_VERSION = "1"
MAX_LENGTH = 128
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A piece of a list, in the list's order; `cursor` asks for what is behind it, None at the end."""

    items: list[T]
    cursor: str | None

    @property
    def has_more(self) -> bool:
        """Whether something may be behind it."""
        return self.cursor is not None


def write(kind: str, owner: str, position: str) -> str:
    """A cursor for a position in a list of this kind and owner."""
    text = f"{_VERSION}.{_mark(kind, owner)}.{position}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read(kind: str, owner: str, cursor: str, field: str = "cursor") -> str:
    """The position in a cursor. Raises InvalidCursorError for one that was not written for this kind and owner."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        refuse(field)
    version, _, rest = text.partition(".")
    mark, _, position = rest.partition(".")
    if (version, mark) != (_VERSION, _mark(kind, owner)) or write(kind, owner, position) != cursor:
        refuse(field)
    return position


def number(text: str, field: str = "cursor") -> int:
    """A number that is part of a position, no longer than a time is in sort keys. Raises InvalidCursorError."""
    if not (text.isascii() and text.isdigit() and len(text) <= 13):
        refuse(field)
    return int(text)


def refuse(field: str = "cursor") -> NoReturn:
    """Raises InvalidCursorError."""
    raise InvalidCursorError(f"{field} must be one that an earlier answer gave", field)


def _mark(kind: str, owner: str) -> str:
    """Tells cursors of different lists apart; no secret: a made-up position leads nowhere but into the own list."""
    return hashlib.sha256(f"{kind}.{owner}".encode()).hexdigest()[:8]


def write_moment(kind: str, owner: str, at: int, id_: str) -> str:
    """A cursor for a place in a list that is in order of time: a time in milliseconds and an id."""
    return write(kind, owner, f"{at}.{id_}")


def read_moment(kind: str, owner: str, cursor: str, prefix: str) -> tuple[int, str]:
    """(time, id) of such a cursor; the id has this prefix. Raises InvalidCursorError."""
    at, _, id_ = read(kind, owner, cursor).partition(".")
    if not is_id(prefix, id_):
        refuse()
    return number(at), id_

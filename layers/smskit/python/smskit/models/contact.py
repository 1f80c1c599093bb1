"""A contact: what an account knows of a number, and the conversation with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smskit.models.job import Target
from smskit.platform.ids import derived_id

Direction = Literal["in", "out"]


def conversation_id(account_id: str, number: str) -> str:
    """The one thread of an account and a number."""
    return derived_id("cnv", account_id, number)


@dataclass(frozen=True, slots=True)
class LastMessage:
    """Which message a conversation ends with: `key` is its message id or job id, `seq` its number in the feed."""

    direction: Direction
    at: int
    key: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """`owner` is the SIM that the number wrote to last. Times are milliseconds since the epoch.

    There is a conversation, with `conversation_id` and `last`, once the number has written. `inbound_at` is when it
    wrote last; `unread` counts what it wrote since somebody has looked, `unread_since` is when the first came in.
    `opt_changed_at`: when it last opted out or in, None if never; every such change moves it on.
    wrote last; `unread` counts what it wrote since somebody has looked. `opt_changed_at`: when it last opted out or in,
    None if never; every such change moves it on. `name` is what people call the number.
    """

    number: str
    opted_out: bool = False
    owner: Target | None = None
    conversation_id: str | None = None
    unread: int = 0
    unread_since: int | None = None
    last: LastMessage | None = None
    inbound_at: int = 0
    opt_changed_at: int | None = None
    name: str | None = None

"""The feed of inbound messages: in the order of their numbers, nothing missed and nothing repeated.

A number that nothing stands at may belong to a writer that is just about to fill it, or to one that died. A reader
never passes one of the first kind, and closes one of the second before it goes on.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from smskit.accounts.logic import retention
from smskit.accounts.logic.retention import Policy
from smskit.errors import ContentionError
from smskit.inbox.store import inbound_messages
from smskit.inbox.store.inbound_messages import FeedEntry
from smskit.models.inbound_message import InboundMessage
from smskit.platform import cursors

PATIENCE_MS = 6_000  # longer than a writer may run: its function ends after 5 s
LONG_AGO_MS = 3_600_000
MOST_CLOSED = 25
_KIND = "feed"


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Messages, oldest first. The feed has no end: `cursor` stands behind them also when there are none, and `has_more`
    says that the next page can be read at once.
    """

    messages: list[InboundMessage]
    cursor: str
    has_more: bool


@dataclass(slots=True)
class _Walk:
    """A reader on its way: the number that it stands at, what it met, and how many numbers it may still close."""

    account_id: str
    policy: Policy
    now: int
    limit: int
    seq: int
    met: list[InboundMessage] = field(default_factory=list)
    may_close: int = MOST_CLOSED

    @property
    def is_full(self) -> bool:
        return len(self.met) == self.limit

    def step(self, entry: FeedEntry) -> None:
        self.seq = entry.seq
        if entry.message is not None and self.policy.shows_received(entry.message, self.now):
            self.met.append(entry.message)


def list_page(account_id: str, since: str | None, limit: int, now: int) -> FeedPage:
    """A page of the feed behind the cursor `since`; without one, from the oldest that is kept.

    Raises InvalidCursorError.
    """
    begin = _number_in(account_id, since) if since else 0
    walk = _Walk(account_id, retention.to_show(account_id, now), now, limit, begin)
    entries, more = inbound_messages.after(account_id, walk.seq, limit + 1, now)
    for entry in entries:
        has_more = _pass_gap(walk, entry)
        if has_more is None and not walk.is_full:
            walk.step(entry)
        else:
            more = has_more is not False
            break
    return FeedPage(walk.met, cursors.write(_KIND, account_id, str(walk.seq)), more)


def _pass_gap(walk: _Walk, entry: FeedEntry) -> bool | None:
    """Pass the empty numbers before an entry: None when there are none left, else whether the way is open later on.

    They were taken no later than `entry.previous_at`.
    """
    age = walk.now - entry.previous_at
    if entry.seq == walk.seq + 1 or age >= LONG_AGO_MS:
        return None  # nobody is still about to fill a number so old: what stood there has expired
    if age < PATIENCE_MS:
        return False
    for seq in range(walk.seq + 1, entry.seq):
        if walk.is_full or not walk.may_close:
            return True
        walk.may_close -= 1
        try:
            until = walk.policy.received_until(walk.now)
            walk.step(inbound_messages.close(walk.account_id, seq, entry.previous_at, walk.now, until))
        except ContentionError:
            return False
    return None


def _number_in(account_id: str, since: str) -> int:
    text = cursors.read(_KIND, account_id, since, "since")
    return cursors.number(text, "since")

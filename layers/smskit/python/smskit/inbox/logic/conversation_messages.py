"""The messages of one conversation: what came in and the jobs that went out, merged newest first.

Both lists are read from indexes that stand in order of time; nothing is stored twice. A cursor is one place in the
merged order, and each list is entered at that place, so a page costs the same however long the conversation is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from smskit.accounts.logic import retention
from smskit.dispatch.store import job_lists, jobs
from smskit.dispatch.store.job_lists import JobIndex
from smskit.inbox.logic import conversations
from smskit.inbox.store import inbound_messages
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job
from smskit.platform import cursors
from smskit.platform.cursors import Page
from smskit.platform.ids import is_id

_KIND = "thread"
_IN, _OUT = "in", "out"
Message = InboundMessage | Job


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which message a page begins. Of one moment, what went out counts as the answer to what came in.

    `key`: the message's number in the feed, or the job's id.
    """

    at: int
    direction: str
    key: str


@dataclass(frozen=True, slots=True)
class _Part:
    """What one of the two lists has behind a place, newest first, and whether there may be more of it."""

    entries: list[tuple[Position, InboundMessage | None]]
    more: bool


def list_page(account_id: str, conversation_id: str, limit: int, cursor: str | None, now: int) -> Page[Message]:
    """A page of the conversation, newest message first. Raises NotFoundError or InvalidCursorError."""
    conversations.find(account_id, conversation_id)
    behind = _read_cursor(conversation_id, cursor) if cursor is not None else None
    came_in = _came_in(conversation_id, limit + 1, behind, now)
    went_out = _went_out(conversation_id, limit + 1, behind)
    merged = _merge(came_in, went_out)
    chosen = merged[:limit]
    more = len(merged) > limit or came_in.more or went_out.more
    return Page(_shown(account_id, chosen, now), _cursor(conversation_id, chosen[-1][0]) if more and chosen else None)


def _came_in(conversation_id: str, limit: int, behind: Position | None, now: int) -> _Part:
    before = None
    if behind:
        before = (behind.at, int(behind.key)) if behind.direction == _IN else (behind.at + 1, 0)
    entries, more = inbound_messages.of_conversation(conversation_id, limit, before, now)
    return _Part([(Position(entry.at, _IN, str(entry.seq)), entry.message) for entry in entries], more)


def _went_out(conversation_id: str, limit: int, behind: Position | None) -> _Part:
    shelf, place = JobIndex("by_conversation", conversation_id), None
    if behind and behind.direction == _OUT:
        place = (behind.at, behind.key)
    elif behind:
        shelf = replace(shelf, until=behind.at - 1)
    found, more = job_lists.list_page(shelf, limit, place)
    return _Part([(Position(at, _OUT, job_id), None) for at, job_id in found], more)


def _merge(*parts: _Part) -> list[tuple[Position, InboundMessage | None]]:
    """One order for both, as far as both are known: what lies behind the end of a list that goes on has to wait."""
    merged = sorted((entry for part in parts for entry in part.entries), key=lambda entry: _rank(entry[0]))
    ends = [_rank(part.entries[-1][0]) for part in parts if part.more and part.entries]
    return [entry for entry in merged if all(_rank(entry[0]) <= end for end in ends)]


def _rank(place: Position) -> tuple[int, bool]:
    """Newest first; entries of one list and moment keep the order in which that list gives them."""
    return -place.at, place.direction == _IN


def _shown(account_id: str, chosen: list[tuple[Position, InboundMessage | None]], now: int) -> list[Message]:
    """The messages themselves; those that have expired are left out."""
    policy = retention.to_show(account_id, now)
    sent = jobs.get_many([place.key for place, _ in chosen if place.direction == _OUT])
    kept: dict[str, Message] = {job_id: job for job_id, job in sent.items() if policy.shows(job, now)} | {
        place.key: message for place, message in chosen if message and policy.shows_received(message, now)
    }
    return [kept[place.key] for place, _ in chosen if place.key in kept]


def _cursor(conversation_id: str, place: Position) -> str:
    return cursors.write(_KIND, conversation_id, f"{place.at}.{place.direction}.{place.key}")


def _read_cursor(conversation_id: str, cursor: str) -> Position:
    parts = cursors.read(_KIND, conversation_id, cursor).split(".")
    if len(parts) != 3 or parts[1] not in (_IN, _OUT):
        cursors.refuse()
    at, direction, key = parts
    if direction == _OUT and not is_id("job", key):
        cursors.refuse()
    if direction == _IN:
        cursors.number(key)
    return Position(cursors.number(at), direction, key)

"""Inbound messages: each stored once, under a number that no other message of its account has.

A number is taken first and filled by one transaction. Whoever takes numbers may die before that, so a reader may close
a number that stays empty; both write only where nothing stands, and exactly one of them does.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from smskit.errors import ConditionFailedError, SmsKitError, TransactionRefusedError
from smskit.inbox.store.inbound_items import LAST, feed_key, message_item, message_of, place_of, seq_of, time_of
from smskit.models.inbound_message import InboundMessage
from smskit.platform import table
from smskit.platform.codec import Item

_EMPTY = "attribute_not_exists(pk)"
_REFUSED = "ConditionalCheckFailed"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Numbers of the feed from `first` on, taken `at` this time; the number before them was taken at `previous_at`."""

    first: int
    at: int
    previous_at: int


@dataclass(frozen=True, slots=True)
class FeedSlot:
    """A number of the feed and what goes there: a message, or None to close it."""

    seq: int
    previous_at: int
    message: InboundMessage | None


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What stands at a number of the feed; `message` is None where it is closed or what stood there has expired."""

    seq: int
    previous_at: int
    message: InboundMessage | None
    at: int = 0
    ttl: int = 0


class NotStoredError(SmsKitError):
    """Nothing was stored.

    `known`: ids of messages that are stored already. `is_closed`: a reader has closed one of the numbers.
    `is_outdated`: the condition of an operation that goes with them was refused. None of it: others were writing the
    same items at that moment.
    """

    def __init__(self, known: frozenset[str], is_closed: bool, is_outdated: bool) -> None:
        super().__init__("the messages were not stored")
        self.known, self.is_closed, self.is_outdated = known, is_closed, is_outdated


def take_numbers(account_id: str, count: int, now: int) -> Numbers:
    """Take the next numbers of the account's feed."""
    values: Item = {":count": count, ":none": 0, ":now": now}
    expression = "SET #n = if_not_exists(#n, :none) + :count, previousAt = if_not_exists(#at, :none), #at = :now"
    key: Item = {"pk": account_id, "sk": "count"}
    item = table.update("messages", key, expression, values, names={"#n": "n", "#at": "at"})
    return Numbers(item["n"] - count + 1, item["at"], item["previousAt"])


def store(account_id: str, places: Sequence[FeedSlot], until: int, also: Sequence[Item] = ()) -> None:
    """Fill numbers of the feed, with the operations in `also`, all or nothing; they are kept until a time, ms.

    Raises NotStoredError.
    """
    operations: list[Item] = []
    markers: dict[int, str] = {}
    feed: set[int] = set()
    ttl = until // 1000
    for place in places:
        item = _closed(account_id, place.seq, place.previous_at, ttl)
        if place.message is not None:
            markers[len(operations)] = place.message.message_id
            marker: Item = {"pk": place.message.message_id, "sk": "in", "account": account_id, "seq": place.seq}
            operations.append(table.put_op("messages", marker | {"ttl": ttl}, _EMPTY))
            item = message_item(place.message, place.previous_at, ttl)
        feed.add(len(operations))
        operations.append(table.put_op("messages", item, _EMPTY))
    try:
        table.transact([*operations, *also])
    except TransactionRefusedError as refused:
        met = {position for position, reason in enumerate(refused.reasons) if reason == _REFUSED}
        known = frozenset(markers[position] for position in met & markers.keys())
        is_outdated = max(met, default=0) >= len(operations)
        raise NotStoredError(known, bool(met & feed), is_outdated) from None


def stored(account_id: str, message_id: str, now: int) -> InboundMessage | None:
    """The message that was stored under this id; None when it isn't kept any more."""
    marker = table.get("messages", {"pk": message_id, "sk": "in"})
    if marker is None or marker["account"] != account_id:
        return None
    item = table.get("messages", feed_key(account_id, marker["seq"]))
    return _entry(item, now).message if item else None


def close(account_id: str, seq: int, previous_at: int, now: int, until: int) -> FeedEntry:
    """Close a number until a time if nothing stands there, and give what stands there now.

    `previous_at`: the number before it was taken no later. Raises ContentionError while a transaction fills it.
    """
    closed = _closed(account_id, seq, previous_at, until // 1000)
    try:
        table.put("messages", closed, _EMPTY)
    except ConditionFailedError as refused:
        return _entry(refused.item or closed, now)
    return _entry(closed, now)


def after(account_id: str, seq: int, limit: int, now: int) -> tuple[list[FeedEntry], bool]:
    """The feed behind a number, and whether there may be more. No snapshot: a number may be missed that is filled."""
    values: Item = {":account": account_id, ":from": feed_key(account_id, seq + 1)["sk"], ":to": LAST}
    items, more = table.query("messages", "pk = :account AND sk BETWEEN :from AND :to", values, limit=limit)
    return [_entry(item, now) for item in items], more


def get_many(account_id: str, numbers: Sequence[int], now: int) -> dict[str, InboundMessage]:
    """Those of the messages with these numbers that are kept, by id; up to 100."""
    keys = [feed_key(account_id, seq) for seq in dict.fromkeys(numbers)]
    entries = [_entry(item, now) for item in table.get_many("messages", keys, consistent=False)]
    return {entry.message.message_id: entry.message for entry in entries if entry.message}


def of_conversation(
    conversation_id: str, limit: int, before: tuple[int, int] | None, now: int
) -> tuple[list[FeedEntry], bool]:
    """A conversation's messages, newest first, behind a place (time, number); and whether there may be more."""
    condition, values = "conversationId = :conversation", Item({":conversation": conversation_id})
    if before:
        condition += " AND place < :before"
        values[":before"] = place_of(*before)
    items, more = table.query("messages", condition, values, limit=limit, index="by_conversation", newest_first=True)
    return [_entry(item, now) for item in items], more


def erase(message: InboundMessage, entry: FeedEntry) -> None:
    """Close the number of a message that stands there: nothing of the message stays. Once is as good as twice."""
    closed = _closed(message.account_id, entry.seq, entry.previous_at, entry.ttl)
    with suppress(ConditionFailedError):  # it is erased already, or its time was over
        table.put("messages", closed, "messageId = :id", {":id": message.message_id})


def _closed(account_id: str, seq: int, previous_at: int, ttl: int) -> Item:
    return feed_key(account_id, seq) | {"closed": True, "previousAt": previous_at, "ttl": ttl}


def _entry(item: Item, now: int) -> FeedEntry:
    """DynamoDB removes what has expired days later: until then it is left out here."""
    shown = "messageId" in item and item["ttl"] > now // 1000
    at = time_of(item) if "place" in item else 0
    return FeedEntry(seq_of(item), item["previousAt"], message_of(item) if shown else None, at, item["ttl"])

"""Contacts: one item for an account and a number, with its opt-out, its conversation and the SIM that it wrote to last.

Each part is written by updates that touch its own attributes only. What a conversation ends with is stored as a
reference: the text is the message's alone, and goes when that goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from smskit.errors import ConditionFailedError
from smskit.models.contact import Contact, LastMessage
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job, Target
from smskit.platform import table
from smskit.platform.codec import Item

_CONTACT = "contact#"
_LAST = {"#last": "last"}
# A contact has a place among the unread ones, that of the first unread message, exactly while something is unread.
_UNREAD = (
    "unread = if_not_exists(unread, :none) + :count", "unreadInbox = :account",
    "unreadSince = if_not_exists(unreadSince, :first)",
)  # fmt: skip
_OWNER = ("inboundAt = :at", "ownerDeviceId = :device", "ownerSimSlot = :slot")
_END = ("conversationId = :conversation", "inbox = :account", "activity = :activity", "#last = :last")
# Of one moment, messages count by their number, and what went out, which has none, as later.
_AHEAD = "(attribute_not_exists(activity) OR activity < :activity OR (activity = :activity AND #last.n < :seq))"
_BEHIND = "(activity > :activity OR (activity = :activity AND (attribute_not_exists(#last.n) OR #last.n > :seq)))"
_FORGOTTEN = (
    "REMOVE conversationId, inbox, activity, inboundAt, unread, unreadInbox, unreadSince, #last, ownerDeviceId,"
    " ownerSimSlot"
)


def _key(account_id: str, number: str) -> Item:
    return {"pk": account_id, "sk": _CONTACT + number}


def _contact_of(item: Item) -> Contact:
    last = item.get("last")
    return Contact(
        number=item["sk"].removeprefix(_CONTACT),
        opted_out=item.get("optedOut", False),
        owner=Target(item["ownerDeviceId"], item["ownerSimSlot"]) if "ownerDeviceId" in item else None,
        conversation_id=item.get("conversationId"),
        unread=item.get("unread", 0),
        unread_since=_time_of(item["unreadSince"]) if "unreadSince" in item else None,
        last=LastMessage(last["d"], last["t"], last["k"], last.get("n", 0)) if last else None,
        inbound_at=item.get("inboundAt", 0),
        opt_changed_at=item.get("optChangedAt"),
        name=item.get("name"),
    )


def get(account_id: str, number: str, *, consistent: bool = False) -> Contact:
    """The contact; an unknown number is one that has never written. Half a read unit, or one if consistent."""
    item = table.get("contacts", _key(account_id, number), consistent=consistent)
    return _contact_of(item) if item else Contact(number)


def get_many(account_id: str, numbers: Iterable[str]) -> dict[str, Contact]:
    """Those of the contacts that are known, by number. Eventually consistent: half a read unit a number."""
    keys = [_key(account_id, number) for number in dict.fromkeys(numbers)]
    found = [_contact_of(item) for item in table.get_many("contacts", keys, consistent=False)]
    return {contact.number: contact for contact in found}


def opted_out(account_id: str, numbers: Iterable[str]) -> set[str]:
    """Those of the numbers that have opted out. Eventually consistent: half a read unit a number."""
    return {number for number, contact in get_many(account_id, numbers).items() if contact.opted_out}


def of_conversation(account_id: str, conversation_id: str) -> Contact | None:
    """The account's contact with this conversation, or None. The index may lag behind the first message by a moment."""
    values: Item = {":conversation": conversation_id}
    condition = "conversationId = :conversation"
    items, _ = table.query("contacts", condition, values, limit=1, index="by_conversation")
    if not items or items[0]["pk"] != account_id:
        return None
    item = table.get("contacts", {"pk": items[0]["pk"], "sk": items[0]["sk"]})
    return _contact_of(item) if item else None


def list_page(account_id: str, limit: int, before: str | None) -> tuple[list[Contact], bool]:
    """Contacts that have written, the last active first, behind the place `before`; and whether there may be more."""
    condition, values = "inbox = :account", Item({":account": account_id})
    if before:
        condition += " AND activity < :before"
        values[":before"] = before
    items, more = table.query("contacts", condition, values, limit=limit, index="by_activity", newest_first=True)
    return [_contact_of(item) for item in items], more


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """Contacts with something unread; `behind` is the place at which the next page goes on, None at the end."""

    contacts: list[Contact]
    behind: str | None


def list_unread(account_id: str, limit: int, before: str | None) -> UnreadPage:
    """Contacts with something unread, the last that became so first: those before the place `before`. Two requests."""
    condition, values = "unreadInbox = :account", Item({":account": account_id})
    if before:
        condition += " AND unreadSince < :before"
        values[":before"] = before
    places, more = table.query("contacts", condition, values, limit=limit, index="by_unread", newest_first=True)
    keys = [{"pk": place["pk"], "sk": place["sk"]} for place in places]
    found = {item["sk"]: _contact_of(item) for item in table.get_many("contacts", keys, consistent=False)}
    listed = [found[place["sk"]] for place in places if place["sk"] in found]
    return UnreadPage([each for each in listed if each.unread], places[-1]["unreadSince"] if more and places else None)


def oldest_unread(account_id: str, most: int) -> tuple[list[int], bool]:
    """Since when each contact has something unread, milliseconds, the longest first; `most` of them, and whether there
    are more. One request; eventually consistent."""
    values: Item = {":account": account_id}
    places, more = table.query("contacts", "unreadInbox = :account", values, limit=most, index="by_unread")
    return [_time_of(place["unreadSince"]) for place in places], more


def activity(at: int, conversation_id: str) -> str:
    """A conversation's place in the list: by time, and no two at one place."""
    return f"{at:013d}#{conversation_id}"


def _time_of(place: str) -> int:
    return int(place.partition("#")[0])


def received_op(
    messages: Sequence[InboundMessage], opt_out: ContactChange | None = None, known: Contact | None = None
) -> Item:
    """The operation that notes messages of one contact, in their order, as part of the transaction that stores them.

    `opt_out` is what they change of the contact's opt-out, in the same update. `known` is the contact as it was read:
    what it ends with and the SIM that it wrote to last never move back, so of messages that are stored late only the
    number is noted. Without it they are taken for the last. Where that isn't so, or is no more, it is refused.
    """
    sets, values, condition = _arrival(messages, known)
    key = _key(messages[-1].account_id, messages[-1].sender)
    if opt_out is None:
        return table.update_op("contacts", key, f"SET {', '.join(sets)}", values, condition, _LAST)
    expression = opt_out.expression(sets)
    return table.update_op(
        "contacts", key, expression, values | opt_out.values, f"{opt_out.condition} AND {condition}", _LAST
    )


def _arrival(messages: Sequence[InboundMessage], known: Contact | None) -> tuple[tuple[str, ...], Item, str]:
    """What messages set, with its values, and when."""
    newest_one = messages[-1]
    at, conversation = newest_one.stored_at, newest_one.conversation_id
    counted: Item = {
        ":count": len(messages), ":none": 0, ":activity": activity(at, conversation), ":seq": newest_one.seq,
        ":account": newest_one.account_id, ":first": activity(messages[0].stored_at, conversation),
    }  # fmt: skip
    owner: Item = {":at": at, ":device": newest_one.device_id, ":slot": newest_one.sim_slot}
    if known is None or not _is_behind(newest_one, known):
        last: Item = {"d": "in", "t": at, "k": newest_one.message_id, "n": newest_one.seq}
        end: Item = {":conversation": conversation, ":last": last}
        return (*_UNREAD, *_OWNER, *_END), counted | owner | end, _AHEAD
    if known.inbound_at < at:  # somebody has replied meanwhile
        return (*_UNREAD, *_OWNER), counted | owner, f"{_BEHIND} AND inboundAt < :at"
    return _UNREAD, counted, _BEHIND


def _is_behind(message: InboundMessage, contact: Contact) -> bool:
    last = contact.last
    if last is None or last.at != message.stored_at:
        return last is not None and last.at > message.stored_at
    return last.seq == 0 or last.seq > message.seq


def replied(job: Job) -> None:
    """Note a reply as what the conversation ends with, unless something later is noted."""
    conversation = job.conversation_id or ""
    values: Item = {
        ":activity": activity(job.asked_at, conversation),
        ":last": {"d": "out", "t": job.asked_at, "k": job.job_id},
    }
    expression = "SET activity = :activity, #last = :last"
    _update(job.account_id, job.recipient, expression, values, "activity <= :activity", _LAST)


def mark_read(account_id: str, number: str, until: int) -> bool:
    """Nothing is unread any more; False when the contact has written after `until`, and all stays as it is."""
    values: Item = {":none": 0, ":until": until}
    expression = "SET unread = :none REMOVE unreadInbox, unreadSince"
    return _update(account_id, number, expression, values, "inboundAt <= :until", None)


def forget(account_id: str, number: str, until: int) -> None:
    """Erase the conversation, unless the number has written after `until`. An opt-out stays, with the number."""
    values: Item = {":until": until}
    quiet = "(attribute_not_exists(inboundAt) OR inboundAt <= :until)"
    unless_opted = f"attribute_not_exists(optChangedAt) AND {quiet}"
    if not _try(lambda: table.delete("contacts", _key(account_id, number), unless_opted, values)):
        _update(account_id, number, _FORGOTTEN, values, f"attribute_exists(optChangedAt) AND {quiet}", _LAST)


def _update(
    account_id: str, number: str, expression: str, values: Item, condition: str, names: dict[str, str] | None
) -> bool:
    key = _key(account_id, number)
    return _try(lambda: table.update("contacts", key, expression, values, condition=condition, names=names))


def _try(write: Callable[[], object]) -> bool:
    """Whether the write's condition held. A message of the contact that is just being stored is waited for."""
    try:
        write()
    except ConditionFailedError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What an update of the contact must say about its opt-out; other attributes may be set along with it."""

    condition: str
    values: Item
    sets: tuple[str, ...] = ()
    removes: tuple[str, ...] = ()

    def expression(self, sets: Sequence[str] = (), removes: Sequence[str] = ()) -> str:
        """The update expression with what else is to be set (`name = :value`) and removed."""
        parts = (("SET", (*sets, *self.sets)), ("REMOVE", (*removes, *self.removes)))
        return " ".join(f"{verb} {', '.join(clauses)}" for verb, clauses in parts if clauses)

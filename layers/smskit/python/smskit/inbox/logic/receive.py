"""SMS that phones received: each stored once, in the order of its account's feed, before it is acknowledged."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from smskit.accounts.logic import retention
from smskit.accounts.logic import settings as account_settings
from smskit.contacts import store as contacts
from smskit.dispatch.logic import claims
from smskit.errors import ContentionError
from smskit.inbox.store import inbound_messages
from smskit.inbox.store.inbound_messages import FeedSlot, NotStoredError
from smskit.models import keywords
from smskit.models.account_settings import Words
from smskit.models.contact import conversation_id
from smskit.models.inbound_message import InboundMessage
from smskit.models.lane import LaneKey
from smskit.models.opt_out import Effect
from smskit.opt_outs.logic import opt_outs
from smskit.platform.ids import derived_id
from smskit.platform.times import now_ms
from smskit.sending.logic import own_country, phone_numbers

Operation = dict[str, Any]
Changes = Callable[[Sequence[InboundMessage], bool], tuple[list[InboundMessage], list[Operation]]]
TRIES = 8
LONGEST_WAIT = 0.4


@dataclass(frozen=True, slots=True)
class Received:
    """One message of a `received` frame; `received_at` is the phone's word, milliseconds."""

    phone_message_id: str
    sender: str
    recipient: str | None
    sim_slot: int
    content: str
    received_at: int


def receive(caller: claims.Caller, arrived: Sequence[Received], now: int) -> None:
    """Store what a phone received. What is stored already, by the phone's own id of it, changes nothing."""
    own = claims.own_lanes(caller, consistent=False)
    numbers = {lane.key.sim_slot: lane.phone_number for lane in own}
    take_in(caller.account_id, caller.device_id, arrived, numbers, now)
    for lane in own:
        claims.record_activity(lane, caller, {}, now)


def take_in(
    account_id: str, device_id: str, arrived: Sequence[Received], numbers: Mapping[int, str | None], now: int
) -> None:
    """`receive`, whoever says it; `numbers` are those of the phone's SIMs, by slot."""
    made = [_message(account_id, device_id, line, numbers.get(line.sim_slot), now) for line in arrived]
    once: dict[str, InboundMessage] = {}
    for message in made:
        once.setdefault(message.message_id, message)
    words = _words(account_id, arrived, now)
    for is_keyword, group in groupby(once.values(), lambda message: _is_keyword(message, words)):
        if is_keyword:
            for message in group:
                _obey(message, words, now)
        else:
            _store(account_id, list(group), _contact_changes)


def _message(account_id: str, device_id: str, line: Received, own_number: str | None, now: int) -> InboundMessage:
    sender = phone_numbers.sender(line.sender, own_country.of(account_id, line.sender, now))
    return InboundMessage(
        message_id=derived_id("msg", device_id, line.phone_message_id),
        account_id=account_id,
        sender=sender,
        recipient=line.recipient or own_number,
        content=line.content,
        device_id=device_id,
        sim_slot=line.sim_slot,
        received_at=max(0, min(line.received_at, now)),
        conversation_id=conversation_id(account_id, sender),
    )


def _words(account_id: str, arrived: Sequence[Received], now: int) -> Words:
    """The account's own keywords; not read for messages that are too long for any."""
    if any(keywords.may_be_word(line.content) for line in arrived):
        return account_settings.current(account_id, now).words
    return Words()


def _is_keyword(message: InboundMessage, words: Words) -> bool:
    return keywords.word_of(message.content, words) is not None


def _obey(message: InboundMessage, words: Words, now: int) -> None:
    """Store a keyword message together with what it does, and answer it.

    An earlier run may have stored it and died before it answered: then what it did is told by what was stored.
    """

    def changes(fresh: Sequence[InboundMessage], _: bool) -> tuple[list[InboundMessage], list[Operation]]:
        if not fresh:
            return [], []
        (one,) = fresh
        contact = contacts.get(one.account_id, one.sender, consistent=True)
        plan = opt_outs.plan(one.account_id, contact, one.content, words, one.stored_at, one.message_id)
        if plan is None:
            return [one], [contacts.received_op([one], known=contact)]
        return [replace(one, effect=plan.effect.value)], [
            contacts.received_op([one], plan.contact_change, contact),
            *plan.operations,
        ]

    _store(message.account_id, [message], changes)
    kept = inbound_messages.stored(message.account_id, message.message_id, now)
    if kept is not None and kept.effect is not None:
        lane = LaneKey(kept.account_id, kept.device_id, kept.sim_slot)
        opt_outs.follow_up(lane, kept.sender, kept.message_id, Effect(kept.effect), kept.stored_at, now)


def _store(account_id: str, waiting: Sequence[InboundMessage], changes: Changes) -> None:
    """Store messages with consecutive numbers in one transaction, with what it means for their contacts.

    `changes` gives the messages as they are to be stored, and the operations that go with them; it is asked anew for
    each try, and told whether an operation of an earlier one was refused. A message that turns out to be stored leaves
    its number closed. A number that a reader has closed meanwhile leaves all of them to be numbered anew. Raises
    ContentionError when others write the same items for too long.
    """
    policy = retention.of_account(account_id, now_ms())
    places = _numbered(account_id, waiting)
    is_outdated = False
    for attempt in range(TRIES):
        fresh = [place.message for place in places if place.message]
        try:
            final, operations = changes(fresh, is_outdated)
            inbound_messages.store(account_id, _with(places, final), policy.received_until(now_ms()), operations)
        except NotStoredError as refused:
            is_outdated |= refused.is_outdated
            fresh = [message for message in fresh if message.message_id not in refused.known]
            if refused.is_closed:
                if not fresh:
                    return
                places = _numbered(account_id, fresh)
            elif refused.known:
                places = [_without(place, refused.known) for place in places]
            else:
                time.sleep(random.uniform(0, min(LONGEST_WAIT, 0.05 * 2**attempt)))
        else:
            return
    raise ContentionError("others wrote the same items at every try")


def _numbered(account_id: str, waiting: Sequence[InboundMessage]) -> list[FeedSlot]:
    taken = inbound_messages.take_numbers(account_id, len(waiting), now_ms())
    return [
        FeedSlot(
            seq=taken.first + position,
            previous_at=taken.at if position else taken.previous_at,
            message=replace(message, seq=taken.first + position, stored_at=taken.at),
        )
        for position, message in enumerate(waiting)
    ]


def _without(place: FeedSlot, known: frozenset[str]) -> FeedSlot:
    return replace(place, message=None) if place.message and place.message.message_id in known else place


def _with(places: Sequence[FeedSlot], final: Sequence[InboundMessage]) -> list[FeedSlot]:
    by_id = {message.message_id: message for message in final}
    return [replace(place, message=by_id[place.message.message_id]) if place.message else place for place in places]


def _contact_changes(
    fresh: Sequence[InboundMessage], is_outdated: bool
) -> tuple[list[InboundMessage], list[Operation]]:
    """One change for each contact: DynamoDB takes no two operations on one item in a transaction.

    Contacts are read only when messages were refused that are not the last: a later one was stored before them.
    """
    by_sender: dict[str, list[InboundMessage]] = {}
    for message in fresh:
        by_sender.setdefault(message.sender, []).append(message)
    known = {
        sender: contacts.get(group[-1].account_id, sender, consistent=True)
        for sender, group in by_sender.items()
        if is_outdated
    }
    return list(fresh), [contacts.received_op(group, known=known.get(sender)) for sender, group in by_sender.items()]

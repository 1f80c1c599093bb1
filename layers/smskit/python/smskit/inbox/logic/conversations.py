"""Conversations: the list of them, and replies: jobs like any other, sent by the SIM that was written to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smskit.accounts.logic import retention
from smskit.contacts import store as contacts
from smskit.dispatch.store import jobs
from smskit.errors import (
    ForeignDeviceError,
    InvalidRecipientError,
    NoEligibleDeviceError,
    NotFoundError,
    NotReplyableError,
)
from smskit.inbox.store import inbound_messages
from smskit.models.contact import Contact
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job
from smskit.platform import cursors
from smskit.platform.cursors import Page
from smskit.platform.ids import is_id
from smskit.sending.logic import accept, own_country, phone_numbers
from smskit.sending.logic.accept import Accepted

_KIND, _UNREAD = "conversations", "unread-conversations"
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class Conversation:
    """A contact that has written, and the message that the conversation ends with while that is kept."""

    contact: Contact
    last: InboundMessage | Job | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a client wants to answer. With `fallback` another SIM may send it when the conversation's own can't."""

    account_id: str
    client_id: str
    message: str
    priority: int
    validity_seconds: int | None
    fallback: bool = False
    idempotency_key: str | None = None
    client_reference: str | None = None
    key_scope: str | None = None
    wait_for_phone: bool | None = None
    send_at: int | None = None


def list_page(account_id: str, limit: int, cursor: str | None, now: int) -> Page[Conversation]:
    """A page of the list, the last active first. Raises InvalidCursorError."""
    before = cursors.read(_KIND, account_id, cursor) if cursor is not None else None
    found, more = contacts.list_page(account_id, limit, before)
    behind = _place(found[-1]) if more and found else None
    return Page(
        _with_last(account_id, found, now), cursors.write(_KIND, account_id, behind) if behind is not None else None
    )


def list_unread(account_id: str, limit: int, cursor: str | None, now: int) -> Page[Conversation]:
    """A page of those with something unread, the last that became so first. Raises InvalidCursorError.

    It may be short and have a cursor: what was read a moment ago is left out.
    """
    before = cursors.read(_UNREAD, account_id, cursor) if cursor is not None else None
    page = contacts.list_unread(account_id, limit, before)
    behind = cursors.write(_UNREAD, account_id, page.behind) if page.behind is not None else None
    return Page(_with_last(account_id, page.contacts, now), behind)


def list_of(account_id: str, number: str, cursor: str | None, now: int, *, unread: bool) -> Page[Conversation]:
    """The conversation with a number or a sender's name, if there is one. Raises InvalidCursorError: it is one page."""
    if cursor is not None:
        cursors.refuse()
    sender = phone_numbers.sender(number, own_country.of(account_id, number, now))
    contact = contacts.get(account_id, sender)
    is_meant = contact.last is not None and (contact.unread > 0 or not unread)
    return Page(_with_last(account_id, [contact] if is_meant else [], now), None)


@dataclass(frozen=True, slots=True)
class Unread:
    """How many conversations hold something unread, MOST_COUNTED at most; `more`: there are others. `since`: when the
    first message came in of those that nobody has read, milliseconds."""

    count: int
    more: bool
    since: int | None


def count_unread(account_id: str) -> Unread:
    """How many wait for somebody to read them; exact up to MOST_COUNTED, a moment late."""
    waiting, more = contacts.oldest_unread(account_id, MOST_COUNTED)
    return Unread(len(waiting), more, waiting[0] if waiting else None)


def read(account_id: str, conversation_id: str, now: int) -> Conversation:
    """One conversation. Raises NotFoundError."""
    return _with_last(account_id, [find(account_id, conversation_id)], now)[0]


def find(account_id: str, conversation_id: str) -> Contact:
    """The contact of a conversation. Raises NotFoundError for a malformed or unknown id and for a foreign one alike."""
    contact = contacts.of_conversation(account_id, conversation_id) if is_id("cnv", conversation_id) else None
    if contact is None or contact.last is None:
        raise NotFoundError("There is no conversation with this id in the account")
    return contact


def mark_read(account_id: str, conversation_id: str, until: int) -> bool:
    """Somebody has read what came in up to this time; False when something came in later, and all stays unread.

    Raises NotFoundError.
    """
    return contacts.mark_read(account_id, find(account_id, conversation_id).number, until)


def reply(conversation_id: str, wanted: Reply, now: int) -> Accepted:
    """Queue a reply, or keep it until it is due. It goes out by the SIM that the contact wrote to last.

    Raises NotFoundError, NotReplyableError, and what `accept.accept` raises; NoEligibleDeviceError when that SIM is
    offline and there is no `fallback`.
    """
    contact = find(wanted.account_id, conversation_id)
    try:
        number = phone_numbers.normalise(contact.number)
    except InvalidRecipientError:
        raise NotReplyableError("The sender is not a number that can get an SMS") from None
    owner = (contact.owner,) if contact.owner and not wanted.fallback else ()
    order = accept.Order(
        account_id=wanted.account_id,
        client_id=wanted.client_id,
        recipient=number,
        message=wanted.message,
        priority=wanted.priority,
        validity_seconds=wanted.validity_seconds,
        targets=owner,
        idempotency_key=wanted.idempotency_key,
        client_reference=wanted.client_reference,
        asked_of=f"reply:{conversation_id}:{wanted.fallback}",
        key_scope=wanted.key_scope,
        wait_for_phone=wanted.wait_for_phone,
        send_at=wanted.send_at,
    )
    try:
        return accept.accept(order, now)
    except (ForeignDeviceError, NoEligibleDeviceError):
        rule = "No phone of the account is online with an enabled SIM"
        if not wanted.fallback:
            rule = "The SIM that has this conversation is not online; with fallback another one may send the reply"
        raise NoEligibleDeviceError(rule) from None


def note_reply(job_id: str) -> None:
    """Let the conversation end with a reply that was accepted, unless something later is there already."""
    job = jobs.get(job_id)
    if job is not None:
        contacts.replied(job)


def _place(contact: Contact) -> str:
    return contacts.activity(contact.last.at if contact.last else 0, contact.conversation_id or "")


def _with_last(account_id: str, found: Sequence[Contact], now: int) -> list[Conversation]:
    """Look up what the conversations end with: two requests for all of them."""
    policy = retention.to_show(account_id, now)
    lasts = [contact.last for contact in found if contact.last]
    inbound = inbound_messages.get_many(account_id, [last.seq for last in lasts if last.direction == "in"], now)
    sent = jobs.get_many([last.key for last in lasts if last.direction == "out"])
    known: dict[str, InboundMessage | Job] = {
        key: message for key, message in inbound.items() if policy.shows_received(message, now)
    }
    known |= {job_id: job for job_id, job in sent.items() if policy.shows(job, now)}
    return [Conversation(contact, known.get(contact.last.key) if contact.last else None) for contact in found]

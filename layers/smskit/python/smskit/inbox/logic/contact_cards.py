"""What people call a number, and what they note about it."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.accounts.logic import audit_log
from smskit.contacts import store as contacts
from smskit.errors import NotFoundError
from smskit.inbox.store import contact_cards
from smskit.models.audit import Action
from smskit.models.contact import Contact
from smskit.models.member import Person
from smskit.platform.times import now_ms
from smskit.sending.logic import own_country, phone_numbers


@dataclass(frozen=True, slots=True)
class Card:
    """A number, as people know it."""

    contact: Contact
    note: str | None


def read(account_id: str, text: str) -> Card:
    """What is known of a number. Raises InvalidNumberError, or NotFoundError where that is nothing."""
    card = _card(account_id, phone_numbers.correspondent(text, own_country.of(account_id, text, now_ms())))
    if card.note is None and card.contact == Contact(card.contact.number):
        raise NotFoundError("There is no contact with this number in the account")
    return card


def change(person: Person, text: str, now: int, *, name: str | None, note: str | None) -> Card:
    """Set a name or a note, take it away with an empty text, leave it with None. Raises InvalidNumberError.

    The audit log tells of which, without the texts: they are the contact's own data.
    """
    number = phone_numbers.correspondent(text, own_country.of(person.account_id, text, now))
    known = _card(person.account_id, number)
    name = None if name == (known.contact.name or "") else name
    note = None if note == (known.note or "") else note
    named = [kind for kind, given in (("name", name), ("note", note)) if given is not None]
    if not named:
        return known
    subject, details = audit_log.ending(number), {"changed": " ".join(named)}
    entry = audit_log.entry(person, Action.CONTACT_CHANGED, subject, now, **details)
    contact_cards.change(person.account_id, number, entry, name=name, note=note)
    return _card(person.account_id, number)


def _card(account_id: str, number: str) -> Card:
    return Card(contacts.get(account_id, number, consistent=True), contact_cards.note_of(account_id, number))

"""What a message would be, for who is writing it: nothing is stored, reserved or promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smskit.contacts import store as contacts
from smskit.models.job import URGENT, Target
from smskit.models.lane import Lane
from smskit.phones.logic import senders
from smskit.sending.logic import own_country, phone_numbers, segments, targets
from smskit.sending.logic.segments import Encoding


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody is writing; anything may be missing or unfinished so far."""

    account_id: str
    recipient: str
    message: str
    priority: int
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True)
class RecipientPreview:
    """The number in E.164, its country (ISO 3166-1 alpha-2; None where it has none), and whether it has opted out."""

    number: str
    country: str | None
    opted_out: bool


@dataclass(frozen=True, slots=True)
class TextPreview:
    """How the text is cut, and the characters outside of the GSM alphabet. Put together, `parts` are the text."""

    encoding: Encoding
    parts: list[str]
    used: int
    capacity: int
    outside: list[str]


@dataclass(frozen=True, slots=True)
class Senders:
    """SIMs that are online and may take the message; `ready` of them have room for it in this hour, and `segments_left`
    segments in all. `more`: there are others that weren't looked at."""

    phones: int
    sims: int
    ready: int
    segments_left: int
    more: bool


def recipient(draft: Draft, now: int) -> RecipientPreview:
    """Whom it goes to. Raises InvalidRecipientError, as a send does."""
    number = phone_numbers.normalise(draft.recipient, own_country.of(draft.account_id, draft.recipient, now))
    contact = contacts.get(draft.account_id, number)
    return RecipientPreview(number, phone_numbers.country_of(number), contact.opted_out)


def text(message: str) -> TextPreview:
    """How the text is sent."""
    measured = segments.measure(message)
    ends = [*measured.starts[1:], len(message)]
    parts = [message[start:end] for start, end in zip(measured.starts, ends, strict=True)]
    return TextPreview(measured.encoding, parts, measured.used, measured.capacity, segments.outside(message))


def sent_by(draft: Draft, now: int) -> Senders:
    """Who could send it: by the account's phones, or those that it names."""
    lanes, more = _lanes(draft, now)
    urgent, size = draft.priority >= URGENT, segments.count(draft.message)
    ready = [lane for lane in lanes if not lane.is_out and lane.budget(urgent) >= size]
    return Senders(
        phones=len({lane.key.device_id for lane in lanes}),
        sims=len(lanes),
        ready=len(ready),
        segments_left=sum(lane.budget(urgent) for lane in ready),
        more=more,
    )


def _lanes(draft: Draft, now: int) -> tuple[Sequence[Lane], bool]:
    if not draft.targets:
        return senders.of_account(draft.account_id, now)
    merged = targets.merge(draft.targets)
    found = senders.of_devices(draft.account_id, [target.device_id for target in merged], now)
    return [lane for lane in found if any(targets.covers(target, lane) for target in merged)], False

"""Opt-outs: by keyword, and by who runs the account. Each change is one step with its entry in the audit trail."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from smskit.accounts.logic import audit_log as audit
from smskit.accounts.logic import retention
from smskit.accounts.logic import settings as account_settings
from smskit.accounts.store import audit_log
from smskit.contacts.store import ContactChange
from smskit.errors import InvalidRecipientError, NotFoundError
from smskit.models import keywords
from smskit.models.account_settings import AccountSettings, Words
from smskit.models.audit import Action
from smskit.models.contact import Contact
from smskit.models.keywords import Keyword
from smskit.models.lane import LaneKey
from smskit.models.member import Person
from smskit.models.opt_out import Effect, OptOut, OptOutState, TrailEntry
from smskit.opt_outs.logic import auto_replies
from smskit.opt_outs.store import opt_outs
from smskit.platform.ids import derived_id
from smskit.platform.retries import until_written
from smskit.sending.logic import own_country, phone_numbers

OPT_OUT_TEXT = "You have opted out and will get no more messages from us. Reply START to opt in again."
OPT_IN_TEXT = "You have opted in again and may get messages from us. Reply STOP to opt out."
CHANGED = "an opt-out changed under every try"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a keyword message does, to be done in the transaction that stores the message.

    `contact_change` goes into the update of the contact; when its condition is refused, the contact has opted out or in
    meanwhile: read it anew, strongly consistent, and plan again. `operations` are further operations.
    """

    effect: Effect
    contact_change: ContactChange
    operations: tuple[dict[str, Any], ...] = ()


def plan(account_id: str, contact: Contact, content: str, words: Words, at: int, message_id: str) -> Plan | None:
    """What the message does as a keyword; None when it is none, or comes from a sender that has no number."""
    keyword = keywords.word_of(content, words)
    if keyword is None or not contact.number.startswith("+"):
        return None
    effect = _effect(keyword, contact.opted_out)
    if effect in (Effect.NONE, Effect.HELP):
        return Plan(effect, opt_outs.unchanged(contact.opt_changed_at))
    at = _next(at, contact.opt_changed_at)
    reason = keywords.normal(content).upper()
    entry = TrailEntry(account_id, contact.number, effect, at, f"sms:{message_id}", reason)
    return Plan(effect, opt_outs.contact_change(entry, contact.opt_changed_at), (opt_outs.trail_op(entry),))


def _effect(keyword: Keyword, opted_out: bool) -> Effect:
    match keyword:
        case Keyword.STOP:
            return Effect.NONE if opted_out else Effect.OPTED_OUT
        case Keyword.START | Keyword.YES:
            return Effect.OPTED_IN if opted_out else Effect.NONE
        case Keyword.HELP:
            return Effect.HELP


def _next(now: int, changed_at: int | None) -> int:
    """The time of a change: later than the one before, also by a clock that runs behind."""
    return now if changed_at is None else max(now, changed_at + 1)


def follow_up(lane: LaneKey, number: str, message_id: str, effect: Effect, stored_at: int, now: int) -> None:
    """Answer a stored keyword message, by the SIM that got it. Repeating it sends nothing twice.

    An answer that could not be made within its validity is not made any more.
    """
    if now >= stored_at + auto_replies.VALIDITY_MS:
        return
    text = _answer(effect, account_settings.current(lane.account_id, now))
    if text is None or not _gets_sms(number):
        return
    job_id = derived_id("job", message_id, "keyword")
    policy = retention.of_account(lane.account_id, now)
    auto_replies.send(auto_replies.notice(job_id, lane, number, text, stored_at, policy), now)


def _answer(effect: Effect, settings: AccountSettings) -> str | None:
    match effect:
        case Effect.OPTED_OUT if settings.confirm:
            return settings.opt_out_text or OPT_OUT_TEXT
        case Effect.OPTED_IN if settings.confirm:
            return settings.opt_in_text or OPT_IN_TEXT
        case Effect.HELP:
            return settings.help_text
        case _:
            return None


def _gets_sms(number: str) -> bool:
    try:
        return phone_numbers.normalise(number) == number
    except InvalidRecipientError:
        return False


def add(
    account_id: str, text: str, source: str, reason: str | None, now: int, by: Person | None = None
) -> tuple[OptOut, bool]:
    """Opt a number out; its opt-out, and False when it stood already. Raises InvalidNumberError."""
    number = phone_numbers.number_of(text, own_country.of(account_id, text, now))
    noted = _noted(by, Action.OPT_OUT_ADDED, number, now)

    def write(state: OptOutState) -> tuple[OptOut, bool]:
        if state.opt_out is not None:
            return state.opt_out, False
        at = _next(now, state.changed_at)
        opt_outs.apply(TrailEntry(account_id, number, Effect.OPTED_OUT, at, source, reason), state.changed_at, noted)
        return OptOut(account_id, number, at, source, reason), True

    return until_written(partial(opt_outs.state, account_id, number), write, CHANGED)


def remove(account_id: str, text: str, source: str, reason: str | None, now: int, by: Person | None = None) -> None:
    """Opt a number in again. Raises NotFoundError when it hasn't opted out, InvalidNumberError."""
    number = phone_numbers.number_of(text, own_country.of(account_id, text, now))
    noted = _noted(by, Action.OPT_OUT_REMOVED, number, now)

    def write(state: OptOutState) -> None:
        if state.opt_out is None:
            raise NotFoundError("This number has not opted out")
        at = _next(now, state.changed_at)
        opt_outs.apply(TrailEntry(account_id, number, Effect.OPTED_IN, at, source, reason), state.changed_at, noted)

    until_written(partial(opt_outs.state, account_id, number), write, CHANGED)


def _noted(by: Person | None, action: Action, number: str, now: int) -> list[dict[str, Any]]:
    """The operation that adds the change to the account's audit log, when a person makes it."""
    return audit_log.put_ops(audit.entry_by(by, action, audit.ending(number), now))

"""Opt-outs: who doesn't want an account's messages, and how that came about. Times are milliseconds since the epoch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What a keyword does. None: it changes nothing, since everything is as it asks for."""

    OPTED_OUT = "opted-out"
    OPTED_IN = "opted-in"
    HELP = "help"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class OptOut:
    """A number that has opted out of an account's messages.

    `source`: `sms:<messageId>`, `api:<clientId>`, `operator:<id>`, or `admin` for smskit-admin. `reason`: the word
    that was written, or what who did it said.
    """

    account_id: str
    number: str
    at: int
    source: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class OptOutState:
    """How a contact stands now: its opt-out, if any, and when it last changed, one way or the other."""

    opt_out: OptOut | None
    changed_at: int | None


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One opt-out or opt-in, kept for good. `at` grows with every change of a number."""

    account_id: str
    number: str
    effect: Effect
    at: int
    source: str
    reason: str | None = None

"""An account's settings: its keywords and their answers, when messages go out, and how long they count and are kept."""

from __future__ import annotations

from dataclasses import dataclass, field

from smskit.models.routing import RoutingRule


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an account besides the built-in ones, in the form that they are compared in."""

    stop: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    help: tuple[str, ...] = ()


EXEMPT = (9, 10)  # OTPs


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nothing shall go out, from one time of day to another in the account's time zone; minutes of the day. Past
    midnight where `ends` comes first. `exempt`: the priorities that go out all the same."""

    begins: int
    ends: int
    exempt: tuple[int, ...] = EXEMPT

    def holds(self, minute: int) -> bool:
        """Whether a minute of the day is one of them."""
        if self.begins < self.ends:
            return self.begins <= minute < self.ends
        return minute >= self.begins or minute < self.ends


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Settings as stored; `version` counts their changes.

    `confirm`: whether an opt-out or opt-in by SMS is confirmed by SMS, with `opt_out_text` and `opt_in_text` or, where
    they are None, with our own words. HELP is answered only if there is a `help_text`. `default_validity_seconds` is
    for jobs that name none; `retention_days` is how long jobs are kept; days begin in `time_zone`. None: the default.
    `shown_since`: what is older, ms, was no longer shown when the days were raised, and stays so. `wait_for_phone`:
    whether a job that doesn't say is accepted while no phone may take it, and waits for one. `country`: whose numbers
    are written without a leading `+`.
    """

    confirm: bool = True
    opt_out_text: str | None = None
    opt_in_text: str | None = None
    help_text: str | None = None
    words: Words = field(default_factory=Words)
    default_validity_seconds: int | None = None
    retention_days: int | None = None
    time_zone: str | None = None
    shown_since: int = 0
    wait_for_phone: bool = False
    quiet_hours: QuietHours | None = None
    country: str | None = None
    routing_rules: tuple[RoutingRule, ...] = ()
    version: int = 0

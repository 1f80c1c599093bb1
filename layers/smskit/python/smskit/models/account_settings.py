"""An account's settings: its own keywords and what they are answered with, and how long messages count and are kept."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Words:
    """The words of an account besides the built-in ones, in the form that they are compared in."""

    stop: tuple[str, ...] = ()
    start: tuple[str, ...] = ()
    help: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Settings as stored; `version` counts their changes.

    `confirm`: whether an opt-out or opt-in by SMS is confirmed by SMS, with `opt_out_text` and `opt_in_text` or, where
    they are None, with our own words. HELP is answered only if there is a `help_text`. `default_validity_seconds` is
    for jobs that name none; `retention_days` is how long jobs are kept; days begin in `time_zone`. None: the default.
    `shown_since`: what is older, ms, was no longer shown when the days were raised, and stays so. `wait_for_phone`:
    whether a job that doesn't say is accepted while no phone may take it, and waits for one.
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
    version: int = 0

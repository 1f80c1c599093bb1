"""By which SIM a message goes: the account's routing rules, and why it was the one that took it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from smskit.models.job import Job, Target


class Fallback(StrEnum):
    """What becomes of a message while no SIM of its rule is free: it waits for one of them, or any SIM takes it."""

    WAIT = "wait"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class RoutingRule:
    """Messages to numbers that begin with one of these go by these SIMs, the first that is free."""

    name: str
    prefixes: tuple[str, ...]
    sims: tuple[Target, ...]
    fallback: Fallback


def rule_for(rules: Iterable[RoutingRule], number: str) -> RoutingRule | None:
    """The rule for a number in E.164: that with the longest prefix of it, which no other rule has."""
    found = ((len(prefix), rule) for rule in rules for prefix in rule.prefixes if number.startswith(prefix))
    longest = max(found, key=lambda entry: entry[0], default=None)
    return longest[1] if longest is not None else None


class Choice(StrEnum):
    """Why a job went to a SIM: its sender named it; the recipient had written to it last; its routing rule names it, or
    names others that didn't take it; or it was free."""

    NAMED = "named"
    KNOWN = "known"
    RULE = "rule"
    FALLBACK = "fallback"
    FREE = "free"


def choice_of(job: Job, device_id: str, sim_slot: int | None) -> Choice:
    """Why the job went to this SIM. What that depends on is settled when the job is accepted, so it is worked out and
    not stored."""
    taken = (Target(device_id, sim_slot), Target(device_id))
    if job.targets and job.route is None:
        return Choice.NAMED
    if job.preferred in taken:
        return Choice.KNOWN
    if job.route is not None:
        return Choice.RULE if any(sim in taken for sim in job.route.sims) else Choice.FALLBACK
    return Choice.FREE

"""An account's routing rules: what they may be, and the one that a message goes by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from smskit.accounts.logic import audit_log, retention
from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.errors import InvalidSettingsError
from smskit.models import worlds
from smskit.models.audit import Action
from smskit.models.job import Job, Route, Target
from smskit.models.member import Person
from smskit.models.routing import Fallback, RoutingRule, rule_for
from smskit.phones.store import devices

MAX_RULES, MAX_PREFIXES, MAX_SIMS = 20, 50, 8


def routed(job: Job, now: int) -> Job:
    """The job with the rule that it goes by, unless its sender named where it goes. The SIM that the recipient wrote to
    last comes before those of the rule.

    By the settings that the account had within the last five minutes: every send has read them already. No phone sends
    in a test world.
    """
    if job.targets or worlds.is_test(job.account_id):
        return job
    rules = account_settings.current(job.account_id, now, retention.KEPT_MS).routing_rules
    rule = rule_for(rules, job.recipient)
    if rule is None:
        return job
    if rule.fallback is Fallback.ANY:
        return replace(job, route=Route(rule.name, rule.sims))
    only = _with_known(job.preferred, rule.sims)
    return replace(job, targets=only, route=Route(rule.name, only))


def _with_known(known: Target | None, sims: tuple[Target, ...]) -> tuple[Target, ...]:
    if known is None:
        return sims
    return known, *(sim for sim in sims if known not in (sim, Target(sim.device_id)))


def read(account_id: str) -> tuple[RoutingRule, ...]:
    """The account's rules, as they are."""
    return account_settings.read(account_id).routing_rules


def replace_all(person: Person, rules: Sequence[RoutingRule], now: int) -> tuple[RoutingRule, ...]:
    """Make these the account's rules. Messages that are accepted keep theirs. Raises InvalidSettingsError."""
    _require_unlike(rules)
    _require_sims(person.account_id, rules)
    wanted = SettingsChange(routing_rules=tuple(rules))
    changed = account_settings.change(person.account_id, wanted)
    audit_log.note(person, Action.SETTINGS_CHANGED, person.account_id, now, changed=" ".join(wanted.named()))
    return changed.routing_rules


def _require_unlike(rules: Sequence[RoutingRule]) -> None:
    """Each name and each prefix once, so that no message has two rules; each SIM once in its rule."""
    names: set[str] = set()
    prefixes: dict[str, str] = {}
    for place, rule in enumerate(rules):
        if rule.name.casefold() in names:
            raise InvalidSettingsError(f"another rule is called {rule.name} already", f"rules/{place}/name")
        names.add(rule.name.casefold())
        for at, prefix in enumerate(rule.prefixes):
            if prefix in prefixes:
                fault = f"{prefix} is a prefix of {prefixes[prefix]} already"
                raise InvalidSettingsError(fault, f"rules/{place}/prefixes/{at}")
            prefixes[prefix] = rule.name
        for at, sim in enumerate(rule.sims):
            if sim in rule.sims[:at]:
                raise InvalidSettingsError("the rule names this SIM already", f"rules/{place}/sims/{at}")


def _require_sims(account_id: str, rules: Sequence[RoutingRule]) -> None:
    """A phone that never connected has not said yet which SIMs it has: a rule may hope for them. What the account's
    rules name already may stay: a phone that was removed since keeps nobody from changing the others.
    """
    kept = {sim for rule in read(account_id) for sim in rule.sims}
    known: dict[str, set[int] | None] = {}
    for place, rule in enumerate(rules):
        for at, sim in enumerate(rule.sims):
            if sim in kept:
                continue
            field = f"rules/{place}/sims/{at}"
            if sim.device_id not in known:
                known[sim.device_id] = _slots(account_id, sim.device_id)
            slots = known[sim.device_id]
            if slots is None:
                raise InvalidSettingsError(f"{sim.device_id} is no phone of this account", f"{field}/deviceId")
            if slots and sim.sim_slot not in slots:
                raise InvalidSettingsError(f"{sim.device_id} has no SIM in slot {sim.sim_slot}", f"{field}/simSlot")


def _slots(account_id: str, device_id: str) -> set[int] | None:
    """The slots of a phone's SIMs; None where the account has no such phone."""
    device, its_lanes = devices.get_with_lanes(account_id, device_id)
    if device is None or device.is_revoked:
        return None
    return {lane.key.sim_slot for lane in its_lanes}

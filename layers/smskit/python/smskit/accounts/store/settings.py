"""An account's settings: one item, replaced under its version."""

from __future__ import annotations

from dataclasses import replace

from smskit.models import worlds
from smskit.models.account_settings import AccountSettings, QuietHours, Words
from smskit.models.job import Target
from smskit.models.routing import Fallback, RoutingRule
from smskit.platform import table
from smskit.platform.codec import Item

_SETTINGS = "settings"


def get(account_id: str, *, consistent: bool) -> AccountSettings:
    """The account's settings, of either world of it; the defaults when it never set any."""
    item = table.get("accounts", {"pk": worlds.live_of(account_id), "sk": _SETTINGS}, consistent=consistent)
    if item is None:
        return AccountSettings()
    words = item["customWords"]
    return AccountSettings(
        confirm=item["confirmOptOut"],
        opt_out_text=item.get("optOutText"),
        opt_in_text=item.get("optInText"),
        help_text=item.get("helpText"),
        words=Words(tuple(words["stop"]), tuple(words["start"]), tuple(words["help"])),
        default_validity_seconds=item.get("defaultValiditySeconds"),
        retention_days=item.get("retentionDays"),
        time_zone=item.get("timeZone"),
        shown_since=item.get("shownSince", 0),
        wait_for_phone=item.get("waitForPhone", False),
        quiet_hours=_quiet_hours(item.get("quietHours")),
        country=item.get("country"),
        routing_rules=tuple(_rule(rule) for rule in item.get("routingRules", ())),
        version=item["version"],
    )


def save(account_id: str, settings: AccountSettings) -> AccountSettings:
    """Replace the version that `settings` was made from. Raises ConditionFailedError when another change was first."""
    saved = replace(settings, version=settings.version + 1)
    words = saved.words
    item: Item = {
        "pk": account_id,
        "sk": _SETTINGS,
        "confirmOptOut": saved.confirm,
        "optOutText": saved.opt_out_text,
        "optInText": saved.opt_in_text,
        "helpText": saved.help_text,
        "customWords": {"stop": words.stop, "start": words.start, "help": words.help},
        "defaultValiditySeconds": saved.default_validity_seconds,
        "retentionDays": saved.retention_days,
        "timeZone": saved.time_zone,
        "shownSince": saved.shown_since,
        "waitForPhone": saved.wait_for_phone,
        "quietHours": _quiet_item(saved.quiet_hours),
        "country": saved.country,
        "routingRules": [_rule_item(rule) for rule in saved.routing_rules],
        "version": saved.version,
    }
    if settings.version:
        table.put("accounts", item, "version = :seen", {":seen": settings.version})
    else:
        table.put("accounts", item, "attribute_not_exists(pk)")
    return saved


def _quiet_item(quiet: QuietHours | None) -> Item | None:
    return {"from": quiet.begins, "to": quiet.ends, "exempt": quiet.exempt} if quiet is not None else None


def _quiet_hours(item: Item | None) -> QuietHours | None:
    return QuietHours(item["from"], item["to"], tuple(item["exempt"])) if item is not None else None


def _rule_item(rule: RoutingRule) -> Item:
    sims = [{"deviceId": sim.device_id, "simSlot": sim.sim_slot} for sim in rule.sims]
    return {"name": rule.name, "prefixes": rule.prefixes, "sims": sims, "fallback": rule.fallback.value}


def _rule(item: Item) -> RoutingRule:
    sims = tuple(Target(sim["deviceId"], sim["simSlot"]) for sim in item["sims"])
    return RoutingRule(item["name"], tuple(item["prefixes"]), sims, Fallback(item["fallback"]))

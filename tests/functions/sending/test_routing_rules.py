"""Routing rules, as people read and replace them."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.phones.logic import settings as phone_settings
from tests.support import console, routing, seeds
from tests.support.aws import Cloud
from tests.support.console import Console
from tests.support.routing import rule, sim


@pytest.fixture
def owner(cloud: Cloud) -> Console:
    return console.owner()


def test_an_account_begins_with_none(owner: Console) -> None:
    assert owner.get("/console/routing-rules").body == {"rules": []}


def test_they_are_replaced_as_a_whole_and_noted(owner: Console) -> None:
    desk, shelf = seeds.phone(owner.account_id), seeds.phone(owner.account_id, sims=2)
    first = rule(desk, shelf, fallback="wait") | {"prefixes": ["+25470", "+25471"]}
    second = {"name": "Abroad", "prefixes": ["+44"], "sims": [sim(shelf, 1)], "fallback": "any"}
    routing.set_rules(owner.account_id, first, second)
    assert owner.get("/console/routing-rules").body == {"rules": [first, second]}
    routing.set_rules(owner.account_id, second)
    assert owner.get("/console/routing-rules").body == {"rules": [second]}
    assert owner.get("/console/settings").status == 200
    noted = owner.get("/console/audit").body["entries"][0]
    assert (noted["action"], noted["details"]) == ("settings.changed", {"changed": "routingRules"})


def test_any_sim_is_the_fallback_where_none_is_said(owner: Console) -> None:
    asked = rule(seeds.phone(owner.account_id))
    del asked["fallback"]
    assert routing.put(owner.account_id, asked).body["rules"][0]["fallback"] == "any"


def test_a_phone_that_never_connected_may_get_the_sim_yet(owner: Console) -> None:
    routing.set_rules(owner.account_id, rule(seeds.phone(owner.account_id, sims=0, online=False)))


def faults(account_id: str, *rules: dict[str, Any]) -> list[str]:
    """Where the request is wrong; nothing of it is kept."""
    answer = routing.put(account_id, *rules)
    assert answer.status == 400, answer.body
    assert Console(console.person("viewer", account_id)).get("/console/routing-rules").body == {"rules": []}
    return [fault["pointer"] for fault in answer.body["errors"]]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"name": ""}, "#/rules/0/name"),
        ({"name": "  "}, "#/rules/0/name"),
        ({"name": "x" * 41}, "#/rules/0/name"),
        ({"prefixes": []}, "#/rules/0/prefixes"),
        ({"prefixes": [f"+254{number}" for number in range(51)]}, "#/rules/0/prefixes"),
        ({"prefixes": ["254"]}, "#/rules/0/prefixes/0"),
        ({"prefixes": ["+254", "+0254"]}, "#/rules/0/prefixes/1"),
        ({"prefixes": ["+"]}, "#/rules/0/prefixes/0"),
        ({"prefixes": ["+25471\n"]}, "#/rules/0/prefixes/0"),
        ({"prefixes": ["+1234567890123456"]}, "#/rules/0/prefixes/0"),
        ({"prefixes": ["+254", "+254"]}, "#/rules/0/prefixes/1"),
        ({"sims": []}, "#/rules/0/sims"),
        ({"sims": [{"deviceId": "dvc_0"}]}, "#/rules/0/sims/0/deviceId"),
        ({"fallback": "none"}, "#/rules/0/fallback"),
        ({"carrier": "Safaricom"}, "#/rules/0/carrier"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_its_place(owner: Console, change: dict[str, Any], pointer: str) -> None:
    assert pointer in faults(owner.account_id, rule(seeds.phone(owner.account_id)) | change)


def test_no_more_than_eight_sims_a_rule_and_twenty_rules(owner: Console) -> None:
    phones = [seeds.phone(owner.account_id) for _ in range(9)]
    assert faults(owner.account_id, rule(*phones)) == ["#/rules/0/sims"]
    many = [rule(phones[0], name=f"{number}", prefix=f"+254{number}") for number in range(21)]
    assert faults(owner.account_id, *many) == ["#/rules"]
    routing.set_rules(owner.account_id, rule(*phones[:8]), *many[:19])


def test_names_prefixes_and_sims_stand_once(owner: Console) -> None:
    desk = seeds.phone(owner.account_id)
    one = rule(desk)
    assert faults(owner.account_id, one, rule(desk, name="SAFARICOM", prefix="+1")) == ["#/rules/1/name"]
    assert faults(owner.account_id, one, rule(desk, name="Other")) == ["#/rules/1/prefixes/0"]
    assert faults(owner.account_id, rule(desk, desk)) == ["#/rules/0/sims/1"]


def test_sims_are_those_of_the_accounts_own_phones(owner: Console) -> None:
    desk, other = seeds.phone(owner.account_id), seeds.phone(console.owner().account_id)
    assert faults(owner.account_id, rule(desk, other)) == ["#/rules/0/sims/1/deviceId"]
    assert faults(owner.account_id, rule(desk) | {"sims": [sim(desk, 1)]}) == ["#/rules/0/sims/0/simSlot"]
    phone_settings.revoke(owner.account_id, desk.device_id)
    assert faults(owner.account_id, rule(desk)) == ["#/rules/0/sims/0/deviceId"]


def test_a_change_of_other_settings_leaves_them(owner: Console) -> None:
    desk = seeds.phone(owner.account_id)
    routing.set_rules(owner.account_id, rule(desk))
    assert owner.patch("/console/settings", {"country": "GB"}).status == 200
    assert owner.get("/console/routing-rules").body == {"rules": [rule(desk)]}


def test_a_phone_that_was_removed_keeps_no_rule_from_being_changed(owner: Console) -> None:
    gone, away, desk = (seeds.phone(owner.account_id) for _ in range(3))
    routing.set_rules(owner.account_id, rule(gone), rule(away, name="Abroad", prefix="+44"))
    for phone in (gone, away):
        phone_settings.revoke(owner.account_id, phone.device_id)
    routing.set_rules(owner.account_id, rule(desk), rule(away, name="Abroad", prefix="+44"))
    refused = routing.put(owner.account_id, rule(desk, gone))
    assert [fault["pointer"] for fault in refused.body["errors"]] == ["#/rules/0/sims/1/deviceId"]

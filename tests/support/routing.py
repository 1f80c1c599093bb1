"""Routing rules of an account, set as people set them."""

from __future__ import annotations

from typing import Any, Protocol

from tests.support import console
from tests.support.console import Console
from tests.support.http_events import Answer


class Phone(Protocol):
    """Whatever has a phone's id."""

    @property
    def device_id(self) -> str: ...


def sim(phone: Phone, sim_slot: int = 0) -> dict[str, Any]:
    """A SIM, as a rule names it."""
    return {"deviceId": phone.device_id, "simSlot": sim_slot}


def rule(*phones: Phone, name: str = "Safaricom", prefix: str = "+25471", fallback: str = "any") -> dict[str, Any]:
    """A rule that names the first SIM of some phones."""
    return {"name": name, "prefixes": [prefix], "sims": [sim(phone) for phone in phones], "fallback": fallback}


def put(account_id: str, *rules: dict[str, Any]) -> Answer:
    """Replace the account's rules."""
    owner = Console(console.person("owner", account_id))
    return owner.call("PUT", "/console/routing-rules", {"rules": list(rules)})


def set_rules(account_id: str, *rules: dict[str, Any]) -> None:
    """The same, of rules that are right."""
    answer = put(account_id, *rules)
    assert answer.status == 200, answer.body
    assert answer.body == {"rules": list(rules)}

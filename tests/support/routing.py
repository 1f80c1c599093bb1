"""Routing rules of an account, set as people set them, and where messages go by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from tests.support import console
from tests.support.console import Console
from tests.support.http_events import Answer
from tests.support.inbox import ALICE, Inbox
from tests.support.world import FakeRadioPhone


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


def takers(inbox: Inbox, fleet: Sequence[FakeRadioPhone]) -> list[int]:
    """Which phones are offered what was sent, one for each offer."""
    inbox.world.pump("urgent", "standard", "bulk")
    return [position for position, phone in enumerate(fleet) for _ in phone.take_offers()]


def send(inbox: Inbox, **changes: Any) -> str:
    """The id of a message to Alice, but for the changes."""
    answer = inbox.api.send(**({"recipient": ALICE} | changes))
    assert answer.status == 202, answer.body
    return str(answer.body["jobId"])


def refusal(inbox: Inbox, **changes: Any) -> str:
    """Why a send is refused; nothing of it is kept."""
    before = inbox.api.kept()
    answer = inbox.api.send(**({"recipient": ALICE} | changes))
    assert answer.status == 422, answer.body
    assert answer.body["type"].endswith("/no-eligible-device")
    assert inbox.api.kept() == before
    return str(answer.body["detail"])


def chosen(inbox: Inbox, job_id: str) -> tuple[str, str | None]:
    """Why it went where it did, by its timeline."""
    (entry,) = [each for each in inbox.api.status(job_id).body["timeline"] if each["event"] == "assigned"]
    return entry["choice"], entry.get("rule")


def taken(inbox: Inbox, phone: FakeRadioPhone) -> None:
    """The phone takes what it was offered."""
    inbox.world.pump("urgent", "standard", "bulk")
    assert [said["verdict"] for said in phone.claim()] == ["go"]

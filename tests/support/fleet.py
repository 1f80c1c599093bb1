"""An account's phones, with an endpoint that is told what the devices table's stream tells of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.support.hooks import Hook
from tests.support.webhooks import Webhooks
from tests.support.world import World


class Fleet:
    """An account with phones, and an endpoint that hears of some events."""

    def __init__(self, hooks: Webhooks, *names: str) -> None:
        assert hooks.clock is not None
        self.hooks, self.clock = hooks, hooks.clock
        self.world = World(hooks.cloud, hooks.clock, hooks.account_id)
        self.hook: Hook = hooks.hook(*names)[0]

    def records(self) -> list[dict[str, Any]]:
        """What the event source lets through of what happened since."""
        return self.hooks.stream("devices")

    def tell(self, records: list[dict[str, Any]]) -> list[str]:
        """Hand the records over; the names of all the events so far."""
        assert self.hooks.fan_out(records) == []
        self.hooks.send()
        return [event["event"] for event in self.heard()]

    def heard(self) -> list[dict[str, Any]]:
        """The events that the endpoint got, in order of their time."""
        return sorted(self.hook.events(), key=lambda event: datetime.fromisoformat(event["at"]))

    def events(self) -> list[str]:
        return self.tell(self.records())

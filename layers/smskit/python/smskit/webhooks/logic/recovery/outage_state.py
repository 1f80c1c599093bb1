"""An endpoint's outage, as the state machine carries it from step to step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from smskit.platform.times import now_ms


class Next(StrEnum):
    """Where the state machine goes from a task."""

    WAIT = "wait"
    DRAIN = "drain"
    CLOSE = "close"
    ASIDE = "aside"
    SUSPEND = "suspend"
    CONTINUE = "continue"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Outage:
    """`since` is when the endpoint began to accept nothing, in milliseconds; `wait` is in seconds.

    `rounds` counts the tasks of this execution and `part` the executions of this outage: a history has a limit.
    `rested` says that a task before this one failed for minutes, which no count tells.
    """

    account_id: str
    webhook_id: str
    number: int
    since: int = 0
    wait: int = 0
    rounds: int = 0
    part: int = 1
    next: Next = Next.WAIT
    reason: str | None = None
    rested: bool = False

    @property
    def execution(self) -> str:
        """The execution's name."""
        name = f"{self.webhook_id}-{self.number}"
        return name if self.part == 1 else f"{name}-{self.part}"

    def then(self, where: Next, **changes: Any) -> Outage:
        """The state after a task."""
        return replace(self, next=where, rounds=self.rounds + 1, **changes)

    def to_state(self) -> dict[str, Any]:
        """As JSON values. `pause` is the wait before a probe; what else comes next is done at once."""
        return {
            "accountId": self.account_id,
            "webhookId": self.webhook_id,
            "outage": self.number,
            "since": self.since,
            "wait": self.wait,
            "pause": self.wait if self.next is Next.WAIT else 0,
            "rounds": self.rounds,
            "part": self.part,
            "next": self.next.value,
            "reason": self.reason,
        }


def outage_of(state: dict[str, Any]) -> Outage:
    """The outage that `to_state` wrote, with what the state machine has added.

    An execution that began before there was `since` counted steps: its outage's age begins now, so that no endpoint is
    given up for an age that nobody knows.
    """
    since = state.get("since", now_ms())
    return Outage(
        state["accountId"], state["webhookId"], state["outage"], since, state["wait"], state["rounds"],
        state["part"], Next(state["next"]), state["reason"], rested="fault" in state,
    )  # fmt: skip

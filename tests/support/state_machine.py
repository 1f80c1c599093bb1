"""Plays the recovery state machine's own definition, step by step, against the real handler."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DEFINITION = json.loads((Path(__file__).parents[2] / "infra" / "constructs" / "webhook_recovery.asl.json").read_text())
State = dict[str, Any]


@dataclass
class Played:
    """What an execution did."""

    waits: list[int] = field(default_factory=list)
    entered: list[str] = field(default_factory=list)
    output: State = field(default_factory=dict)

    @property
    def transitions(self) -> int:
        """What Step Functions bills: every state entered, and the end."""
        return len(self.entered)


def play(state: State, task: Callable[[State], State], pause: Callable[[int], None], *, at_most: int = 5_000) -> Played:
    """Run to the end. `pause` lets the time of a Wait pass."""
    played, name = Played(), DEFINITION["StartAt"]
    while True:
        step = DEFINITION["States"][name]
        played.entered.append(name)
        assert len(played.entered) < at_most, "the execution never ends"
        match step["Type"]:
            case "Succeed":
                played.output = state
                return played
            case "Wait":
                seconds = state[step["SecondsPath"].removeprefix("$.")] if "SecondsPath" in step else step["Seconds"]
                if seconds:
                    played.waits.append(seconds)
                    pause(seconds)
                name = step["Next"]
            case "Choice":
                taken = [choice for choice in step["Choices"] if _holds(choice, state)]
                name = taken[0]["Next"] if taken else step["Default"]
            case "Task":
                given = {
                    key.removesuffix(".$"): state if key.endswith(".$") else value
                    for key, value in step["Parameters"].items()
                }
                try:
                    state, name = json.loads(json.dumps(task(json.loads(json.dumps(given))))), step["Next"]
                except Exception as error:
                    (caught,) = step["Catch"]
                    state, name = state | {"fault": {"Error": type(error).__name__}}, caught["Next"]


def _holds(choice: dict[str, Any], state: State) -> bool:
    return bool(state[choice["Variable"].removeprefix("$.")] == choice["StringEquals"])

"""Random schedules one after the other, of whatever kind, each from its beginning to its rest."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import pytest

from smskit import aws, caches
from smskit.phones.store import devices
from smskit.platform import side_by_side, table
from tests.model.events import Climate
from tests.model.later import Later
from tests.model.running import Clock, Runner, phones_of
from tests.model.violations import violations

Kind = TypeVar("Kind", bound=Later)


@dataclass
class Series(Generic[Kind]):
    """Schedules of a kind. What the functions do side by side is one thing after the other, so that it can die in
    between. `bad`: what was wrong, by seed; `ended`: how many messages came to each end."""

    runner: Runner
    monkeypatch: pytest.MonkeyPatch
    kind: Callable[..., Kind]
    bad: dict[int, list[str]] = field(default_factory=dict)
    ended: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.monkeypatch.setattr(side_by_side, "run", lambda do, each: [do(one) for one in each])

    def begin(self, seed: int) -> Kind:
        """A schedule, at its beginning."""
        made = Clock.schedule = self.kind(seed, self.runner.functions, Climate())
        random.seed(seed)
        self.monkeypatch.setattr(aws, "client", made.client)
        caches.forget()
        return made

    def run(self, seeds: Iterable[int]) -> None:
        """Each with its phones, to its rest."""
        for seed in seeds:
            made = self.begin(seed)
            for phone, device in phones_of(made):
                made.phones.append(phone)
                table.put("devices", devices.device_item(device))
            for phone in made.phones:
                made.connect(phone)
            try:
                made.run(made.random.choice([30, 100, 300, 600]))
            except AssertionError as error:
                self.bad[seed] = [str(error)]
                continue
            found = [*made.wrongs(), *violations(made)]
            self.ended.update(str(row["status"]) for row in made.dynamodb.tables["jobs"].values())
            if found:
                self.bad[seed] = found

    def say(self) -> str:
        """What was wrong, in lines."""
        return "\n".join(f"seed {seed}: {found[:3]}" for seed, found in self.bad.items())

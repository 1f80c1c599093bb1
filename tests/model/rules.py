"""The rules of the pool alone, in a world of plain Python: "hold, then delete", without a line of the real code.

A lane holds a job first and takes its entry out of the pool second; the entry goes back first, the hold is released
second. Handlers are generators in which each `yield` stands for one AWS call, so that a schedule may turn, and a
handler may die, between any two. Scopes: "*" is the account's pool, a lane's number its own; a job for k lanes has k
entries.
"""

from __future__ import annotations

import random
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from typing import Any

RULES = {
    "delete-first": "the entry goes before the lane holds the job",
    "release-first": "the lane lets go before the entry is back",
    "timer-late": "the offer's timer is set behind the hold",
    "no-look-lane": "a lane that turned ready doesn't look once more",
    "no-look-job": "a job that was put into the pool doesn't look for a lane once more",
    "skip-lost": "a lane leaves out, in its last look, jobs that it lost before",
    "fill-early": "after two misses the timer to look again is set before the lane lets go, and no look follows",
    "clear-assigned": "who meets an entry of an Assigned job removes it",
    "first-entry-first": "of several entries the one by which a job counts as published is written first",
    "no-orphans": "a timer that finds its job in neither place leaves it there",
    "blind-claim": "a claim doesn't ask whether the job is Pending",
    "first-only": "the timer of an orphan looks at the first target's entry alone",
    "keeps-lost-token": "a lane that lost a job to another takes it again under the token that it lost",
    "no-full": "the early timer of an urgent job offers elsewhere without setting its offer's full timer",
    "full-last": "the early timer sets the full timer behind its offer elsewhere",
}
# Thrift, not safety: the offers' own timers heal what these would leave.
HEALED = frozenset({"skip-lost", "fill-early"})

Steps = Generator[None, None, Any]
Held = dict[int, int]  # job to token
Scope = int | str


@dataclass
class Lane:
    """One lane: what it holds, under a version; `lost`: tokens of offers that never were, as another lane was first."""

    held: Held = field(default_factory=dict)
    version: int = 0
    lost: set[int] = field(default_factory=set)


@dataclass
class Job:
    """One job; Sent stands for every end."""

    scopes: list[Scope]
    is_urgent: bool
    status: str = "Pending"
    lane: int | None = None
    token: int | None = None


@dataclass(eq=False)
class Process:
    """A handler under way. `claims` is the token of a claim; what is redelivered when it dies comes by `again`."""

    steps: Steps
    redeliver: Any = None
    claims: int | None = None
    stalled_until: int = 0


@dataclass
class Timer:
    """A timer about an offer, and the handlers that it must outlast."""

    job: int
    lane: int
    token: int
    set_at: int
    setters: tuple[Process | None, ...]
    redelivered: bool = False


@dataclass
class Habits:
    """How rough a world is."""

    window: int = 1
    crash: float = 0.0  # a handler dies at a step
    lossy: float = 0.0  # a frame is lost
    busy: float = 0.0  # a delete in the pool is throttled
    sluggish: float = 0.0  # a handler stalls for long at a step
    disown: float = 0.0  # a phone gives back what it was told to send
    timer_delay: int = 500
    repeats_after: int = 0  # a phone says again what wasn't answered


class World:
    """The state that handlers share, with its atomic writes."""

    def __init__(self, rng: random.Random, lanes: int, jobs: int, habits: Habits, broken: Iterable[str]) -> None:
        self.random, self.habits, self.broken = rng, habits, frozenset(broken)
        self.lanes = {number: Lane() for number in range(lanes)}
        # At times one phone is offline for good; a job for that one alone would never end.
        self.offline = {0} if lanes > 1 and rng.random() < 0.3 else set()
        self.ready = set(self.lanes) - self.offline
        self.pool: set[tuple[Scope, int]] = set()
        self.jobs = {number: self._new_job(lanes) for number in range(jobs)}
        self.queue = [(number, False) for number in self.jobs]
        self.timers: list[Timer] = []
        self.early_timers: list[Timer] = []
        self.fills: list[tuple[int, int]] = []  # lane, when it was set
        self.late: set[int] = set()  # tokens whose claimBy has passed: their timer has begun
        self.to_phone: list[tuple[int, str, int, int]] = []  # lane, kind, job, token
        self.to_server: list[tuple[int, str, int, int]] = []
        self.phones: dict[int, dict[tuple[int, int], str]] = {number: {} for number in self.lanes}
        self.radio = dict.fromkeys(self.jobs, 0)
        self.now, self.is_calm = 0, False
        self.running: Process | None = None
        self._last_token = 0

    def _new_job(self, lanes: int) -> Job:
        scopes: list[Scope] = ["*"]
        if self.random.random() < 0.5:
            scopes = list(self.random.sample(range(lanes), self.random.randint(1, lanes)))
            if scopes == [0] and self.offline:
                scopes = [0, 1]
        return Job(scopes, self.random.random() < 0.5)

    def free(self, held: Held) -> int:
        """How many jobs the lane may hold besides."""
        return self.habits.window - len(held)

    def token(self) -> int:
        """A new one."""
        self._last_token += 1
        return self._last_token

    def may_take(self, lane: int, job: int) -> bool:
        """Whether the job may go to this lane."""
        return self.jobs[job].scopes == ["*"] or lane in self.jobs[job].scopes

    def read(self, lane: int) -> tuple[int, Held]:
        """The lane's version and what it holds."""
        return self.lanes[lane].version, dict(self.lanes[lane].held)

    def save(self, lane: int, version: int, held: Held) -> bool:
        """Write the lane under its version, with its ready item when that flips; False when it has changed since."""
        stored = self.lanes[lane]
        if stored.version != version:
            return False
        stored.held, stored.version = dict(held), version + 1
        (self.ready.add if self.free(held) > 0 else self.ready.discard)(lane)
        return True

    def arm(self, job: int, lane: int, token: int) -> None:
        """Set the timer of an offer; that of an urgent job is an early one."""
        timers = self.early_timers if self.jobs[job].is_urgent else self.timers
        timers.append(Timer(job, lane, token, self.now, (self.running,)))

    def post(self, lane: int, kind: str, job: int, token: int) -> None:
        """Send a frame to a phone."""
        self.to_phone.append((lane, kind, job, token))

    def is_published(self, job: int) -> bool:
        """Whether the entry stands that is written last."""
        return (self.jobs[job].scopes[0], job) in self.pool

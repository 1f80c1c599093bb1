"""Handlers that run in virtual time: each in a thread of its own that moves only while the clock stands at its turn."""

from __future__ import annotations

import itertools
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from tests.simulation.clock import Clock
from tests.support.functions import load
from tests.support.memory import ClientErrors

LIMIT_MS = 5_000  # a function on the message's path may run so long
Range = tuple[float, float]
_CURRENT = threading.local()


class HandlerDiedError(BaseException):
    """The function ran into its limit: nothing in the handler may catch it."""


class Invocation:
    """One run of a handler. `failed`: what it raised, or "timeout". `seen`: the pool as its last look showed it."""

    def __init__(self, clock: Clock, kind: str, run: Callable[[Invocation], Any], then: Callable[[Invocation], None]):
        self.kind, self.started, self.result, self.failed = kind, clock.now, None, None
        self.seen: set[str] = set()
        self._clock, self._then, self._deadline = clock, then, clock.now + LIMIT_MS
        self._dies = self._done = False
        self._go, self._paused = threading.Semaphore(0), threading.Semaphore(0)
        threading.Thread(target=self._main, args=(run,), daemon=True).start()

    def get_remaining_time_in_millis(self) -> int:
        """As Lambda's context has it."""
        return max(0, int(self._deadline - self._clock.now))

    def pause(self, ms: float) -> None:
        """Let virtual time pass; called in the handler's thread."""
        if self._dies:
            raise HandlerDiedError
        wake = self._clock.now + ms
        self._dies = self._dies or wake > self._deadline
        self._clock.at(min(wake, self._deadline), self.step)
        self._wait()

    def _wait(self) -> None:
        self._paused.release()
        self._go.acquire()
        if self._dies:
            raise HandlerDiedError

    def step(self) -> None:
        """Run to the next pause, or to the end."""
        self._go.release()
        self._paused.acquire()
        if self._done:
            self._then(self)

    def abandon(self) -> None:
        """End the thread of a run that the simulation doesn't wait for."""
        self._dies, self._then = True, lambda _: None
        self.step()

    def _main(self, run: Callable[[Invocation], Any]) -> None:
        _CURRENT.invocation = self
        self._go.acquire()
        try:
            if not self._dies:
                self.result = run(self)
        except HandlerDiedError:
            self.failed = "timeout"
        except Exception as error:
            self.failed = error
        self._done = True
        self._paused.release()


def current() -> Invocation | None:
    """The run in whose thread this is called, if any."""
    return getattr(_CURRENT, "invocation", None)


def pause(seconds: float) -> None:
    """Stands in for the sleep of `smskit.platform.patience`."""
    invocation = current()
    assert invocation is not None, "only a handler may wait"
    invocation.pause(seconds * 1000)


class Gate:
    """A client whose requests take time, half of it on the way there and half on the way back."""

    def __init__(self, client: Any, latency: Range, rng: random.Random, count: Counter[str]) -> None:
        self._client, self._latency, self._rng, self._count = client, latency, rng, count
        self.exceptions = ClientErrors

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)

        def call(**arguments: Any) -> Any:
            invocation = current()
            if invocation is None:
                return method(**arguments)
            self._count[name] += 1
            half = self._rng.uniform(*self._latency) / 2
            invocation.pause(half)
            try:
                return method(**arguments)
            finally:
                invocation.pause(half)

        return call


class Functions:
    """The functions of the message's path. Each event has a run of its own, begun at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._numbers = itertools.count()
        self._running: dict[int, Invocation] = {}
        self._handlers = {
            name: load(folder).lambda_handler
            for name, folder in {
                "gateway": "phone_gateway",
                "dispatcher": "dispatcher",
                "timekeeper": "timekeeper",
                "janitor": "janitor",
            }.items()
        }
        self.failures: Counter[str] = Counter()
        self.durations: defaultdict[str, list[float]] = defaultdict(list)

    def start(self, name: str, event: dict[str, Any], then: Callable[[Invocation], None]) -> None:
        """Run a function with an event; `then` gets the run when it is over."""
        self.run(name, lambda invocation: self._handlers[name](event, invocation), then)

    def run(
        self,
        kind: str,
        work: Callable[[Invocation], Any],
        then: Callable[[Invocation], None] = lambda invocation: None,
    ) -> None:
        """Run any work as a function would."""
        number = next(self._numbers)

        def over(invocation: Invocation) -> None:
            del self._running[number]
            self.durations[kind].append(self._clock.now - invocation.started)
            if invocation.failed is not None:
                self.failures[f"{kind}: {_name_of(invocation.failed)}"] += 1
            then(invocation)

        self._running[number] = Invocation(self._clock, kind, work, over)
        self._clock.after(0, self._running[number].step)

    def end(self) -> None:
        """Let go of every run that is still under way."""
        for invocation in self._running.values():
            invocation.abandon()
        self._running.clear()


def _name_of(failure: Any) -> str:
    return failure if isinstance(failure, str) else type(failure).__name__

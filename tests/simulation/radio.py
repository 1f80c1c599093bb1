"""A SIM's radio: one message at a time, the highest priority first, as the phone agent's `radio` and `lines` do it."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass

from tests.simulation.clock import Clock

Key = tuple[str, str]
"""A job's id and the token of its offer."""

URGENT = 9
PATIENCE_MS = 2_000  # so long an urgent claim on its way keeps lesser messages from the radio
VARIES = 0.2  # a message takes so much more or less than the radio's time, at random


@dataclass(slots=True)
class HandOver:
    """A message on the radio. `ended` is None while it is there."""

    job_id: str
    began: float
    ended: float | None = None

    def share_of(self, start: float, end: float) -> float:
        """Milliseconds of this stretch of time that it took."""
        return max(0.0, min(end, self.ended or end) - max(start, self.began))


class Radio:
    """Sends what is cleared. `begins` says whether a job may still go, `on_sent` hears of each that went."""

    def __init__(
        self,
        clock: Clock,
        rng: random.Random,
        seconds: float,
        begins: Callable[[Key], bool],
        on_sent: Callable[[Key], None],
    ) -> None:
        self._clock, self._rng, self._seconds, self._begins, self._on_sent = clock, rng, seconds, begins, on_sent
        self._cleared: list[tuple[int, int, Key]] = []
        self._awaited: dict[Key, tuple[int, float]] = {}
        self._count = 0
        self._is_busy = False
        self.sent = 0
        self.log: list[HandOver] = []

    def add(self, key: Key, priority: int) -> None:
        """Take a cleared job."""
        self._count += 1
        heapq.heappush(self._cleared, (-priority, self._count, key))
        self.forget(key)

    def expect(self, key: Key, priority: int) -> None:
        """An urgent job is being claimed: nothing lesser begins until that is decided, or has taken too long."""
        self._awaited[key] = priority, self._clock.now + PATIENCE_MS
        self._clock.after(PATIENCE_MS, self.go_on)

    def forget(self, key: Key) -> None:
        """The claim is decided, or given up."""
        self._awaited.pop(key, None)
        self._clock.after(0, self.go_on)

    def go_on(self) -> None:
        """Begin the next message if there is one that needn't wait for another."""
        least = max((priority for priority, until in self._awaited.values() if until > self._clock.now), default=0)
        while not self._is_busy and self._cleared and -self._cleared[0][0] >= least:
            key = heapq.heappop(self._cleared)[2]
            if self._begins(key):
                self._send(key)

    def _send(self, key: Key) -> None:
        self._is_busy = True
        hand_over = HandOver(key[0], self._clock.now)
        self.log.append(hand_over)

        def done() -> None:
            hand_over.ended = self._clock.now
            self._is_busy = False
            self.sent += 1
            self._on_sent(key)
            self.go_on()

        self._clock.after(self._seconds * 1000 * self._rng.uniform(1 - VARIES, 1 + VARIES), done)

"""Virtual time: what is to happen, and when. Nothing sleeps for real."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable

START_MS = 1_782_208_800_000  # 2026-06-23T10:00:00Z: an hour begins, so no budget is renewed within a run


class Clock:
    """Milliseconds since the epoch. What is due at the same moment happens in the order in which it was planned."""

    def __init__(self) -> None:
        self.now = float(START_MS)
        self._due: list[tuple[float, int, Callable[[], object]]] = []
        self._numbers = itertools.count()

    @property
    def seconds(self) -> float:
        """Since the start of the run."""
        return (self.now - START_MS) / 1000

    def time_ns(self) -> int:
        """As `time.time_ns`, which this stands in for in `smskit.platform.times`."""
        return int(self.now * 1_000_000)

    def at(self, when: float, what: Callable[[], object]) -> None:
        """Plan something for a moment; what lies in the past happens next."""
        heapq.heappush(self._due, (max(when, self.now), next(self._numbers), what))

    def after(self, ms: float, what: Callable[[], object]) -> None:
        """Plan something for so many milliseconds from now."""
        self.at(self.now + ms, what)

    def run(self, seconds: float, is_over: Callable[[], bool] = lambda: False) -> None:
        """Let time pass until so long after the start, or until it `is_over`."""
        end = START_MS + seconds * 1000
        while self._due and self._due[0][0] <= end and not is_over():
            self.now, _, what = heapq.heappop(self._due)
            what()

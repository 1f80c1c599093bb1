"""This phone's monotonic clock, and the server's time on it."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime

from smskit_phone.wait_first import wait_at_most

STALE_AFTER = 15 * 60.0
UNANSWERED_AFTER = 60.0


def uptime() -> float:
    """Seconds that no one can set. CLOCK_BOOTTIME also counts while the device sleeps, which CLOCK_MONOTONIC
    does not: a phone that slept for an hour must know that an hour has passed."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


def rfc3339(epoch: float) -> str:
    """UTC with milliseconds, as the protocol wants it."""
    return datetime.fromtimestamp(epoch, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Stopwatch:
    """Seconds since some moment, and waiting by them. A program may turn one of its own by hand."""

    def now(self) -> float:
        """Never goes back; only differences mean anything."""
        return uptime()

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        """Whether the event was set in time; None waits without limit."""
        return await wait_at_most(event, seconds)


class ServerClock:
    """Learns from `serverTime` and answers how late it is there, never early.

    The server stamped its time after the question was asked, so `serverTime - asked_at` overstates the offset by at
    most the round trip. A deadline is then taken as passed a moment too soon rather than too late.
    """

    def __init__(self, monotonic: Callable[[], float] = uptime) -> None:
        self.monotonic = monotonic
        self._offset: float | None = None
        self._round_trip = 0.0
        self._learned_at = 0.0

    def learn(self, server_time: float, asked_at: float) -> None:
        """Takes a sample with its question's `monotonic` time; keeps the one with the shortest round trip."""
        now = self.monotonic()
        round_trip = now - asked_at
        stale = now - self._learned_at > STALE_AFTER
        if self._offset is None or stale or round_trip <= self._round_trip:
            self._offset, self._round_trip, self._learned_at = server_time - asked_at, round_trip, now

    def passed(self, deadline: float) -> bool:
        """Until the server has told its time every deadline counts as passed: nothing is sent on a guess."""
        return self._offset is None or self.monotonic() + self._offset >= deadline

    def stamp(self) -> str:
        """Now, for a report; by the wall clock only while the server's time is unknown."""
        return rfc3339(time.time() if self._offset is None else self.monotonic() + self._offset)


class Questions:
    """When a connection asked for the server's time, to tell which answer is to which question: they come in order.

    Were a later question taken for an earlier one's, the server's time would seem less than it is. A question whose
    answer was lost is taken by the next answer, which then only seems to have been long under way.
    """

    def __init__(self) -> None:
        self._asked: deque[float] = deque()

    def ask(self, now: float) -> None:
        """Another question goes out; what was asked long ago is not answered any more."""
        while self._asked and now - self._asked[0] > UNANSWERED_AFTER:
            self._asked.popleft()
        self._asked.append(now)

    def answered(self) -> float | None:
        """When it was asked what is answered now; None for an answer that nobody asked for."""
        return self._asked.popleft() if self._asked else None

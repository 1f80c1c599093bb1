"""Radios and clocks that tests turn by hand."""

import asyncio

from smskit_phone import FaultSource, RadioMessage, SimDriver
from smskit_phone.clock import Stopwatch
from smskit_phone.drivers.base import OnDelivered


class HandRadio(SimDriver):
    """Hands a message over when it is told to. `begun` is the order in which it was given them."""

    def __init__(self, runner, sims=None) -> None:
        super().__init__(FaultSource(), runner.state_dir / "radio.log", *([sims] if sims else []))
        self.begun: list[str] = []
        self.fails_with: Exception | None = None
        self.writes_no_log = False
        self._passed = asyncio.Semaphore(0)

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        self.begun.append(message.job_id)
        await self._passed.acquire()
        if self.fails_with:
            raise self.fails_with
        if self.writes_no_log:
            self.watch(message, on_delivered)
        else:
            await super().send(message, on_delivered)

    def let_pass(self, count: int = 1) -> None:
        """So many messages, under way or still to come, are handed over."""
        for _ in range(count):
            self._passed.release()


class HandStopwatch(Stopwatch):
    """Stands still until it is turned on; whoever waits by it then sees whether the time is up."""

    def __init__(self) -> None:
        self._now = 100.0
        self._waiting: set[asyncio.Event] = set()

    def now(self) -> float:
        return self._now

    async def wait(self, event: asyncio.Event, seconds: float | None) -> bool:
        deadline = None if seconds is None else self._now + seconds
        while not event.is_set() and (deadline is None or self._now < deadline):
            turned = asyncio.Event()
            self._waiting.add(turned)
            works = [asyncio.create_task(one.wait()) for one in (event, turned)]
            try:
                await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            finally:
                self._waiting.discard(turned)
                for work in works:
                    work.cancel()
        return event.is_set()

    def turn(self, seconds: float) -> None:
        """So much time passes."""
        self._now += seconds
        for turned in self._waiting:
            turned.set()

"""What each SIM's radio takes next."""

import heapq
from asyncio import Event
from collections.abc import Collection, Iterable, Sequence

from smskit_phone.clock import Stopwatch
from smskit_phone.jobs import Job, Key, Offer

URGENT = 9
"""From this priority on, the radio doesn't begin a lesser message while the job's claim is on its way."""


class Line:
    """One SIM's cleared jobs: the highest priority first, and of one priority the one that was cleared first.

    An urgent claim on its way keeps lesser jobs back for `patience` seconds at most: the server's answer may be lost,
    and the others mustn't wait for it.
    """

    def __init__(self, stopwatch: Stopwatch, patience: float) -> None:
        self._stopwatch = stopwatch
        self._patience = patience
        self._cleared: list[tuple[int, int, Key]] = []
        self._count = 0
        self._awaited: dict[Key, tuple[int, float]] = {}
        self._changed = Event()

    def add(self, job: Job) -> None:
        """Takes a cleared job."""
        self._count += 1
        heapq.heappush(self._cleared, (-job.priority, self._count, job.key))
        self._changed.set()

    def expect(self, key: Key, priority: int) -> None:
        """An urgent job is being claimed."""
        self._awaited[key] = priority, self._stopwatch.now() + self._patience

    def forget(self, key: Key) -> None:
        """The claim is decided, or given up."""
        self._awaited.pop(key, None)
        self._changed.set()

    async def next(self) -> Key:
        """The job to begin now, once there is one that needn't wait for another."""
        while True:
            self._changed.clear()
            now = self._stopwatch.now()
            self._awaited = {key: one for key, one in self._awaited.items() if one[1] > now}
            if self._cleared and -self._cleared[0][0] >= max((one[0] for one in self._awaited.values()), default=0):
                return heapq.heappop(self._cleared)[2]
            wait = min((one[1] - now for one in self._awaited.values()), default=None)
            await self._stopwatch.wait(self._changed, wait)


class Lines:
    """The lines of all SIMs: the claim desk fills them, the radio empties them."""

    def __init__(self, slots: Iterable[int], stopwatch: Stopwatch, patience: float) -> None:
        self._lines = {slot: Line(stopwatch, patience) for slot in slots}

    @property
    def slots(self) -> Collection[int]:
        """The SIM slots of this phone."""
        return self._lines.keys()

    def __getitem__(self, slot: int) -> Line:
        return self._lines[slot]

    def enqueue(self, jobs: Sequence[Job]) -> None:
        """Takes cleared jobs, all of them before a radio may begin one."""
        for job in jobs:
            self._lines[job.sim_slot].add(job)

    def expect(self, offer: Offer) -> None:
        """An urgent offer is being claimed: lesser jobs of its SIM wait for the answer."""
        self._lines[offer.sim_slot].expect(offer.key, offer.priority)

    def forget(self, key: Key) -> None:
        """A claim is decided, or given up."""
        for line in self._lines.values():
            line.forget(key)

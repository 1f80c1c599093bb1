"""A random schedule from weather to rest."""

from __future__ import annotations

from smskit.models.job import JobStatus
from smskit.models.lane import MAX_STRIKES
from tests.model.events import Events
from tests.model.phones import Phone

DRAIN_STEPS = 40_000


class Schedule(Events):
    """One random run, at whose end everything must come to rest."""

    def run(self, steps: int) -> None:
        """Random weather, then calm until nothing is left to do."""
        for _ in range(steps):
            self.one()
        self.faults = False
        self.settle(clears_at=self.random.choice([0, 0, 30]))

    # -- the calm after it ---------------------------------------------------------------------------------------

    def drain(self) -> None:
        """Everything that can happen without time passing."""
        for _ in range(DRAIN_STEPS):
            if self.running:
                self.step_handler()
            elif self.world.to_server:
                self.frame_to_server()
            elif self.to_phone:
                self.frame_to_phone()
            elif self.visible():
                self.take_message()
            else:
                return
        raise AssertionError("it never comes to rest")

    def settle(self, clears_at: int = 0) -> None:
        """Nothing dies and no frame is lost any more, and AWS's mood clears at a second: everything must find its end.

        A phone says nothing unasked unless its lanes are muted. A heartbeat mends whatever it finds, so it would hide
        what the timers and retries fail to do by themselves.
        """
        for second in range(5_400):
            if second == clears_at:
                self.weather.is_calm = True
            self.drain()
            for phone in self.phones:
                self._live(phone, second)
            self.drain()
            if second > 700 and self.is_quiet():
                break
            self.world.now += 1_000 if second < 60 else 5_000
        if self.is_quiet():
            self._meet_leftovers()

    def _meet_leftovers(self) -> None:
        """An entry of an ended job is removed by who meets it: the next word of a phone."""
        for phone in self.phones if self.dynamodb.tables["pool"] else ():
            phone.heartbeat()
            self.drain()

    def _live(self, phone: Phone, second: int) -> None:
        if phone.connection is None:
            self.connect(phone)
            return
        if not phone.greeted:
            phone.hello()
        phone.claim()
        self.drain()
        for _ in range(2 * len(phone.journal)):
            phone.send()
        phone.report()
        phone.decline()
        if second % 60 == 0 and self._is_muted(phone):
            phone.heartbeat()

    def _is_muted(self, phone: Phone) -> bool:
        rows = self.dynamodb.tables["devices"].values()
        return any(row.get("strikes", 0) >= MAX_STRIKES and row["deviceId"] == phone.device_id for row in rows)

    def is_quiet(self) -> bool:
        """Whether every job is at its end."""
        rows = self.dynamodb.tables["jobs"].values()
        return all(row["status"] not in (JobStatus.PENDING, JobStatus.ASSIGNED) for row in rows)

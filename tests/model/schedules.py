"""A random schedule from weather to rest."""

from __future__ import annotations

from smskit.models.job import JobStatus
from tests.model import arrivals
from tests.model.events import Events
from tests.model.phones import Phone

DRAIN_STEPS = 40_000
LAST_OF_WEATHER = 120
MENDED_AT = 3_600  # after five hours; a rest is a quarter of one


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
            elif self.from_phones():
                self.frame_to_server()
            elif self.for_phones():
                self.frame_to_phone()
            elif self.visible():
                self.take_message()
            else:
                return
        raise AssertionError("it never comes to rest")

    def settle(self, clears_at: int = 0) -> None:
        """Nothing dies and no frame is lost any more, and AWS's mood clears at a turn: everything must find its end.

        A phone says nothing unasked. A heartbeat mends whatever it finds, so it would hide what the timers and retries
        fail to do by themselves. Somewhere in the calm a network holds the frames of a phone for a while, loses none of
        them, and jobs come meanwhile. A SIM that fails most of what it is given is mended one day: until then what
        only it may send is tried once a rest, and may have no luck until its validity ends.
        """
        gap = range(0) if self.random.random() < 0.5 else self._gap()
        for turn in range(5_400):
            if turn == clears_at:
                self.weather.is_calm = True
            if turn == MENDED_AT:
                self._mend_sims()
            if turn in gap:
                self._hold_frames(gap.stop - turn)
            self.drain()
            for phone in self.phones:
                self._live(phone)
            self.drain()
            if turn > 700 and self.is_quiet():
                break
            self.world.now += 1_000 if turn < 60 or turn in gap else 5_000
        if self.is_quiet():
            self._meet_leftovers()

    def _gap(self) -> range:
        """When a network holds frames: for 5 to 60 turns of a second, long after the last of the weather."""
        begins = self.random.randint(2 * LAST_OF_WEATHER, 400)
        return range(begins, begins + self.random.randint(5, 60))

    def _hold_frames(self, seconds: int) -> None:
        if not any(self.held_until.get(phone, 0) > self.now for phone in self.phones):
            for phone in self.random.sample(self.phones, self.random.randint(1, len(self.phones))):
                self.held_until[phone] = self.now + seconds * 1_000
        if self.random.random() < 0.2:
            arrivals.accept(self)

    def _mend_sims(self) -> None:
        for phone in self.phones:
            phone.fails = False

    def _meet_leftovers(self) -> None:
        """An entry of an ended job is removed by who meets it: the next word of a phone, or what wakes it at the hour's
        turn where nothing is left of its hour."""
        for hours in (0, 1):
            self.world.now += hours * 3_600_000
            for phone in self.phones if self.dynamodb.tables["pool"] else ():
                phone.heartbeat()
                self.drain()

    def _live(self, phone: Phone) -> None:
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

    def is_quiet(self) -> bool:
        """Whether every job is at its end."""
        rows = self.dynamodb.tables["jobs"].values()
        return all(row["status"] not in (JobStatus.PENDING, JobStatus.ASSIGNED) for row in rows)

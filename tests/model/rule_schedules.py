"""Random schedules of the rules' world, from weather to rest, and what must hold then."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

from tests.model.rule_handlers import Handlers
from tests.model.rules import Habits, Process, Timer

WEATHER_STEPS, MOST_STEPS = 3_000, 100_000
EARLY, FILL = 8, 5  # steps until an early timer and a timer to look again are due
DISOWNED = 6  # so many times in a schedule phones may give a job back
_SAYS = {"claiming": "claim", "sent": "report", "declining": "decline"}
_HEARS = {("declined", "declining"): "dropped", ("gone", "claiming"): "dropped", ("ack", "sent"): "done"}


class RuleSchedule(Handlers):
    """Who moves next is chance."""

    def __init__(self, seed: int, *broken: str) -> None:
        rng = random.Random(seed)
        lanes, jobs, habits = _busy(rng) if seed % 2 else _rough(rng)
        super().__init__(rng, lanes, jobs, habits, broken)
        self.processes: list[Process] = []
        self.said: dict[tuple[int, tuple[int, int], str], int] = {}
        self.disowned = self.steps = 0

    def run(self) -> list[str]:
        """From weather through calm to rest; everything that does not hold then."""
        while self.steps < WEATHER_STEPS and self._step():
            self.steps += 1
        self.is_calm = True
        while self.steps < MOST_STEPS and self._step():
            self.steps += 1
        self._end_unknown()
        found = self._violations()
        for lane in self.lanes:  # the next word of each phone meets what ended jobs left
            for _ in self.fill(lane):
                pass
        if self.pool and not found:
            found.append("an entry of an ended job stays")
        return found

    def _end_unknown(self) -> None:
        """The report deadline: what no phone knows of any more is unknown, which is an end."""
        for number, job in self.jobs.items():
            if job.status != "Assigned" or job.lane is None or job.token is None:
                continue
            if self.phones[job.lane].get((number, job.token)) in ("dropped", None):
                job.status = "Sent"
                self.lanes[job.lane].held.pop(number, None)

    def _violations(self) -> list[str]:
        found = ["no rest"] if self.steps >= MOST_STEPS else []
        for number, job in self.jobs.items():
            found += ["doubled"] if self.radio[number] > 1 else []
            found += ["stuck"] if job.status != "Sent" else []
        for number, lane in self.lanes.items():
            found += ["leak"] if lane.held else []
            is_ready = number in self.ready
            found += ["ready item"] if number not in self.offline and (self.free(lane.held) > 0) != is_ready else []
        return found

    # -- what may happen next ----------------------------------------------------------------------------------

    def _step(self) -> bool:
        """One random event; False when nothing is left."""
        if not self.is_calm and self.habits.busy and self.random.random() < 0.01:
            lane = self.random.choice(sorted(set(self.lanes) - self.offline))
            self.processes.append(Process(self.hello(lane)))
        events = self._events()
        if not events:
            return False
        self.now += 1
        self.random.choice(events)()
        return True

    def _events(self) -> list[Callable[[], None]]:
        events: list[Callable[[], None]] = []
        if self.processes:
            some_move = any(process.stalled_until <= self.now for process in self.processes)
            events += [self._proceed] * (6 if some_move else 1)
        events += [self._from_queue] if self.queue else []
        events += [self._to_phone] if self.to_phone else []
        events += [self._to_server] if self.to_server else []
        if not (self.is_calm and (self.processes or self.to_phone or self.to_server)):
            events += self._due()
        if not (self.is_calm and (self.processes or self.to_phone)):
            says = self._unsaid()
            events += [partial(self._say, says)] if says else []
        return events

    def _due(self) -> list[Callable[[], None]]:
        """A timer outlasts the claim window, whoever set it, and a claim of its offer that is under way."""
        claimed = {process.claims for process in self.processes}
        ripe = [
            timer
            for timer in self.timers
            if (self.is_calm or self.now - timer.set_at > self.habits.timer_delay)
            and timer.token not in claimed
            and not any(setter in self.processes for setter in timer.setters)
        ]
        early = [timer for timer in self.early_timers if self.is_calm or self.now - timer.set_at > EARLY]
        fills = [fill for fill in self.fills if self.is_calm or self.now - fill[1] > FILL]
        events: list[Callable[[], None]] = []
        events += [partial(self._offer_due, self.random.choice(ripe))] if ripe else []
        events += [partial(self._hedge, self.random.choice(early))] if early else []
        events += [partial(self._fill, self.random.choice(fills))] if fills else []
        return events

    def _proceed(self) -> None:
        """One AWS call of a handler, unless it dies or stalls there: then much happens between two of its calls."""
        process = self.random.choice(self.processes)
        if process.stalled_until > self.now and self.random.random() < 0.98:
            return
        if self.random.random() < self.habits.sluggish:
            process.stalled_until = self.now + self.random.randint(20, 200)
        if not self.is_calm and self.random.random() < self.habits.crash:
            self.processes.remove(process)
            if process.redeliver:
                process.redeliver()
            return
        self.running = process
        try:
            next(process.steps)
        except StopIteration:
            self.processes.remove(process)

    def _from_queue(self) -> None:
        job, redelivered = self.queue.pop(self.random.randrange(len(self.queue)))
        self.processes.append(Process(self.dispatch(job, redelivered), lambda: self.queue.append((job, True))))

    def _offer_due(self, timer: Timer) -> None:
        self.timers.remove(timer)
        self.late.add(timer.token)

        def again() -> None:
            timer.redelivered = True
            self.timers.append(timer)

        self.processes.append(Process(self.offer_due(timer), again))

    def _hedge(self, timer: Timer) -> None:
        self.early_timers.remove(timer)
        self.processes.append(Process(self.hedge(timer), lambda: self.early_timers.append(timer)))

    def _fill(self, fill: tuple[int, int]) -> None:
        self.fills.remove(fill)
        self.processes.append(Process(self.fill(fill[0]), lambda: self.fills.append(fill)))

    # -- phones ------------------------------------------------------------------------------------------------

    def _to_server(self) -> None:
        frame = self.to_server.pop(self.random.randrange(len(self.to_server)))
        if self.is_calm or self.random.random() > self.habits.lossy:
            self.processes.append(self.frame(*frame))

    def _to_phone(self) -> None:
        frame = self.to_phone.pop(self.random.randrange(len(self.to_phone)))
        if self.is_calm or self.random.random() > self.habits.lossy:
            self._hear(*frame)

    def _unsaid(self) -> list[tuple[int, tuple[int, int], str]]:
        """What phones have to say and isn't on its way."""
        on_their_way = {(lane, (job, token)) for lane, _, job, token in self.to_server}
        return [
            (lane, offer, state)
            for lane, journal in self.phones.items()
            for offer, state in journal.items()
            if state in _SAYS and (lane, offer) not in on_their_way and self._may_repeat((lane, offer, state))
        ]

    def _may_repeat(self, saying: tuple[int, tuple[int, int], str]) -> bool:
        wait = self.habits.repeats_after
        if saying not in self.said or (self.is_calm and wait < MOST_STEPS):
            return True
        return self.now - self.said[saying] > wait

    def _say(self, sayings: list[tuple[int, tuple[int, int], str]]) -> None:
        saying = self.random.choice(sayings)
        self.said[saying] = self.now
        lane, (job, token), state = saying
        self.to_server.append((lane, _SAYS[state], job, token))

    def _hear(self, lane: int, kind: str, job: int, token: int) -> None:
        journal, offer = self.phones[lane], (job, token)
        state = journal.get(offer)
        if kind == "offer":
            journal.setdefault(offer, "claiming")
        elif kind == "go" and state == "claiming":
            if not self.is_calm and self.disowned < DISOWNED and self.random.random() < self.habits.disown:
                journal[offer] = "declining"  # it forgot the claim before the radio
                self.disowned += 1
            else:
                journal[offer] = "sent"
                self.radio[job] += 1
        elif kind == "go" and state in ("dropped", None):
            journal[offer] = "declining"
        elif (kind, state) in _HEARS:
            journal[offer] = _HEARS[kind, str(state)]


def _busy(rng: random.Random) -> tuple[int, int, Habits]:
    """Few lanes with one credit, several jobs, nothing fails: who comes too late waits for the next free credit."""
    habits = Habits(busy=rng.choice([0, 0.05, 0.3]), sluggish=0.1, timer_delay=800, repeats_after=10**6)
    return rng.randint(1, 2), rng.randint(2, 3), habits


def _rough(rng: random.Random) -> tuple[int, int, Habits]:
    habits = Habits(
        window=rng.choice([1, 1, 2, 3]),
        crash=rng.choice([0, 0, 0.02, 0.1]),
        lossy=rng.choice([0, 0, 0.1, 0.3]),
        busy=rng.choice([0, 0.05, 0.3]),
        sluggish=rng.choice([0, 0.05, 0.1]),
        disown=rng.choice([0, 0, 0.15]),
        timer_delay=rng.choice([40, 500, 500]),
        repeats_after=rng.choice([0, 0, 100]),
    )
    return rng.randint(1, 3), rng.choice([1, 2, 2, 3, 5, 8]), habits

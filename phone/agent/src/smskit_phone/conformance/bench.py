"""One phone under test, with the server, the radio and the power that it has."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial

from smskit_phone.conformance.jobs import PlayedJob, new_job_id
from smskit_phone.conformance.launchers import Call, Launcher, Running
from smskit_phone.conformance.line import Frame, Line
from smskit_phone.conformance.radio import PlayedRadio
from smskit_phone.conformance.verdicts import BrokenError, SkippedError

_LOOK_SECONDS = 0.01
_LEAST_WATCH = 3.0


class Bench(Line):
    """What a rule drives: it lets the phone run, says frames to it, and waits for what it does."""

    def __init__(self, call: Call, launcher: Launcher, patience: float, make_another: Callable[[], "Bench"]) -> None:
        super().__init__()
        self.call = call
        self.device_id, self.device_token = f"dvc_{call.code}", f"dt_{call.code}"
        self.patience = patience
        self.radio = PlayedRadio(self._note_hand_over)
        self.pairings: list[Frame] = []
        """The bodies with which it asked to be paired."""
        self.others: list[Bench] = []
        self.may_end = False
        """Whether the phone may end by itself."""
        self._make_another = make_another
        self._launcher = launcher
        self._running: Running | None = None

    async def start(self) -> Frame:
        """Starts the phone, which pairs if it never did, and waits for its hello."""
        known = len(self.of("hello"))
        await self.launch()
        await self.until(lambda: len(self.of("hello")) > known, "the phone says hello", self.start_seconds)
        return self.of("hello")[known]

    @property
    def start_seconds(self) -> float:
        """How long the phone may take to start."""
        return self._launcher.start_seconds

    async def launch(self) -> None:
        """Starts the phone, whatever it does then."""
        self._running = await self._launcher.start(self.call)

    async def kill(self) -> None:
        """The battery is out. Returns when the connection is gone too."""
        if self._running is not None:
            await self._running.kill()
            self._running = None
        await self.leave()

    async def restart(self) -> Frame:
        """Kills it and starts it again; its hello."""
        await self.kill()
        self.note("killed and started again")
        return await self.start()

    async def reconnect(self) -> Frame:
        """Breaks the connection, and waits for the phone to make another; its hello."""
        known = len(self.of("hello"))
        await self.drop()
        await self.greeted(known)
        return self.of("hello")[known]

    async def greeted(self, known: int, seconds: float | None = None) -> None:
        """Waits for a hello beyond so many."""
        await self.until(lambda: len(self.of("hello")) > known, "it connects again and says hello", seconds)

    def another(self) -> "Bench":
        """A second phone."""
        self.others.append(self._make_another())
        return self.others[-1]

    def job(
        self,
        priority: int = 5,
        *,
        segments: int = 1,
        valid_for: float = 3600,
        verdict: str = "go",
        slot: int | None = None,
    ) -> PlayedJob:
        """A job for a number of its own, so that the radio tells it from any other, for the phone's first SIM."""
        number = len(self.jobs) + 1
        recipient = f"+25470{self.call.code[-3:]}{number:04}"
        text = f"Message {number} " * (1 if segments == 1 else 14 * segments)
        slot = self.slots()[0] if slot is None else slot
        job = PlayedJob(new_job_id(), recipient, text, slot, priority, segments, valid_for, verdict)
        self.jobs.append(job)
        return job

    async def offer(self, *jobs: PlayedJob, claim_in: float = 5) -> None:
        """Under a new token each."""
        for job in jobs:
            job.renew()
        await self.say(self.offer_of(*jobs, claim_in=claim_in))

    def offer_of(self, *jobs: PlayedJob, claim_in: float = 5) -> Frame:
        """The frame that offers them under their present tokens."""
        claim_by = self.answers.time(claim_in)
        return {
            "type": "offer",
            "jobs": [job.as_offer(expires_at=self.answers.time(job.valid_for), claim_by=claim_by) for job in jobs],
        }

    async def say_strange(self, frame: Frame | str | bytes) -> None:
        """Something that a phone may leave its connection over; if it has done so before, it comes back first."""
        if self.connections[-1].closed:
            await self.greeted(len(self.of("hello")))
        await self.say_at_risk(lambda: self.say(frame))

    async def say_at_risk(self, saying: Callable[[], Awaitable[None]]) -> None:
        """Whether it arrives isn't known: the phone may be leaving."""
        with suppress(BrokenError):
            await saying()

    def slots(self) -> Sequence[int]:
        """The SIM slots that the phone named last. Without any there is nothing to judge."""
        slots = [sim["simSlot"] for sim in self.of("hello")[-1]["sims"]]
        if not slots:
            raise SkippedError("this phone names no SIM")
        return slots

    async def claimed(self, job: PlayedJob) -> None:
        """Waits until the phone has claimed it."""
        await self.until(lambda: self.items("claim", job), f"{self.name(job)} is claimed")

    async def cleared(self, job: PlayedJob) -> None:
        """Waits until the answer to its claim is out."""
        await self.until(lambda: self.answers.is_told(job), f"{self.name(job)} is claimed")

    async def declined(self, job: PlayedJob, why: str) -> None:
        """Waits until the phone has given it back."""
        await self.until(lambda: self.items("decline", job), f"{self.name(job)}, {why}, is declined")

    async def handed_over(self, *jobs: PlayedJob) -> None:
        """Waits until the radio has them all."""
        for job in jobs:
            times = partial(self.radio.times, job.recipient)
            await self.until(times, f"{self.name(job)} is handed to the radio")

    async def reported(self, job: PlayedJob, state: str) -> None:
        """Waits until it is reported in that state."""
        await self.until(lambda: state in job.states, f"{self.name(job)} is reported {state}")

    async def reported_anew(self, job: PlayedJob) -> None:
        """Waits until it is reported under its present token."""
        await self.until(
            lambda: any(item["token"] == job.token for item in job.reports),
            f"{self.name(job)} is reported under its second token",
        )

    async def settles(self) -> None:
        """Has one more message sent. On a SIM all that was cleared before it has had its turn by then."""
        job = self.job(priority=0)
        self.radio.release()
        greeted = 0
        while not self.items("claim", job):
            news = partial(self._is_claimed_or_greeted, job, greeted)
            await self.until(news, "the phone claims another message")
            if len(self.of("hello")) > greeted:
                greeted = len(self.of("hello"))
                await self.say_at_risk(lambda: self.offer(job))
        await self.until(lambda: {"Sent", "Delivered"} & set(job.states), "the phone sends another message")

    def _note_hand_over(self, recipient: str) -> None:
        names = (self.name(job) for job in self.jobs if job.recipient == recipient)
        self.note(f"radio: {next(names, 'a number of no job')}")

    def _is_claimed_or_greeted(self, job: PlayedJob, greeted: int) -> bool:
        return bool(self.items("claim", job)) or len(self.of("hello")) > greeted

    def expect_hand_overs(self, job: PlayedJob, times: int) -> None:
        """Raises unless the radio had it so often so far."""
        seen = self.radio.times(job.recipient)
        if seen != times:
            raise BrokenError(f"the radio was given {self.name(job)} {seen} times, instead of {times}. {self.trace()}")

    async def until(self, condition: Callable[[], object], expected: str, seconds: float | None = None) -> None:
        """Waits until something is true. Raises BrokenError with what was seen instead."""
        limit = seconds or self.patience
        deadline = time.monotonic() + limit
        while not condition():
            if self._running is not None and self._running.ended and not self.may_end:
                raise BrokenError(f"expected: {expected}; but the phone ended: {self._running.ended}")
            if time.monotonic() > deadline:
                raise BrokenError(f"expected: {expected}; not within {limit:.0f} s. {self.trace()}")
            await asyncio.sleep(_LOOK_SECONDS)

    async def quiet(self, seconds: float) -> None:
        """So much time passes in which the rule says nothing."""
        await asyncio.sleep(seconds)

    async def count_of(self, counted: Callable[[], int], enough: int, seconds: float) -> int:
        """How many there are after so many seconds of the phone, or as soon as there are enough to tell a storm. On a
        machine with much to do a storm takes its time: it gets 3 s at least."""
        with suppress(BrokenError):  # that there are never enough is as it should be
            await self.until(lambda: counted() >= enough, "a storm", max(self.phone_seconds(seconds), _LEAST_WATCH))
        return counted()

    def phone_seconds(self, seconds: float) -> float:
        """How long a wait of the phone's own takes, if its waits are shortened."""
        return seconds / self.call.scale

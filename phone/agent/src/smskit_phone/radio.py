"""Sends cleared jobs: one at a time on each SIM, the highest priority first."""

import asyncio
from collections.abc import Callable
from functools import partial

from smskit_phone.claims import JOURNAL_FAILED, ClaimDesk
from smskit_phone.context import Context
from smskit_phone.drivers.base import PERMANENT, TRANSIENT, UNKNOWN_OUTCOME, Driver, RadioError, RadioMessage
from smskit_phone.errors import JournalError
from smskit_phone.insistence import Insistence
from smskit_phone.jobs import Failure, Job, Key, State
from smskit_phone.lines import Lines
from smskit_phone.wait_first import first_of


class Radio:
    """Outlives connections: what is cleared is sent, and journaled, while the phone is offline too."""

    def __init__(self, context: Context, driver: Driver, lines: Lines, wake_reporter: Callable[[], None]) -> None:
        self._context = context
        self._journal = context.journal
        self._driver = driver
        self._wake_reporter = wake_reporter
        self._lines = lines
        self._busy: set[int] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._confirmed: dict[str, set[int]] = {}
        self._insistence = Insistence(context)

    def watch_sent(self) -> None:
        """After a restart: the confirmations of what was sent before it are still of interest."""
        for job in self._journal.awaiting_delivery():
            self._driver.watch(_message(job), partial(self._on_delivered, job.key.job_id, job.segments))

    async def run(self, desk: ClaimDesk) -> None:
        """Until cancelled. A job at the radio then is Unknown at the next start."""
        await first_of(*(self._work(slot, desk) for slot in self._lines.slots), self._insistence.run())

    async def drain(self, seconds: float) -> None:
        """Waits for the hand-overs under way, for so long at most."""
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            self._context.emit("drain_timeout", seconds=seconds)

    async def _work(self, slot: int, desk: ClaimDesk) -> None:
        line = self._lines[slot]
        while True:
            key = await line.next()
            self._busy.add(slot)
            self._idle.clear()
            try:
                await self._send(key, desk)
            finally:
                self._busy.discard(slot)
                if not self._busy:
                    self._idle.set()

    async def _send(self, key: Key, desk: ClaimDesk) -> None:
        job = self._journal.get(key)
        if job is None or job.state is not State.CLEARED:
            return
        if self._context.clock.passed(job.expires_at):
            desk.give_back([key], "expired")
            return
        if reason := self._driver.vitals().unready.get(job.sim_slot):
            desk.give_back([key], reason)
            return
        try:
            may_send = self._journal.begin_sending(key, self._context.clock.stamp())
        except JournalError as error:
            self._context.emit("journal_failed", reason=str(error))
            desk.give_back([key], JOURNAL_FAILED)
            return
        if not may_send:
            self._wake_reporter()
            return
        self._context.probe("after_sending_journaled")
        state, failure = await self._hand_over(job)
        self._context.probe("after_radio")
        at = self._context.clock.stamp()
        self._insistence.write(partial(self._conclude, job, state, at, failure))
        self._insistence.write(partial(self._settle, key.job_id, job.segments, at))

    def _conclude(self, job: Job, state: State, at: str, failure: Failure | None) -> None:
        job_id = job.key.job_id
        self._journal.finish(job_id, state, at, failure)
        self._context.probe("after_report_written")
        self._context.emit(state.lower(), jobId=job_id, simSlot=job.sim_slot, code=failure and failure.code)
        self._wake_reporter()

    async def _hand_over(self, job: Job) -> tuple[State, Failure | None]:
        try:
            await self._driver.send(_message(job), partial(self._on_delivered, job.key.job_id, job.segments))
        except RadioError as error:
            return _refusal(error)
        except Exception as error:  # a driver's defect: the message may be out or not, and the phone must go on
            return State.UNKNOWN, Failure(UNKNOWN_OUTCOME, f"the radio driver failed with {type(error).__name__}")
        self._context.emit("handed_over", jobId=job.key.job_id, simSlot=job.sim_slot)
        return State.SENT, None

    def _on_delivered(self, job_id: str, parts: int, part: int) -> None:
        self._confirmed.setdefault(job_id, set()).add(part)
        self._insistence.write(partial(self._settle, job_id, parts, self._context.clock.stamp()))

    def _settle(self, job_id: str, parts: int, at: str) -> None:
        """Delivered when every part is confirmed, which a fast network may do before the radio call returns."""
        if len(self._confirmed.get(job_id, ())) < parts:
            return
        if self._journal.finish(job_id, State.DELIVERED, at):
            del self._confirmed[job_id]
            self._context.emit("delivered", jobId=job_id)
            self._wake_reporter()


def _message(job: Job) -> RadioMessage:
    return RadioMessage(job.key.job_id, job.sim_slot, job.recipient, job.message, job.segments)


def _refusal(error: RadioError) -> tuple[State, Failure]:
    """Once a part is out the message is neither sent nor unsent: a new attempt would send that part twice."""
    if error.parts_handed_over:
        words = f"{error.code} after {error.parts_handed_over} parts were handed over"
        return State.UNKNOWN, Failure(UNKNOWN_OUTCOME, words)
    code = error.code if error.code in TRANSIENT | PERMANENT else "generic_failure"
    return State.FAILED, Failure(code, error.message)

"""Empties the outbox: one report frame under way at a time, each sent until it is acknowledged."""

import asyncio

from smskit_phone import frames
from smskit_phone.context import Context
from smskit_phone.errors import BadFrameError
from smskit_phone.link import Link
from smskit_phone.outbox import Batch
from smskit_phone.racing import wait_at_most

SENDS_BEFORE_POSTPONED = 5


class Reporter:
    """Outlives connections; what was under way when one broke is sent again on the next, under the same seq."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._outbox = context.journal.outbox
        self._wake = asyncio.Event()
        self._answered = asyncio.Event()
        self._under_way: int | None = None
        self._was_refused = False

    @property
    def is_idle(self) -> bool:
        """Whether the server has acknowledged everything."""
        return self._outbox.is_empty()

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._wake.set()

    def acknowledged(self, seq: int) -> None:
        """The server has taken this batch."""
        self._context.probe("before_ack")
        self._outbox.acknowledge(seq)
        self._answer(seq)

    def refused(self, seq: int) -> None:
        """The server cannot use this batch."""
        for key in self._outbox.refuse(seq):
            self._context.emit("report_given_up", jobId=key.job_id)
        self._was_refused = seq == self._under_way
        self._answer(seq)

    async def pump(self, link: Link) -> None:
        """Sends while there is something to send."""
        while True:
            self._wake.clear()
            batch = self._outbox.next_batch()
            if batch is None:
                await self._wake.wait()
            else:
                await self._deliver(link, batch)

    async def _deliver(self, link: Link, batch: Batch) -> None:
        self._under_way, self._was_refused = batch.seq, False
        self._answered.clear()
        try:
            frame = frames.report(batch)
            for _ in range(SENDS_BEFORE_POSTPONED):
                await link.send(frame)
                if await wait_at_most(self._answered, self._context.timings.report_resend):
                    break
            else:
                self._outbox.postpone(batch.seq)
        except BadFrameError as error:
            self._context.emit("bad_frame", reason=str(error))
            self.refused(batch.seq)
        if self._was_refused:
            # The server closes a connection with 20 errors in a minute.
            await asyncio.sleep(self._context.timings.error_spacing)

    def _answer(self, seq: int) -> None:
        if seq == self._under_way:
            self._answered.set()

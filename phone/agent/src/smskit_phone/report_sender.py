"""Empties the outbox: tells the server what became of its jobs."""

from smskit_phone import frames
from smskit_phone.context import Context
from smskit_phone.frames import Frame
from smskit_phone.numbered_frames import Courier
from smskit_phone.websocket import Link


class Reporter:
    """Outlives connections. Reports wait in the outbox until they are acknowledged."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._outbox = context.journal.outbox
        self._courier = Courier(context, self._next_frame, self.refused, self._outbox.postpone)

    @property
    def is_idle(self) -> bool:
        """Whether the server has acknowledged everything."""
        return self._outbox.is_empty()

    def wake(self) -> None:
        """There is something new in the outbox."""
        self._courier.wake()

    def acknowledged(self, seq: int) -> None:
        """The server has taken this batch."""
        self._context.probe("before_ack")
        self._outbox.acknowledge(seq)
        self._courier.answered(seq)

    def refused(self, seq: int) -> None:
        """The server cannot use this batch."""
        for key in self._outbox.refuse(seq):
            self._context.emit("report_given_up", jobId=key.job_id)
        self._courier.answered(seq, was_refused=True)

    async def pump(self, link: Link) -> None:
        """Sends while there is something to send."""
        await self._courier.pump(link)

    def _next_frame(self) -> Frame | None:
        batch = self._outbox.next_batch()
        return frames.report(batch) if batch else None

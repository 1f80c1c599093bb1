"""Sends frames that are numbered by `seq`: one under way at a time, each until it is answered."""

import asyncio
from collections.abc import Callable

from smskit_phone.context import Context
from smskit_phone.errors import BadFrameError, JournalError
from smskit_phone.frames import Frame
from smskit_phone.websocket import Link

SENDS_BEFORE_POSTPONED = 5


class Courier:
    """Outlives connections; what was under way when one broke is sent again on the next, under the same seq.

    `next_frame` gives the same frame until it is answered, `refuse` and `postpone` take the seq of one that the server
    can't use, or never answers.
    """

    def __init__(
        self,
        context: Context,
        next_frame: Callable[[], Frame | None],
        refuse: Callable[[int], object],
        postpone: Callable[[int], None],
    ) -> None:
        self._context = context
        self._next_frame = next_frame
        self._refuse = refuse
        self._postpone = postpone
        self._wake = asyncio.Event()
        self._answered = asyncio.Event()
        self._under_way: int | None = None
        self._was_refused = False

    def wake(self) -> None:
        """There is something new to send."""
        self._wake.set()

    def answered(self, seq: int, *, was_refused: bool = False) -> None:
        """The server has taken or refused a frame; the next one may go."""
        if seq == self._under_way:
            self._was_refused = was_refused
            self._answered.set()

    async def pump(self, link: Link) -> None:
        """Sends while there is something to send."""
        while True:
            self._wake.clear()
            try:
                frame = self._next_frame()
                if frame is None:
                    await self._wake.wait()
                else:
                    await self._deliver(link, frame)
            except JournalError as error:
                self._context.emit("journal_failed", reason=str(error))
                await asyncio.sleep(self._context.timings.journal_again)

    async def _deliver(self, link: Link, frame: Frame) -> None:
        self._under_way, self._was_refused = frame["seq"], False
        self._answered.clear()
        kind = frame["type"]
        try:
            for _ in range(SENDS_BEFORE_POSTPONED):
                self._context.probe(f"before_{kind}")
                await link.send(frame)
                self._context.probe(f"after_{kind}")
                if await self._context.stopwatch.wait(self._answered, self._context.timings.report_resend):
                    break
            else:
                self._postpone(frame["seq"])
        except BadFrameError as error:
            self._context.emit("bad_frame", reason=str(error))
            self._refuse(frame["seq"])
        if self._was_refused:
            # The server closes a connection with 20 errors in a minute.
            await asyncio.sleep(self._context.timings.error_spacing)

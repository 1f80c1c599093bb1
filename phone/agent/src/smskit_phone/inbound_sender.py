"""Takes SMS from the radio and hands them to the server."""

import asyncio
from collections.abc import Sequence

from smskit_phone.context import Context
from smskit_phone.drivers.base import Driver, InboundMessage
from smskit_phone.numbered_frames import Courier
from smskit_phone.websocket import Link


class Forwarder:
    """Outlives connections. A message is in the journal before the radio may forget it, and until the ack."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._arrivals = context.journal.arrivals
        self._courier = Courier(context, self._arrivals.next_frame, self.refused, self._arrivals.postpone)

    @property
    def is_idle(self) -> bool:
        """Whether the server has every message that it can use."""
        return self._arrivals.is_empty()

    async def listen(self, driver: Driver) -> None:
        """Takes what the radio receives, also while the phone is offline, until cancelled."""
        while True:
            try:
                await driver.listen(self._take)
            except Exception as error:  # a driver's defect or a full disk: the radio keeps the message
                self._context.emit("radio_deaf", reason=type(error).__name__)
                await asyncio.sleep(self._context.timings.listen_again)
            else:
                await asyncio.Event().wait()

    def _take(self, messages: Sequence[InboundMessage]) -> None:
        self._context.probe("after_inbound_read")
        arrived = self._arrivals.add(messages)
        self._context.probe("after_inbound_journaled")
        for one in arrived:
            self._context.emit("received", phoneMessageId=one.phone_message_id, simSlot=one.sim_slot)
            if one.refusal:
                self._tell_set_aside(one.phone_message_id, one.refusal)
        self._courier.wake()

    def acknowledged(self, seq: int) -> bool:
        """The server has stored a frame's messages. False: the number is not of a `received` frame that waits."""
        if not self._arrivals.holds(seq):
            return False
        self._context.probe("before_received_ack")
        self._context.emit("forwarded", seq=seq, messages=self._arrivals.acknowledge(seq))
        self._courier.answered(seq)
        return True

    def refused(self, seq: int) -> bool:
        """The server can't use a frame. False: the number is not of a `received` frame that waits."""
        if not self._arrivals.holds(seq):
            return False
        for phone_message_id in self._arrivals.refuse(seq):
            self._tell_set_aside(phone_message_id, "refused")
        self._courier.answered(seq, was_refused=True)
        return True

    async def pump(self, link: Link) -> None:
        """Sends while there is something to send."""
        await self._courier.pump(link)

    def _tell_set_aside(self, phone_message_id: str, reason: str) -> None:
        self._context.emit("received_set_aside", phoneMessageId=phone_message_id, reason=reason)

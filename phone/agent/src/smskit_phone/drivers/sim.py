"""A simulated radio with faults on demand, a log of every hand-over, and a folder of SMS that come in."""

import asyncio
import json
import os
import random
import time
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from smskit_phone.clock import rfc3339
from smskit_phone.drivers.base import InboundMessage, OnDelivered, OnReceived, RadioError, RadioMessage, Sim, Vitals
from smskit_phone.drivers.sim_inbox import INBOX, SimInbox, new_message_id, put
from smskit_phone.faults import ErrorRule
from smskit_phone.faults_file import FaultSource

RADIO_LOG = "radio.log"
POLL_SECONDS = 0.1


class SimDriver:
    """Takes every message, unless its faults say otherwise, and confirms it after the delivery latency.

    A hand-over counts once its line in `radio_log` is on the disk. The lines hold no text. The SMS that it
    receives are the files in the folder `inbox` beside that log.
    """

    def __init__(self, source: FaultSource, radio_log: Path, sims: Sequence[Sim] = (Sim(0),)) -> None:
        self._source = source
        self._radio_log = radio_log
        self._sims = tuple(sims)
        self._inbox = SimInbox(radio_log.parent / INBOX)
        self._random = random.Random(source.current().seed)
        self._refused: dict[ErrorRule, int] = {}
        self._deliveries: set[asyncio.Task[None]] = set()
        self.readiness = asyncio.Event()

    @property
    def delivery_reports(self) -> bool:
        return self._source.current().delivery_reports

    @property
    def sims(self) -> Sequence[Sim]:
        return self._sims

    def vitals(self) -> Vitals:
        return Vitals(100, True, "wifi", 4, frozenset(sim.sim_slot for sim in self._sims))

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        await asyncio.sleep(self._random.uniform(*self._source.current().send_latency))
        rule = self._refusal(message.recipient)
        if rule is None:
            self._log(message, message.parts)
            self.watch(message, on_delivered)
            return
        handed_over = min(rule.after_parts, message.parts - 1)
        if handed_over:
            self._log(message, handed_over)
        raise RadioError(rule.code, "the simulated radio refused the message", handed_over)

    def watch(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        faults = self._source.current()
        lost = message.recipient in faults.lost_delivery_numbers
        if not faults.delivery_reports or lost or self._random.random() < faults.lost_delivery_reports:
            return
        for part in range(message.parts):
            self._spawn(self._deliver(part, self._random.uniform(*faults.delivery_latency), on_delivered))

    async def listen(self, on_received: OnReceived) -> None:
        while True:
            if not self._inbox.hand_over(on_received):
                await asyncio.sleep(POLL_SECONDS)
            await asyncio.sleep(0)

    def inject(
        self,
        sender: str,
        content: str,
        *,
        sim_slot: int = 0,
        recipient: str | None = None,
        phone_message_id: str | None = None,
        received_at: float | None = None,
    ) -> str:
        """Lets an SMS come in, now or when the phone runs again; returns its phoneMessageId."""
        known = phone_message_id or new_message_id()
        at = rfc3339(time.time() if received_at is None else received_at)
        put(self._inbox.folder, [InboundMessage(known, sim_slot, sender, content, at, recipient)])
        return known

    async def close(self) -> None:
        for task in self._deliveries:
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)

    def _refusal(self, recipient: str) -> ErrorRule | None:
        for rule in self._source.current().errors:
            refused = self._refused.get(rule, 0)
            if rule.matches(recipient) and (rule.times is None or refused < rule.times):
                self._refused[rule] = refused + 1
                return rule
        return None

    def _log(self, message: RadioMessage, parts: int) -> None:
        line = {
            "time": rfc3339(time.time()),
            "jobId": message.job_id,
            "recipient": message.recipient,
            "simSlot": message.sim_slot,
            "parts": parts,
        }
        with self._radio_log.open("a") as file:
            file.write(json.dumps(line) + "\n")
            file.flush()
            os.fsync(file.fileno())

    @staticmethod
    async def _deliver(part: int, latency: float, on_delivered: OnDelivered) -> None:
        await asyncio.sleep(latency)
        on_delivered(part)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

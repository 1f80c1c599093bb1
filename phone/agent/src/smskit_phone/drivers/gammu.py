"""GSM modems, each run by the program smskit-gammu in a process of its own.

That program is licensed as gammu is, under the GPL; nothing of it is imported here.
"""

import asyncio
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from smskit_phone.database import Database
from smskit_phone.drivers import gammu_lines, gammu_parts, gammu_references
from smskit_phone.drivers.base import OnDelivered, OnReceived, RadioError, RadioMessage, Sim, Vitals
from smskit_phone.drivers.gammu_lines import Deleted, Listed, Part, Report, State
from smskit_phone.drivers.gammu_modem import Modem, ModemNotReadyError, ModemTimings, Port
from smskit_phone.drivers.gammu_parts import Parts
from smskit_phone.drivers.gammu_references import HandedOver, References
from smskit_phone.errors import JournalError, NoDriverError
from smskit_phone.wait_first import wait_at_most

STORE = "modems.sqlite3"
PROGRAM = "smskit-gammu"
_BARS = 4
_CODES = {"no-service": "no_service", "sim-absent": "sim_absent"}


def program() -> list[str]:
    """The worker's command: beside this Python, or on the PATH. Raises NoDriverError."""
    beside = Path(sys.executable).with_name(PROGRAM)
    found = str(beside) if beside.exists() else shutil.which(PROGRAM)
    if found is None:
        raise NoDriverError(f"{PROGRAM} is not installed: it is a package of its own, phone/gammu")
    return [found]


class GammuDriver:
    """One SIM slot for each modem, in their order."""

    def __init__(
        self,
        state_dir: Path,
        ports: Sequence[Port],
        command: Sequence[str] | None = None,
        timings: ModemTimings | None = None,
    ) -> None:
        self._database = Database(state_dir / STORE, gammu_references.SCHEMA + gammu_parts.SCHEMA)
        self._references = References(self._database)
        self._parts = Parts(self._database)
        command, timings = command or program(), timings or ModemTimings()
        self._modems = [Modem(slot, port, command, timings, self._on_news) for slot, port in enumerate(ports)]
        self._works: list[asyncio.Task[None]] = []
        self._awaited: dict[str, tuple[int, OnDelivered]] = {}
        self._unwritten: list[Callable[[], None]] = []
        self._arrived = asyncio.Event()
        self._told_ready: frozenset[int] | None = None
        self.readiness = asyncio.Event()

    @property
    def delivery_reports(self) -> bool:
        return True

    @property
    def sims(self) -> Sequence[Sim]:
        return [Sim(modem.slot, (modem.state.carrier if modem.state else "")[:64]) for modem in self._modems]

    def vitals(self) -> Vitals:
        unready = {modem.slot: reason for modem in self._modems if (reason := modem.unready)}
        ready = frozenset(modem.slot for modem in self._modems) - unready.keys()
        percent = max((modem.state.percent for modem in self._modems if modem.state), default=0)
        return Vitals(100, True, "cable", -(-percent * _BARS // 100), ready, unready)

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        modem = self._modems[message.sim_slot]
        self.watch(message, on_delivered)
        card = modem.state.card if modem.state else ""

        def on_part(one: gammu_lines.HandedOver) -> None:
            known = HandedOver(card, one.reference, message.recipient, message.job_id, one.part, one.parts)
            self._write(partial(self._references.add, known))

        try:
            await modem.send(message.recipient, message.text, on_part)
        except ModemNotReadyError as error:
            self._awaited.pop(message.job_id, None)
            raise RadioError(_CODES.get(str(error), "radio_off"), f"the modem can't send: {error}") from None
        self._settle(message.job_id)

    def watch(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        self._awaited[message.job_id] = message.parts, on_delivered
        asyncio.get_running_loop().call_soon(self._settle, message.job_id)

    async def settle(self, seconds: float) -> None:
        """Starts the modems, and gives each so long to say how it is: the first `hello` names the carriers then."""
        self._start()
        deadline = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < deadline and any(modem.is_starting for modem in self._modems):
            self._arrived.clear()
            await wait_at_most(self._arrived, deadline - asyncio.get_running_loop().time())

    async def listen(self, on_received: OnReceived) -> None:
        self._start()
        while True:
            self._arrived.clear()
            # Every poll comes by here, so that what waits for a missing part doesn't do so for ever.
            messages = self._parts.whole()
            if messages:
                on_received(messages)
                self._parts.taken(messages)
            arrived = asyncio.create_task(self._arrived.wait())
            done, _ = await asyncio.wait([arrived, *self._works], return_when=asyncio.FIRST_COMPLETED)
            for work in done:
                work.result()

    async def close(self) -> None:
        for work in self._works:
            work.cancel()
        await asyncio.gather(*self._works, return_exceptions=True)
        self._database.close()

    def _start(self) -> None:
        """Modems go on while the phone's journal can't take messages; one that has failed is begun anew."""
        kept = dict(zip(self._modems, self._works, strict=False))
        self._works = [
            kept[modem] if modem in kept and not kept[modem].done() else asyncio.create_task(modem.run(self._on_change))
            for modem in self._modems
        ]

    def _on_change(self) -> None:
        self._arrived.set()
        ready = self.vitals().ready_sims
        if ready != self._told_ready:
            self._told_ready = ready
            self.readiness.set()

    def _on_news(self, modem: Modem, news: State | Part | Report | Listed | Deleted) -> None:
        card = modem.state.card if modem.state else ""
        match news:
            case State():
                self._on_change()
                self._write_again()
            case Part(location=None) | Report(location=None):
                self._write(partial(self._keep, card, modem.slot, news))
            case Part(tag=int(tag)) | Report(tag=int(tag)):
                with suppress(JournalError):  # it stays with the modem, which tells it again
                    self._keep(card, modem.slot, news)
                    modem.delete(tag)
            case Listed():
                with suppress(JournalError):
                    self._parts.listed(news)
            case Deleted(location):
                with suppress(JournalError):  # the next list says it again
                    self._parts.deleted(card, location)

    def _keep(self, card: str, slot: int, news: Part | Report) -> None:
        if isinstance(news, Report):
            self._on_report(card, news)
        else:
            self._parts.add(card, slot, news)
            self._arrived.set()

    def _on_report(self, card: str, report: Report) -> None:
        job_id = self._references.settle(card, report)
        if job_id is not None:
            self._settle(job_id)

    def _write(self, work: Callable[[], None]) -> None:
        """What the modem has let go of stays in memory until there is room on the disk."""
        self._unwritten.append(work)
        self._write_again()

    def _write_again(self) -> None:
        with suppress(JournalError):
            while self._unwritten:
                self._unwritten[0]()
                del self._unwritten[0]

    def _settle(self, job_id: str) -> None:
        if job_id in self._awaited and self._references.is_delivered(job_id):
            parts, on_delivered = self._awaited.pop(job_id)
            for part in range(parts):
                on_delivered(part)

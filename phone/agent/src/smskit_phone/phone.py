"""A phone: one journal, one radio, and a connection that is made again whenever it breaks."""

import asyncio
import logging
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from smskit_phone import credentials
from smskit_phone.claims import ClaimDesk
from smskit_phone.clock import ServerClock, Stopwatch, uptime
from smskit_phone.config import PhoneConfig
from smskit_phone.context import Context
from smskit_phone.crash_points import CrashProbe, no_probe
from smskit_phone.credentials import Credentials
from smskit_phone.drivers.base import Driver
from smskit_phone.errors import JournalError, RevokedError
from smskit_phone.events import Emitter, OnEvent
from smskit_phone.faults_file import FaultSource
from smskit_phone.frame_faults import FrameFaults
from smskit_phone.inbound_sender import Forwarder
from smskit_phone.journal import Journal
from smskit_phone.lines import Lines
from smskit_phone.lock import exclusive
from smskit_phone.radio import Radio
from smskit_phone.report_sender import Reporter
from smskit_phone.session import Desks, Ending, Session
from smskit_phone.wait_first import wait_at_most
from smskit_phone.websocket import Link

JOURNAL = "journal.sqlite3"
_MESSAGE_BYTES = 128 * 1024
_HOUSEKEEPING_SECONDS = 3600.0

# The library logs frames at DEBUG; texts must not get into a log, whatever level the program has set.
_quiet = logging.getLogger("smskit_phone.websocket")
_quiet.setLevel(logging.WARNING)


class Phone:
    """`run` keeps the phone in service until `stop`; cancelling `run` is as hard as pulling the battery."""

    def __init__(
        self,
        config: PhoneConfig,
        driver: Driver,
        faults: FaultSource | None = None,
        on_event: OnEvent | None = None,
        stopwatch: Stopwatch | None = None,
    ) -> None:
        self.config = config
        self.driver = driver
        self.connected = asyncio.Event()
        """Set between a `welcome` and the end of its connection."""
        self._faults = faults
        self._frame_faults = FrameFaults(faults or FaultSource())
        self._on_event = on_event
        self._stopwatch = stopwatch or Stopwatch()
        self._stopping = asyncio.Event()
        self._connected_at = 0.0

    def stop(self) -> None:
        """Asks `run` to give back what is not sent, report the rest and return."""
        self._stopping.set()

    async def run(self) -> None:
        """Raises NotPairedError, RevokedError, StateInUseError, and JournalError when the journal can't be opened. What
        the network does raises nothing, nor does a disk that is full later on."""
        with exclusive(self.config.state_dir), self._opened() as (known, context):
            await self._serve(known, context)

    async def settle(self) -> None:
        """Connects once, tells and forwards what there is, gives back what isn't sent, and takes nothing. Whether that
        came about is in the journal. The caller holds the lock of the state folder. Raises what `run` raises."""
        self._stopping.set()
        with self._opened() as (known, context):
            await self._connect_once(known, context, self._desks(context))

    @contextmanager
    def _opened(self) -> Iterator[tuple[Credentials, Context]]:
        known = credentials.load(self.config.state_dir)
        if known.revoked:
            raise RevokedError(f"{known.device_id} was revoked by the server: pair it again")
        journal = Journal(self.config.state_dir / JOURNAL, known.device_id)
        try:
            context = self._context(journal, known)
            if any(journal.left_behind):
                context.emit("left_behind", **journal.left_behind._asdict())
            for key in journal.recover(context.clock.stamp()):
                context.emit("unknown", jobId=key.job_id)
            yield known, context
        finally:
            journal.close()

    def _context(self, journal: Journal, known: Credentials) -> Context:
        probe = CrashProbe(self._faults, self.config.state_dir) if self._faults else no_probe
        emit = Emitter(known.device_id, self._on_event)
        return Context(journal, self._stopwatch, ServerClock(self._stopwatch.now), self.config.timings, emit, probe)

    def _desks(self, context: Context) -> Desks:
        lines = Lines([sim.sim_slot for sim in self.driver.sims], context.stopwatch, context.timings.urgent_patience)
        reporter, forwarder = Reporter(context), Forwarder(context)
        claims = ClaimDesk(context, lines, reporter.wake, lambda: self.driver.vitals().unready)
        radio = Radio(context, self.driver, lines, reporter.wake)
        return Desks(claims, reporter, forwarder, radio)

    async def _serve(self, known: Credentials, context: Context) -> None:
        desks = self._desks(context)
        desks.radio.watch_sent()
        works = [
            asyncio.create_task(self._stay_connected(known, context, desks)),
            asyncio.create_task(desks.radio.run(desks.claims)),
            asyncio.create_task(desks.forwarder.listen(self.driver)),
            asyncio.create_task(self._keep_house(context)),
        ]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            for work in done:
                work.result()
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            await self.driver.close()
            self.connected.clear()

    async def _stay_connected(self, known: Credentials, context: Context, desks: Desks) -> None:
        failures = 0
        while not self._stopping.is_set():
            ending, lasted = await self._connect_once(known, context, desks)
            if ending is Ending.REVOKED:
                credentials.save(self.config.state_dir, replace(known, revoked=True))
                context.emit("revoked")
                raise RevokedError(f"{known.device_id} was revoked by the server")
            failures = 0 if lasted >= context.timings.settled_after else failures + 1
            if ending is not Ending.PLANNED:
                await wait_at_most(self._stopping, self._backoff(failures))
        desks.claims.close()
        await desks.radio.drain(context.timings.stop_grace)

    def _backoff(self, failures: int) -> float:
        """Full jitter, so that phones that lost the same server do not come back at the same moment."""
        timings = self.config.timings
        return random.uniform(0, min(timings.reconnect_cap, timings.reconnect_base * 2.0 ** min(failures, 16)))

    async def _connect_once(self, known: Credentials, context: Context, desks: Desks) -> tuple[Ending, float]:
        """Until the connection ends; why it did, and for how many seconds the phone was connected."""
        try:
            socket = await connect(
                known.web_socket_url,
                additional_headers={"Authorization": f"Bearer {known.device_token}"},
                compression=None,
                open_timeout=context.timings.open_timeout,
                # Heartbeats do what pings would, and keep API Gateway's idle timer from running out besides.
                ping_interval=None,
                close_timeout=1,
                max_size=_MESSAGE_BYTES,
                logger=_quiet,
            )
        except (OSError, TimeoutError, WebSocketException) as error:
            context.emit("connect_failed", reason=type(error).__name__)
            return Ending.CLOSED, 0.0
        link = Link(socket, self._frame_faults, context.emit)
        session = Session(context, self.config, self.driver, desks, link)
        try:
            ending = await session.run(self._stopping, lambda: self._on_welcome(context))
        except WebSocketException:
            ending = Ending.CLOSED
        except JournalError as error:  # not even read: a connection is of no use until that passes
            context.emit("journal_failed", reason=str(error))
            ending = Ending.CLOSED
        finally:
            lasted = uptime() - self._connected_at if self.connected.is_set() else 0.0
            self.connected.clear()
            await link.close()
        context.emit("disconnected", reason=ending)
        return ending, lasted

    def _on_welcome(self, context: Context) -> None:
        self._connected_at = uptime()
        self.connected.set()
        context.emit("connected")

    async def _keep_house(self, context: Context) -> None:
        while True:
            try:
                context.journal.prune(time.time() - self.config.retention_days * 86400)
                context.journal.arrivals.prune(time.time() - self.config.set_aside_days * 86400)
            except JournalError as error:
                context.emit("journal_failed", reason=str(error))
            await asyncio.sleep(_HOUSEKEEPING_SECONDS)

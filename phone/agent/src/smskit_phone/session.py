"""One connection's life: hello first, then frames both ways until it ends."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from smskit_phone import frames
from smskit_phone.claims import ClaimDesk
from smskit_phone.clock import Questions, uptime
from smskit_phone.config import PhoneConfig
from smskit_phone.context import Context
from smskit_phone.drivers.base import Driver
from smskit_phone.errors import JournalError
from smskit_phone.frames import ServerFrame, Welcome
from smskit_phone.inbound_sender import Forwarder
from smskit_phone.radio import Radio
from smskit_phone.report_sender import Reporter
from smskit_phone.wait_first import first_of, wait_at_most
from smskit_phone.websocket import Link


class Ending(StrEnum):
    """Why a connection is over."""

    CLOSED = "closed"
    NO_WELCOME = "no-welcome"
    NO_ANSWER = "no-answer"
    PLANNED = "planned"
    REVOKED = "revoked"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Desks:
    """The parts of the phone that outlive its connections."""

    claims: ClaimDesk
    reporter: Reporter
    forwarder: Forwarder
    radio: Radio


class Session:
    """Talks to the server over one link. Raises ConnectionClosed when that breaks while sending."""

    def __init__(self, context: Context, config: PhoneConfig, driver: Driver, desks: Desks, link: Link) -> None:
        self._context = context
        self._timings = context.timings
        self._config = config
        self._driver = driver
        self._desks = desks
        self._link = link
        self._early: list[ServerFrame] = []
        self._welcomed = asyncio.Event()
        self._retimed = asyncio.Event()
        self._beaten = asyncio.Event()
        self._beat_answered = asyncio.Event()
        self._beat_answered.set()
        self._heartbeat_seconds = 300.0
        self._questions = Questions()
        self._beaten_at = 0.0
        self._handled = asyncio.Event()

    async def run(self, stopping: asyncio.Event, on_welcome: Callable[[], None]) -> Ending:
        """Until the connection ends, for whatever reason."""
        return await first_of(self._read(), self._live(stopping, on_welcome))

    async def _live(self, stopping: asyncio.Event, on_welcome: Callable[[], None]) -> Ending:
        if not await self._greet():
            return Ending.NO_WELCOME
        on_welcome()
        return await first_of(
            self._wind_down(stopping),
            self._pump(),
            self._heartbeat(),
            self._tell_readiness(),
            self._watch(),
            self._lifetime(),
        )

    async def _pump(self) -> Ending:
        desks = self._desks
        await first_of(desks.claims.pump(self._link), desks.reporter.pump(self._link), desks.forwarder.pump(self._link))
        return Ending.CLOSED

    async def _greet(self) -> bool:
        """Says hello, once; whether there was a welcome."""
        self._questions.ask(self._context.stopwatch.now())
        await self._link.send(self._hello())
        return await wait_at_most(self._welcomed, self._timings.hello_timeout)

    def _hello(self) -> frames.Frame:
        vitals = self._driver.vitals()
        return {
            "type": "hello",
            "protocol": frames.PROTOCOL,
            "journalId": self._context.journal.journal_id,
            "appVersion": self._config.app_version,
            "capabilities": {"deliveryReports": self._driver.delivery_reports},
            "batteryLevel": vitals.battery_level,
            "networkType": vitals.network_type,
            "signalStrength": vitals.signal_strength,
            "sims": [sim.as_frame() for sim in self._driver.sims],
            "open": [frames.open_item(job) for job in self._context.journal.open_jobs(frames.OPEN_ITEMS)],
        }

    async def _read(self) -> Ending:
        async for frame in self._link.frames():
            if isinstance(frame, frames.Revoked):
                return Ending.REVOKED
            if isinstance(frame, Welcome):
                self._welcome(frame)
            elif self._welcomed.is_set():
                self._handle_or_leave(frame)
            else:
                # An offer may overtake the welcome; it waits until the clock is known and the open jobs are resolved.
                self._early.append(frame)
        return Ending.CLOSED

    def _welcome(self, frame: Welcome) -> None:
        self._learn_time(frame.server_time)
        self._heartbeat_seconds = frame.heartbeat_seconds
        self._desks.claims.resolved(frame.resolve)
        self._desks.reporter.wake()
        self._welcomed.set()
        early, self._early = self._early, []
        for one in early:
            self._handle_or_leave(one)

    def _handle_or_leave(self, frame: ServerFrame) -> None:
        """An answer that can't be journaled is as if it were lost: the phone says its frame again."""
        try:
            self._handle(frame)
        except JournalError as error:
            self._context.emit("journal_failed", reason=str(error))

    def _handle(self, frame: ServerFrame) -> None:
        match frame:
            case frames.Offers(offers):
                self._desks.claims.offered(offers)
            case frames.Claimed(verdicts):
                self._desks.claims.decided(verdicts)
            case frames.Declined(keys):
                self._desks.claims.declined(keys)
            case frames.Ack(seq):
                if not self._desks.forwarder.acknowledged(seq):
                    self._desks.reporter.acknowledged(seq)
            case frames.HeartbeatAck(server_time):
                self._beat_answered.set()
                self._learn_time(server_time)
            case frames.Settings():
                self._configure(frame)
            case frames.ServerError():
                self._on_error(frame)
        self._handled.set()

    def _configure(self, settings: frames.Settings) -> None:
        if settings.heartbeat_seconds:
            self._heartbeat_seconds = settings.heartbeat_seconds
            self._retimed.set()
        self._desks.claims.enable(dict(settings.enabled))

    def _on_error(self, error: frames.ServerError) -> None:
        """The server's words are not logged: they could quote a message."""
        self._context.emit("server_error", code=error.code, ref=error.ref)
        if isinstance(error.ref, int):
            if not self._desks.forwarder.refused(error.ref):
                self._desks.reporter.refused(error.ref)
        elif error.ref is not None:
            self._desks.claims.refused(error.ref)

    def _learn_time(self, server_time: float) -> None:
        asked_at = self._questions.answered()
        if asked_at is not None:
            self._context.clock.learn(server_time, asked_at)

    async def _heartbeat(self) -> Ending:
        while True:
            self._retimed.clear()
            if await wait_at_most(self._retimed, self._heartbeat_seconds * random.uniform(0.9, 1.0)):
                continue
            await self._beat()

    async def _tell_readiness(self) -> Ending:
        """A SIM that can't send any more is offered jobs until the server knows."""
        if self._driver.vitals().unready:
            self._driver.readiness.set()
        while True:
            await self._driver.readiness.wait()
            self._driver.readiness.clear()
            await self._beat()

    async def _beat(self) -> None:
        """One is under way at a time: the server handles frames side by side, and the older word would stand if it were
        handled last."""
        await wait_at_most(self._beat_answered, max(0.0, self._beaten_at + self._timings.answer_timeout - uptime()))
        self._beat_answered.clear()
        vitals = self._driver.vitals()
        self._questions.ask(self._context.stopwatch.now())
        self._beaten_at = uptime()
        await self._link.send(
            {
                "type": "heartbeat",
                "batteryLevel": vitals.battery_level,
                "isCharging": vitals.is_charging,
                "networkType": vitals.network_type,
                "signalStrength": vitals.signal_strength,
                "sims": [
                    {"simSlot": sim.sim_slot, "isReady": sim.sim_slot in vitals.ready_sims} for sim in self._driver.sims
                ],
            }
        )
        self._beaten.set()

    async def _watch(self) -> Ending:
        """A socket can look open long after the network has gone: a heartbeat that gets no answer tells."""
        while True:
            self._beaten.clear()
            await self._beaten.wait()
            beaten_at = self._beaten_at
            await asyncio.sleep(self._timings.answer_timeout)
            if self._link.heard_at < beaten_at and not self._link.silent:
                return Ending.NO_ANSWER

    async def _lifetime(self) -> Ending:
        await asyncio.sleep(random.uniform(*self._timings.connection_lifetime))
        return Ending.PLANNED

    async def _wind_down(self, stopping: asyncio.Event) -> Ending:
        """Gives back what is not sent yet, lets the radio finish, reports and forwards while there is time."""
        await stopping.wait()
        self._desks.claims.close()
        await self._desks.radio.drain(self._timings.stop_grace)
        deadline = uptime() + self._timings.stop_grace
        desks = (self._desks.claims, self._desks.reporter, self._desks.forwarder)
        while uptime() < deadline and not all(desk.is_idle for desk in desks):
            self._handled.clear()
            await wait_at_most(self._handled, deadline - uptime())
        return Ending.STOPPED

"""Phone agents: in this process, where they can be told to misbehave, or as processes of their own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smskit_local.safety import clean_environment
from smskit_phone import (
    Event,
    Faults,
    FaultSource,
    Phone,
    PhoneConfig,
    Sim,
    SimDriver,
    Timings,
    credentials,
    simulated_phone,
)
from smskit_phone.drivers.base import OnDelivered, RadioMessage
from smskit_phone.drivers.sim import RADIO_LOG
from smskit_phone.fleet import pair_fleet
from tests.e2e.stack import Tenant


class GatedRadio(SimDriver):
    """A simulated radio that hands nothing over while its gate is shut."""

    gate: asyncio.Event

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        await self.gate.wait()
        await super().send(message, on_delivered)


@dataclass
class Agent:
    """A phone agent that runs in this process."""

    folder: Path
    phone: Phone
    faults: FaultSource
    events: list[Event] = field(default_factory=list)
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    @property
    def device_id(self) -> str:
        """The id that pairing gave it."""
        return credentials.load(self.folder).device_id

    @property
    def radio(self) -> list[dict[str, Any]]:
        """Every hand-over to its radio, in order."""
        return hand_overs(self.folder)

    def count(self, name: str, **fields: Any) -> int:
        """How many of these events there were."""
        return sum(event.name == name and fields.items() <= event.fields.items() for event in self.events)

    def receives(self, sender: str, content: str, **more: Any) -> str:
        """Let an SMS come in at its radio, now or when it runs again; the phoneMessageId."""
        return radio_beside(self.folder).inject(sender, content, **more)

    def lost_offers(self) -> int:
        """Offers that came while it was silent."""
        return self.count("frame_lost", direction="in", type="offer")

    async def pull_battery(self) -> None:
        """End it without a word."""
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def stop(self) -> None:
        """End it gently: it gives back what it has not sent."""
        assert self.task is not None
        self.phone.stop()
        await asyncio.wait_for(self.task, 20)


class Phones:
    """Pairs and runs the phones of one test, and ends them with it."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._agents: list[Agent] = []
        self._processes: list[asyncio.subprocess.Process] = []
        self._accounts = 0
        self.delivered: dict[str, float] = {}
        """When a phone of this test saw each job delivered."""

    async def pair(self, tenant: Tenant, count: int = 1, *, sims: int = 1) -> list[Path]:
        """The state folders of newly paired phones."""
        self._accounts += 1
        folders = [self._home / f"{self._accounts}" / f"phone-{number:03}" for number in range(count)]
        paired = await pair_fleet(tenant.stack.url, tenant.codes(count), folders, "Simulated", sims)
        tenant.stack.secrets.update(one.device_token for one in paired)
        return folders

    async def start(
        self,
        folder: Path,
        faults: Faults | None = None,
        *,
        gated: bool = False,
        window: int = 3,
        wait: bool = True,
        **timings: Any,
    ) -> Agent:
        """A running phone, online unless `wait` is false. With `gated`, its radio waits until `gate` is set."""
        source, events = FaultSource(faults or Faults()), list[Event]()

        def record(event: Event) -> None:
            events.append(event)
            if event.name == "delivered":
                self.delivered[str(event.fields["jobId"])] = time.monotonic()

        sims = [Sim(slot, window=window) for slot in range(credentials.load(folder).sims)]
        phone = simulated_phone(folder, source, sims=sims, timings=Timings(**timings), on_event=record)
        agent = Agent(folder, phone, source, events)
        if gated:
            radio = GatedRadio(source, folder / RADIO_LOG, sims)
            radio.gate = agent.gate
            agent.phone = Phone(PhoneConfig(folder, timings=Timings(**timings)), radio, source, record)
        agent.task = asyncio.create_task(agent.phone.run())
        self._agents.append(agent)
        if wait:
            await asyncio.wait_for(agent.phone.connected.wait(), 60)
        return agent

    async def start_all(self, folders: list[Path], faults: Faults) -> list[Agent]:
        """Many phones, a few at a time: each connection under way is a process of the emulator's."""
        gate = asyncio.Semaphore(4)

        async def start(folder: Path) -> Agent:
            async with gate:
                return await self.start(folder, faults)

        return await asyncio.gather(*(start(folder) for folder in folders))

    async def new(self, tenant: Tenant, faults: Faults | None = None, *, sims: int = 1, **more: Any) -> Agent:
        """A phone that was just paired, and runs."""
        [folder] = await self.pair(tenant, sims=sims)
        return await self.start(folder, faults, **more)

    async def process(self, folder: Path, faults: dict[str, Any]) -> asyncio.subprocess.Process:
        """The agent's own command in a process that can be killed; it was online once when this returns."""
        file = folder / "faults.json"
        file.write_text(json.dumps(faults))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "smskit_phone", "run", "--state", str(folder), "--faults", str(file), "--json"),
            env=clean_environment(),
            stdout=asyncio.subprocess.PIPE,
        )
        self._processes.append(process)
        assert process.stdout is not None
        async with asyncio.timeout(60):
            while b'"connected"' not in (line := await process.stdout.readline()):
                assert line, "the phone's process ended before it was online"
        return process

    async def end(self) -> None:
        """End whatever still runs."""
        for agent in self._agents:
            await agent.pull_battery()
        for process in self._processes:
            if process.returncode is None:
                process.send_signal(signal.SIGKILL)
                await process.wait()


def radio_beside(folder: Path) -> SimDriver:
    """The radio of a phone whose agent runs elsewhere, or doesn't run: for SMS that come in."""
    return SimDriver(FaultSource(), folder / RADIO_LOG)


def hand_overs(folder: Path) -> list[dict[str, Any]]:
    """The lines of a phone's radio.log."""
    log = folder / RADIO_LOG
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def times_handed_over(*folders: Path) -> Counter[str]:
    """How often each job was handed to the radio of any of the phones."""
    return Counter(line["jobId"] for folder in folders for line in hand_overs(folder))

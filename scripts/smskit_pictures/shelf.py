"""The phones of the pictures: real agents on a simulated radio, in this process, that say of themselves what a branch's
phone would."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from smskit_phone import (
    Credentials,
    Faults,
    FaultSource,
    Phone,
    PhoneConfig,
    Sim,
    SimDriver,
    credentials,
)
from smskit_phone.drivers.base import OnDelivered, RadioMessage, Vitals
from smskit_phone.drivers.sim import RADIO_LOG
from smskit_pictures.business import ShownPhone

_APP_VERSION = "1.4.2"
_ONLINE_SECONDS = 240
SEND_SECONDS = (0.4, 1.4)
USUAL = Faults(send_latency=SEND_SECONDS, delivery_latency=(0.8, 2.6))


class ShownRadio(SimDriver):
    """A simulated radio with a battery that isn't always full. To the numbers in `busy` it never ends to send."""

    def __init__(self, source: FaultSource, radio_log: Path, shown: ShownPhone) -> None:
        super().__init__(source, radio_log, shown.sims)
        self._shown = shown
        self.busy: set[str] = set()

    def vitals(self) -> Vitals:
        return self._shown.vitals

    async def send(self, message: RadioMessage, on_delivered: OnDelivered) -> None:
        if message.recipient in self.busy:
            await asyncio.Event().wait()
        await super().send(message, on_delivered)


@dataclass
class ShelfPhone:
    """A phone that runs."""

    shown: ShownPhone
    folder: Path
    radio: ShownRadio
    faults: FaultSource
    phone: Phone
    task: asyncio.Task[None] | None = None

    @property
    def device_id(self) -> str:
        """The id that pairing gave it."""
        return credentials.load(self.folder).device_id

    async def start(self) -> None:
        """Let it come online."""
        self.task = asyncio.create_task(self.phone.run())
        await asyncio.wait_for(self.phone.connected.wait(), _ONLINE_SECONDS)

    async def pull_battery(self) -> None:
        """End it without a word."""
        if self.task is not None:
            self.task.cancel()
            await asyncio.gather(self.task, return_exceptions=True)


@dataclass
class Shelf:
    """Pairs phones, and ends them with the `async with`."""

    api_url: str
    home: Path
    phones: dict[str, ShelfPhone] = field(default_factory=dict)
    _ends: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Shelf:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._ends.aclose()

    async def pair(self, shown: ShownPhone, new_code: Callable[[], str]) -> ShelfPhone:
        """A phone of the account, which doesn't run yet."""
        folder = self.home / shown.name.lower().replace(" ", "-")
        await _redeem(self.api_url, new_code(), folder, shown)
        source = FaultSource(Faults(send_latency=(0.3, 1.2), delivery_latency=(0.8, 2.5)))
        radio = ShownRadio(source, folder / RADIO_LOG, shown)
        phone = Phone(PhoneConfig(folder, app_version=_APP_VERSION), radio, source)
        made = self.phones[shown.name] = ShelfPhone(shown, folder, radio, source, phone)
        self._ends.push_async_callback(made.pull_battery)
        return made


async def _redeem(api_url: str, code: str, folder: Path, shown: ShownPhone) -> None:
    """Use up a code as the Android app does, which names its model."""
    body = {
        "code": code, "name": shown.name, "model": shown.model, "platform": shown.platform,
        "appVersion": _APP_VERSION, "sims": [sim.as_frame() for sim in shown.sims],
    }  # fmt: skip
    async with httpx2.AsyncClient(timeout=_ONLINE_SECONDS, trust_env=False) as http:
        answer = await http.post(f"{api_url}/phone/pair", json=body)
    answer.raise_for_status()
    paired = answer.json()
    known = Credentials(paired["deviceId"], paired["deviceToken"], paired["webSocketUrl"], shown.name, len(shown.sims))
    credentials.save(folder, known)


__all__ = ["Shelf", "ShelfPhone", "Sim"]

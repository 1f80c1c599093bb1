"""The smoke's simulated phone: the agent that everybody uses, on a radio that sends nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

from smskit_phone import Phone, Sim, SimDriver, pair, simulated_phone
from smskit_phone.errors import RevokedError
from smskit_smoke.report import SmokeError

_CONNECT_SECONDS = 60
_REVOKE_SECONDS = 60


class SmokePhone:
    """A phone in this process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._phone: Phone | None = None
        self._task: asyncio.Task[None] | None = None
        self.device_id = ""

    async def pair(self, server: str, code: str) -> None:
        """Use up a code."""
        self.device_id = (await pair(server, code, self._folder, "Smoke", [Sim(0)])).device_id

    async def connect(self) -> None:
        """Come online. Raises SmokeError."""
        self._phone = simulated_phone(self._folder)
        self._task = asyncio.create_task(self._phone.run())
        connected = asyncio.create_task(self._phone.connected.wait())
        await asyncio.wait({self._task, connected}, timeout=_CONNECT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        connected.cancel()
        if not self._phone.connected.is_set():
            raise SmokeError(f"the phone was not welcomed within {_CONNECT_SECONDS} s")

    def receive(self, sender: str, text: str) -> None:
        """Let an SMS come in."""
        assert self._phone is not None and isinstance(self._phone.driver, SimDriver)  # noqa: S101 - as connect made it
        self._phone.driver.inject(sender, text)

    async def stop(self) -> None:
        """Close the connection, if it runs."""
        if self._phone is None or self._task is None:
            return
        self._phone.stop()
        await asyncio.gather(self._task, return_exceptions=True)

    async def is_revoked(self) -> None:
        """Wait until the server has ended it. Raises SmokeError."""
        if self._task is None:
            raise SmokeError("the phone doesn't run")
        await asyncio.wait({self._task}, timeout=_REVOKE_SECONDS)
        if not self._task.done() or not isinstance(self._task.exception(), RevokedError):
            raise SmokeError(f"the phone was not told within {_REVOKE_SECONDS} s")

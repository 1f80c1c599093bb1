import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smskit_phone import Credentials, Event, Phone, Timings, simulated_phone
from smskit_phone import credentials as credentials_file
from tests.phone.at_modem import AtModem
from tests.phone.server_double import TOKEN, GatewayDouble

QUICK = Timings(
    claim_resend=0.15,
    report_resend=0.15,
    hello_timeout=2,
    answer_timeout=0.3,
    error_spacing=0.01,
    refused_pause=0.3,
    reconnect_base=0.02,
    reconnect_cap=0.1,
    stop_grace=2,
)


class Runner:
    """Starts phones on one state folder, and ends them gently or like a dead battery."""

    def __init__(self, server: GatewayDouble, state_dir: Path) -> None:
        self.server = server
        self.state_dir = state_dir
        self.events: list[Event] = []
        self.phone: Phone | None = None
        self.task: asyncio.Task[None] | None = None
        credentials_file.save(state_dir, Credentials("dvc_1", TOKEN, server.url))

    async def start(self, faults: Any = None, *, wait: bool = True, **timings: Any) -> Phone:
        phone = simulated_phone(self.state_dir, faults, timings=replace(QUICK, **timings), on_event=self.events.append)
        await self.run(phone, wait=wait)
        return phone

    async def run(self, phone: Phone, *, wait: bool = True) -> None:
        self.phone = phone
        self.task = asyncio.create_task(phone.run())
        if wait:
            connected = asyncio.create_task(phone.connected.wait())
            await asyncio.wait({connected, self.task}, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            connected.cancel()
            if self.task.done():
                self.task.result()
            assert phone.connected.is_set()

    async def pull_battery(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def stop(self) -> None:
        assert self.phone is not None
        assert self.task is not None
        self.phone.stop()
        await asyncio.wait_for(self.task, 5)

    def named(self, name: str) -> list[Event]:
        return [event for event in self.events if event.name == name]

    def radio_log(self) -> list[dict[str, Any]]:
        return read_radio_log(self.state_dir)

    def journal_states(self) -> dict[str, str]:
        """Job id to state, read from the file beside the phone."""
        connection = sqlite3.connect(self.state_dir / "journal.sqlite3")
        try:
            return dict(connection.execute("SELECT job_id, state FROM jobs").fetchall())
        finally:
            connection.close()

    def acknowledged(self) -> int:
        """How many jobs the server has acknowledged a report of."""
        connection = sqlite3.connect(self.state_dir / "journal.sqlite3")
        try:
            return int(connection.execute("SELECT count(*) FROM jobs WHERE acknowledged").fetchone()[0])
        finally:
            connection.close()

    def handed_over(self) -> list[str]:
        return [line["jobId"] for line in self.radio_log()]


def read_radio_log(state_dir: Path) -> list[dict[str, Any]]:
    log = state_dir / "radio.log"
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


@pytest.fixture
async def server() -> AsyncIterator[GatewayDouble]:
    double = GatewayDouble()
    await double.start()
    yield double
    await double.stop()


@pytest.fixture
async def runner(server: GatewayDouble, tmp_path: Path) -> AsyncIterator[Runner]:
    runner = Runner(server, tmp_path / "state")
    yield runner
    if runner.task is not None:
        await runner.pull_battery()


@pytest.fixture
def faults_file(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Writes a faults file as an operator would, and returns its path."""

    def write(document: dict[str, Any]) -> Path:
        path = tmp_path / "faults.json"
        path.write_text(json.dumps(document))
        return path

    return write


@pytest.fixture
async def modem(tmp_path: Path) -> AsyncIterator[AtModem]:
    """Plugged in."""
    modem = AtModem(tmp_path / "ttyUSB0")
    modem.plug()
    yield modem
    modem.unplug()

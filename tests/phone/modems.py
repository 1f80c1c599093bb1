"""Phones on GSM modems: the modem is a pseudo terminal, the program that runs it is the real one."""

import asyncio
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from smskit_phone import Phone
from smskit_phone.config import PhoneConfig
from smskit_phone.drivers.gammu import GammuDriver
from smskit_phone.drivers.gammu_modem import ModemTimings, Port
from tests.phone.at_modem import AtModem
from tests.phone.conftest import QUICK, Runner
from tests.phone.server_double import eventually

PROGRAM = Path(__file__).parents[2] / ".gammu" / "bin" / "smskit-gammu"
# gammu rests for seconds at its start, and for 0.7 s around each part.
PATIENCE = 60.0
# News comes from the modem, not from a poll.
SELDOM = ModemTimings(poll=600, restart=0.05, look=0.05)
ALICE = "+254712345678"
AT = datetime(2026, 6, 23, 10, 5, tzinfo=UTC)


def program() -> list[str]:
    if not PROGRAM.exists():
        pytest.fail("the program that runs GSM modems is not installed: make gammu")
    return [str(PROGRAM)]


class ModemRunner:
    """Starts phones whose SIMs are the modems at these ports."""

    def __init__(self, runner: Runner, modems: list[AtModem]) -> None:
        self._runner = runner
        self.ports = [Port(modem.device) for modem in modems]

    def driver(self, timings: ModemTimings = SELDOM) -> GammuDriver:
        return GammuDriver(self._runner.state_dir, self.ports, program(), timings)

    async def start(self, *, when_ready: bool = True, timings: ModemTimings = SELDOM, **changes: Any) -> Phone:
        driver = self.driver(timings)
        config = PhoneConfig(self._runner.state_dir, timings=replace(QUICK, **changes))
        phone = Phone(config, driver, on_event=self._runner.events.append)
        await self._runner.run(phone)
        if when_ready:
            await eventually(lambda: not driver.vitals().unready, PATIENCE)
        return phone


async def start_agent(runner: Runner, device: Path, faults: Path) -> asyncio.subprocess.Process:
    """The agent as a process of its own, which a step of its faults may kill."""
    program()
    arguments = ["--driver", "gammu", "--modem", str(device), "--faults", str(faults), "--json"]
    environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "smskit_phone", "run", "--state", str(runner.state_dir), *arguments,
        env=environment, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip


def worker_of(device: Path) -> int:
    """The process id of the program that runs this modem."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and str(device).encode() in _read(folder / "cmdline"):
            return int(folder.name)
    raise AssertionError(f"nothing runs {device}")


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""

"""Phones with a radio of their own: GSM modems, or an old phone with Termux."""

from collections.abc import Sequence
from pathlib import Path

from smskit_phone import credentials
from smskit_phone.config import PhoneConfig
from smskit_phone.drivers.gammu import GammuDriver
from smskit_phone.drivers.gammu_modem import Port
from smskit_phone.drivers.termux import TermuxDriver
from smskit_phone.errors import NoDriverError
from smskit_phone.events import OnEvent
from smskit_phone.faults_file import FaultSource
from smskit_phone.phone import Phone

_SETTLE_SECONDS = 20.0


async def modem_phone(state_dir: Path, modems: Sequence[str], faults: Path | None, on_event: OnEvent) -> Phone:
    """A phone with one SIM slot for each modem, in their order. A modem is its device, or `connection:device` with
    gammu's name for another kind of connection than `at`. Raises NoDriverError and NotPairedError."""
    credentials.load(state_dir)
    if not modems:
        raise NoDriverError("--driver gammu needs a --modem, such as /dev/ttyUSB0")
    driver = GammuDriver(state_dir, [_port(modem) for modem in modems])
    await driver.settle(_SETTLE_SECONDS)
    return Phone(PhoneConfig(state_dir), driver, FaultSource(file=faults) if faults else None, on_event)


async def termux_phone(state_dir: Path, slots: Sequence[int], faults: Path | None, on_event: OnEvent) -> Phone:
    """A phone that runs in Termux. `slots` are Android's numbers of its SIMs; none: the one that Android is set to.
    Raises NotPairedError."""
    credentials.load(state_dir)
    driver = TermuxDriver(state_dir, slots or (None,))
    await driver.settle()
    return Phone(PhoneConfig(state_dir), driver, FaultSource(file=faults) if faults else None, on_event)


def _port(modem: str) -> Port:
    connection, colon, device = modem.partition(":")
    return Port(Path(device), connection) if colon and "/" not in connection else Port(Path(modem))

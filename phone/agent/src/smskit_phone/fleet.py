"""Simulated phones, one or many in a process."""

import asyncio
import random
import resource
from collections.abc import Iterable, Sequence
from pathlib import Path

from smskit_phone import credentials
from smskit_phone.config import PhoneConfig, Timings
from smskit_phone.drivers.base import Sim
from smskit_phone.drivers.sim import RADIO_LOG, SimDriver
from smskit_phone.errors import OpenFilesError, PairingError
from smskit_phone.events import OnEvent
from smskit_phone.faults import Faults
from smskit_phone.faults_file import FaultSource
from smskit_phone.pairing import pair
from smskit_phone.phone import Phone

_PAIRINGS_AT_ONCE = 4
_FILES_A_PHONE = 6
_FILES_BESIDES = 64


def simulated_phone(
    state_dir: Path,
    faults: Faults | FaultSource | Path | None = None,
    *,
    sims: Sequence[Sim] | None = None,
    timings: Timings | None = None,
    on_event: OnEvent | None = None,
) -> Phone:
    """A phone on the simulated radio, from a paired state folder. Its SIMs default to those that it was paired with.

    `faults` may be a file, which is read again when it changes, or a `FaultSource` whose `set` changes them.
    """
    source = _source(faults)
    if sims is None:
        sims = simulated_sims(credentials.load(state_dir).sims)
    driver = SimDriver(source, state_dir / RADIO_LOG, sims)
    return Phone(PhoneConfig(state_dir, timings=timings or Timings()), driver, source, on_event)


def _source(faults: Faults | FaultSource | Path | None) -> FaultSource:
    if isinstance(faults, FaultSource):
        return faults
    return FaultSource(file=faults) if isinstance(faults, Path) else FaultSource(faults)


def simulated_sims(count: int) -> list[Sim]:
    """SIMs in the slots from 0 on."""
    return [Sim(slot) for slot in range(count)]


def allow_open_files(phones: int) -> None:
    """Raises this process's limit of open files as far as so many phones need it: each has a socket and its journal.

    Raises OpenFilesError when the system's hard limit is too low.
    """
    needed = phones * _FILES_A_PHONE + _FILES_BESIDES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        raise OpenFilesError(f"{phones} phones need {needed} open files, and this system allows {hard} (ulimit -Hn)")
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))


async def pair_fleet(
    server: str, codes: Sequence[str], folders: Sequence[Path], name: str, sims: int
) -> list[credentials.Credentials]:
    """Pairs the folders that are not paired yet, each with a code of its own; no code is spent if they are too few."""
    unpaired = [folder for folder in folders if not credentials.is_paired(folder)]
    if len(codes) < len(unpaired):
        raise PairingError(f"{len(unpaired)} phones need a pairing code each, and there are {len(codes)}")
    gate = asyncio.Semaphore(_PAIRINGS_AT_ONCE)

    async def pair_one(code: str, folder: Path) -> credentials.Credentials:
        async with gate:
            return await pair(server, code, folder, f"{name} {folder.name}", simulated_sims(sims))

    return await asyncio.gather(*(pair_one(code, folder) for code, folder in zip(codes, unpaired, strict=False)))


async def run_fleet(phones: Iterable[Phone]) -> list[BaseException]:
    """Runs until each phone has stopped; one that fails leaves the others alone. Returns the failures."""
    works = []
    for phone in phones:
        works.append(asyncio.create_task(phone.run()))
        # API Gateway takes 500 new connections a second.
        await asyncio.sleep(random.uniform(0, 0.01))
    outcomes = await asyncio.gather(*works, return_exceptions=True)
    return [outcome for outcome in outcomes if outcome is not None]

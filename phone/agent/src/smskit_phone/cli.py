"""The `smskit-phone` command."""

import asyncio
import signal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from smskit_phone import fleet, pairing, real_phones
from smskit_phone import harness as under_test
from smskit_phone.conformance.command import conformance
from smskit_phone.errors import PhoneError, RevokedError
from smskit_phone.events import Event, OnEvent
from smskit_phone.faults_file import FaultSource
from smskit_phone.phone import Phone

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A phone that sends SMS jobs for SMSKit.")
_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)

REVOKED_EXIT = 3


class DriverName(StrEnum):
    """The radios that come with this package."""

    SIM = "sim"
    GAMMU = "gammu"
    TERMUX = "termux"


State = Annotated[Path, typer.Option("--state", help="Folder of credentials and journal.")]
Server = Annotated[str, typer.Option("--server", help="Base URL of the API.")]
FaultsFile = Annotated[Path | None, typer.Option("--faults", help="JSON file of faults for the simulated radio.")]
Modems = Annotated[
    list[str] | None, typer.Option("--modem", help="A modem's device, such as /dev/ttyUSB0; one for each SIM.")
]
SimSlots = Annotated[
    list[int] | None, typer.Option("--sim-slot", min=0, max=7, help="With termux: Android's number of a SIM, from 0.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON line per event on stdout.")]
Sims = Annotated[int, typer.Option("--sims", min=1, max=8, help="How many SIMs a phone has.")]


@app.command("pair")
def pair_command(
    server: Server,
    code: Annotated[str, typer.Option("--code", help="A pairing code.")],
    state: State,
    name: Annotated[str, typer.Option("--name", help="What the phone is called.")] = "Phone",
    sims: Sims = 1,
    forget: Annotated[bool, typer.Option("--forget", help="Leave behind what an earlier pairing can't tell.")] = False,
) -> None:
    """Pair this state folder with an account."""
    try:
        paired = asyncio.run(pairing.pair(server, code, state, name, fleet.simulated_sims(sims), forget=forget))
    except (PhoneError, OSError) as error:
        _fail(error)
    _console.print(f"Paired as [bold]{paired.device_id}[/]. Start it with: smskit-phone run --state {state}")


@app.command()
def run(
    state: State,
    driver: Annotated[DriverName, typer.Option("--driver", help="The radio to send with.")] = DriverName.SIM,
    modem: Modems = None,
    sim_slot: SimSlots = None,
    faults: FaultsFile = None,
    json: Json = False,
) -> None:
    """Run one paired phone until SIGTERM or Ctrl-C."""
    try:
        asyncio.run(_run_one(state, driver, modem or [], sim_slot or [], faults, _printer(json)))
    except (PhoneError, OSError) as error:
        _fail(error)


@app.command()
def sim(
    state: State,
    server: Annotated[str, typer.Option("--server", help="Base URL of the API; needed to pair.")] = "",
    code: Annotated[str, typer.Option("--code", help="Pairing codes, separated by commas.")] = "",
    codes_file: Annotated[Path | None, typer.Option("--codes-file", help="Pairing codes, one a line.")] = None,
    count: Annotated[int, typer.Option("--count", min=1, help="How many phones.")] = 1,
    name: Annotated[str, typer.Option("--name", help="What the phones are called, before their number.")] = "Simulated",
    sims: Sims = 1,
    faults: FaultsFile = None,
    json: Json = False,
) -> None:
    """Run many simulated phones in one process; those that are paired already need no code."""
    try:
        asyncio.run(_simulate(state, server, _codes(code, codes_file), count, name, sims, faults, _printer(json)))
    except (PhoneError, OSError) as error:
        _fail(error)


app.command()(conformance)


@app.command()
def harness(
    link: Annotated[str, typer.Option("--link", help="A pairing link, used unless the folder is paired.")],
    state: State,
    radio: Annotated[str, typer.Option("--radio", help="URL of the radio that is played.")],
    scale: Annotated[float, typer.Option("--scale", min=1, help="What the phone's own waits are divided by.")] = 1,
) -> None:
    """Run this agent under `smskit-phone conformance`."""
    try:
        asyncio.run(_run_harness(link, state, radio, scale))
    except (PhoneError, OSError) as error:
        _fail(error)


async def _run_harness(link: str, state: Path, radio: str, scale: float) -> None:
    await under_test.pair_once(link, state)
    await _run([under_test.phone(state, radio, scale, _printer(json=True))])


async def _simulate(
    state: Path,
    server: str,
    codes: list[str],
    count: int,
    name: str,
    sims: int,
    faults: Path | None,
    on_event: OnEvent,
) -> None:
    fleet.allow_open_files(count)
    folders = [state / f"phone-{number:03}" for number in range(1, count + 1)]
    if faults is not None:
        FaultSource(file=faults)
    await fleet.pair_fleet(server, codes, folders, name, sims)
    await _run([fleet.simulated_phone(folder, faults, on_event=on_event) for folder in folders])


async def _run_one(
    state: Path, driver: DriverName, modems: list[str], slots: list[int], faults: Path | None, on_event: OnEvent
) -> None:
    match driver:
        case DriverName.SIM:
            phone = fleet.simulated_phone(state, faults, on_event=on_event)
        case DriverName.GAMMU:
            phone = await real_phones.modem_phone(state, modems, faults, on_event)
        case DriverName.TERMUX:
            phone = await real_phones.termux_phone(state, slots, faults, on_event)
    await _run([phone])


async def _run(phones: list[Phone]) -> None:
    def stop() -> None:
        for phone in phones:
            phone.stop()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    failures = await fleet.run_fleet(phones)
    for failure in failures[1:]:
        _errors.print(f"[red]{escape(str(failure))}[/]")
    if failures:
        raise failures[0]


def _codes(listed: str, file: Path | None) -> list[str]:
    lines = file.read_text().split() if file else []
    return [code.strip() for code in [*listed.split(","), *lines] if code.strip()]


def _printer(json: bool) -> OnEvent:
    def print_json(event: Event) -> None:
        print(event.as_json(), flush=True)  # noqa: T201 - rich would wrap and colour it

    def print_words(event: Event) -> None:
        words = " ".join(f"{name}={value}" for name, value in event.fields.items() if value is not None)
        _console.print(f"[dim]{event.device_id}[/] [bold]{event.name}[/] {escape(words)}")

    return print_json if json else print_words


def _fail(error: Exception) -> None:
    _errors.print(f"[red]{escape(str(error))}[/]")
    raise typer.Exit(REVOKED_EXIT if isinstance(error, RevokedError) else 1)

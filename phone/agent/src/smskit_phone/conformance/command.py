"""`smskit-phone conformance` and `smskit-phone harness`."""

import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from smskit_phone.conformance.endpoint import play_server
from smskit_phone.conformance.launchers import ByHand, CommandLauncher, Launcher, RemoteLauncher
from smskit_phone.conformance.printing import Printer, as_json, list_rules
from smskit_phone.conformance.rules import in_order
from smskit_phone.conformance.suite import Setting, Suite
from smskit_phone.conformance.verdicts import Outcome, Rule, Verdict

FAILED_EXIT = 1

_console = Console(highlight=False)
_errors = Console(stderr=True, highlight=False)


def conformance(
    command: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[-- COMMAND …]",
            help="Starts the phone; {link}, {server}, {code}, {state}, {radio} and {scale} are filled in. "
            "Without it somebody starts the phone by hand.",
        ),
    ] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="A rule, or the first part of its id.")] = None,
    json_path: Annotated[Path | None, typer.Option("--json", help="Write the verdicts to this file.")] = None,
    listed: Annotated[bool, typer.Option("--list", help="Show the rules, and judge nothing.")] = False,
    phones: Annotated[
        str, typer.Option("--phones", help="URL of a program that starts and kills the phones, in place of a command.")
    ] = "",
    scale: Annotated[
        float, typer.Option("--scale", min=1, help="What {scale} is: phones divide their waits by it.")
    ] = 10,
    at_once: Annotated[int, typer.Option("--at-once", min=1, help="How many phones run side by side.")] = 8,
    patience: Annotated[float, typer.Option("--patience", help="Seconds for what should come at once.")] = 10,
    port: Annotated[int, typer.Option("--port", help="Of the server that is played; 0 is any free one.")] = 0,
) -> None:
    """Judge a phone by the rules of the protocol: exit code 0 when it keeps all that apply to it, 1 when not."""
    rules = _chosen(only or [])
    if listed:
        list_rules(_console, rules)
        return
    if command and phones:
        _fail("either a command or --phones, not both")
    launcher: Launcher = CommandLauncher(command) if command else RemoteLauncher(phones) if phones else ByHand()
    with tempfile.TemporaryDirectory(prefix="smskit-conformance-") as folder:
        setting = Setting(Path(folder), scale, at_once, patience)
        try:
            verdicts = _judge(rules, launcher, setting, port, json_path)
        except OSError as error:
            _fail(str(error))
    if any(verdict.outcome is Outcome.FAILED for verdict in verdicts):
        raise typer.Exit(FAILED_EXIT)


def _judge(
    rules: Sequence[Rule], launcher: Launcher, setting: Setting, port: int, json_path: Path | None
) -> list[Verdict]:
    if json_path is not None:
        json_path.touch()  # a place that can't be written to must show before the phone is judged
    started = time.monotonic()
    printer = Printer(_console)
    verdicts, paired = asyncio.run(_run(rules, launcher, setting, port, printer))
    seconds = time.monotonic() - started
    printer.sum_up(verdicts, paired, seconds)
    if json_path is not None:
        json_path.write_text(json.dumps(as_json(verdicts, paired, seconds), indent=2) + "\n")
    return verdicts


async def _run(
    rules: Sequence[Rule], launcher: Launcher, setting: Setting, port: int, printer: Printer
) -> tuple[list[Verdict], dict[str, object]]:
    async with play_server(port) as endpoint:
        suite = Suite(endpoint, launcher, setting)
        if not launcher.can_restart:
            call = suite.first_bench().call
            _console.print(f"Pair a phone by this link, and leave it running:\n\n    [bold]{call.link}[/]\n")
        try:
            return await suite.judge(rules, printer.tell), suite.paired
        finally:
            await suite.end()


def _chosen(names: Sequence[str]) -> list[Rule]:
    """A name is a rule's id, or its first part."""
    rules = in_order()
    for name in names:
        if not any(_is_named(rule, name) for rule in rules):
            _fail(f"--only {name}: no such rule; --list shows them")
    return [rule for rule in rules if not names or any(_is_named(rule, name) for name in names)]


def _is_named(rule: Rule, name: str) -> bool:
    return rule.rule_id == name or rule.rule_id.startswith(f"{name}.")


def _fail(words: str) -> NoReturn:
    _errors.print(f"[red]{words}[/]")
    raise typer.Exit(2)

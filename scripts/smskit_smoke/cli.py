"""The command behind ``make smoke``."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from smskit_admin import stack
from smskit_smoke.journey import Journey
from smskit_smoke.removal import Removal
from smskit_smoke.report import Report, SmokeError
from smskit_smoke.target import LOCAL, Target, find, point_at_local_stack

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
_console = Console(width=None if sys.stdout.isatty() else 160, highlight=False)


@app.command()
def smoke(
    env: Annotated[str, typer.Option("--env", help="local, dev or prod.")],
    webhook_url: Annotated[
        str, typer.Option("--webhook-url", help="An https address of yours that answers 2xx; else one is made.")
    ] = "",
) -> None:
    """Try a deployment out with a phone, a send, an inbound, a webhook, a sign-in and a revoke; then remove it all.

    Exit code 0 when everything held, 1 when something didn't or couldn't be tried, 130 after Ctrl-C.
    """
    try:
        name = point_at_local_stack() if env == LOCAL else env
    except SmokeError as missing:
        typer.secho(str(missing), err=True, fg=typer.colors.RED)
        raise typer.Exit(1) from None
    with stack.connected(name):
        target = find(name)
        _console.print(f"SMSKit {env} at {target.place}\n")
        try:
            code = asyncio.run(_run(target, webhook_url or None))
        except (KeyboardInterrupt, asyncio.CancelledError):
            code = 130
    raise typer.Exit(code)


async def _run(target: Target, webhook_url: str | None) -> int:
    report, removal = Report(_console), Removal()
    this = asyncio.current_task()
    assert this is not None  # noqa: S101 - asyncio.run made it
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel)
    left: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            await Journey(target, removal, Path(folder), webhook_url, _ask_person).run(report)
        finally:  # also after a Ctrl-C, which cancels whatever is awaited above
            left = await _remove(removal)
            report.show(f"SMSKit {target.env} at {target.place}")
            _show_left(left)
    return 0 if report.is_good and not left else 1


async def _remove(removal: Removal) -> list[str]:
    with _console.status("removing what was made ..."):
        return await removal.run()


def _show_left(left: list[str]) -> None:
    if not left:
        _console.print("[dim]What was made for this is removed.[/]")
    for thing in left:
        _console.print(f"left behind: {thing}", style="red", markup=False)


def _ask_person(text: str) -> str | None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("CI"):
        return None
    _console.print(text, markup=False, soft_wrap=True)
    return str(typer.prompt("The whole address that the browser shows then"))

"""What the commands have in common."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.console import Console, RenderableType

Env = Annotated[
    str | None, typer.Option("--env", help="The deployment: emulator, dev or prod. Default: SMSKIT_ENV, else a guess.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Account = Annotated[str, typer.Option("--account", help="The account's id, acc_….")]
Name = Annotated[str, typer.Option("--name", help="What people call it.")]


def named(text: str) -> str:
    """The name without space around it; exit code 2 if there is none, or too much of it."""
    if not text.strip() or len(text) > 100:
        raise typer.BadParameter("must have 1 to 100 characters", param_hint="--name")
    return text.strip()


def show(values: dict[str, Any], as_json: bool, text: str) -> None:
    """Print for programs or for people."""
    typer.echo(json.dumps(values, ensure_ascii=False) if as_json else text)


def show_tables(values: dict[str, Any], as_json: bool, *parts: RenderableType) -> None:
    """Print for programs, or for people: the parts that aren't empty, with a line between them."""
    if as_json:
        show(values, as_json, "")
        return
    console = Console(highlight=False)
    for position, part in enumerate(filter(None, parts)):
        console.print(*([] if position == 0 else [""]), part, sep="\n")

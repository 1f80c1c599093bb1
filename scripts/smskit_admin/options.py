"""What the commands have in common."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

Env = Annotated[
    str | None, typer.Option("--env", help="The deployment: emulator, dev or prod. Default: SMSKIT_ENV, else a guess.")
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Account = Annotated[str, typer.Option("--account", help="The account's id, acc_….")]


def show(values: dict[str, Any], as_json: bool, text: str) -> None:
    """Print for programs or for people."""
    typer.echo(json.dumps(values, ensure_ascii=False) if as_json else text)

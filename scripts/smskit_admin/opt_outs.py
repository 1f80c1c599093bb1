"""smskit-admin opt-outs: who doesn't want an account's messages, and how that came about."""

from __future__ import annotations

from typing import Annotated

import typer

from smskit.accounts.logic import accounts, audit_log
from smskit.opt_outs.api.rendering import history_view, list_view, opt_out_view
from smskit.opt_outs.logic import opt_out_list, opt_outs
from smskit.platform.times import now_ms
from smskit.sending.logic import own_country, phone_numbers
from smskit_admin import stack
from smskit_admin.options import Account, Env, Json, show

app = typer.Typer(no_args_is_help=True, help="Opt-outs: who doesn't want an account's messages.")

SOURCE = "admin"
Number = Annotated[str, typer.Option("--number", help="E.164, or without + as it is written in the account's country.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Why, for the audit trail.")]
Limit = Annotated[int, typer.Option("--limit", min=1, max=100, help="Lines to show, the newest first.")]
Cursor = Annotated[str | None, typer.Option("--cursor", help="From the page before.")]


@app.command("list")
def list_opt_outs(
    account: Account, limit: Limit = 50, cursor: Cursor = None, env: Env = None, as_json: Json = False
) -> None:
    """Show the numbers that have opted out."""
    with stack.connected(env):
        accounts.require(account)
        view = list_view(opt_out_list.list_page(account, limit, cursor))
    lines = [_line(entry.number, entry.opted_out_at, entry.source, entry.reason) for entry in view.items]
    show(view.model_dump(by_alias=True), as_json, _text(lines, view.cursor) or "Nobody has opted out")


@app.command("add")
def add_opt_out(
    account: Account, number: Number, reason: Reason = None, env: Env = None, as_json: Json = False
) -> None:
    """Opt a number out."""
    with stack.connected(env):
        accounts.require(account)
        by = audit_log.command_line(account)
        opt_out, is_new = opt_outs.add(account, number, SOURCE, _reason(reason), now_ms(), by)
    view = opt_out_view(opt_out)
    state = "has opted out" if is_new else f"had opted out already, at {view.opted_out_at}"
    show(view.model_dump(by_alias=True) | {"isNew": is_new}, as_json, f"{view.number} {state}")


@app.command("remove")
def remove_opt_out(
    account: Account, number: Number, reason: Reason = None, env: Env = None, as_json: Json = False
) -> None:
    """Opt a number in again."""
    with stack.connected(env):
        accounts.require(account)
        shown = phone_numbers.number_of(number, own_country.of(account, number, now_ms()))
        opt_outs.remove(account, number, SOURCE, _reason(reason), now_ms(), audit_log.command_line(account))
    show({"number": shown, "removed": True}, as_json, f"{shown} is opted in again")


@app.command("history")
def show_history(
    account: Account, number: Number, limit: Limit = 50, cursor: Cursor = None, env: Env = None, as_json: Json = False
) -> None:
    """Show every opt-out and opt-in of a number."""
    with stack.connected(env):
        accounts.require(account)
        view = history_view(opt_out_list.list_trail(account, number, limit, cursor))
    lines = [_line(entry.change, entry.at, entry.source, entry.reason) for entry in view.entries]
    show(view.model_dump(by_alias=True), as_json, _text(lines, view.cursor) or f"{view.number} never opted out")


def _line(what: str, at: str, source: str, reason: str | None) -> str:
    return f"{what}  {at}  {source}" + (f"  {reason}" if reason else "")


def _text(lines: list[str], cursor: str | None) -> str:
    return "\n".join([*lines, f"more: --cursor {cursor}"] if cursor else lines)


def _reason(text: str | None) -> str | None:
    if text is not None and not (text.strip() and len(text) <= 200):
        raise typer.BadParameter("must have 1 to 200 characters", param_hint="--reason")
    return text

"""smskit-admin device: an account's phones and their SIMs, what they may do, and their end."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError

from smskit.accounts.logic import accounts, audit_log
from smskit.models.audit import Action
from smskit.phones.api.console_rendering import console_device
from smskit.phones.api.console_views import ChangeDevice, ChangeSim
from smskit.phones.logic import device_list
from smskit.phones.logic import settings as device_settings
from smskit.phones.logic.device_list import DeviceRow
from smskit.phones.logic.settings import DeviceChange, SimChange
from smskit.platform.times import now_ms
from smskit_admin import device_tables, stack
from smskit_admin.options import Account, Env, Json, Name, named, show, show_tables

app = typer.Typer(no_args_is_help=True, help="Phones and their SIMs.")
sim_app = typer.Typer(no_args_is_help=True, help="The SIMs of a phone.")
app.add_typer(sim_app, name="sim")

Device = Annotated[str, typer.Option("--device", help="The phone's id, dvc_….")]
Sim = Annotated[int, typer.Option("--sim", min=0, max=15, help="The SIM's slot, counted from 0.")]
Model = TypeVar("Model", ChangeDevice, ChangeSim)


@app.command("list")
def list_devices(account: Account, env: Env = None, as_json: Json = False) -> None:
    """Show an account's phones and SIMs."""
    with stack.connected(env):
        accounts.require(account)
        now = now_ms()
        rows = device_list.list_all(account, now)
    shown = {"devices": [console_device(row, now).model_dump(by_alias=True) for row in rows]}
    if not rows:
        show(shown, as_json, "No phones yet: smskit-admin pairing-code create")
        return
    show_tables(shown, as_json, device_tables.phones(rows, now), device_tables.note(rows, now))


@app.command("show")
def show_device(account: Account, device: Device, env: Env = None, as_json: Json = False) -> None:
    """Show a phone and its SIMs."""
    with stack.connected(env):
        now = now_ms()
        row = _read(account, device, now)
    shown = console_device(row, now).model_dump(by_alias=True)
    show_tables(
        shown, as_json, device_tables.facts(row, now), device_tables.sims(row, now), device_tables.note([row], now)
    )


@app.command("rename")
def rename_device(account: Account, device: Device, name: Name, env: Env = None, as_json: Json = False) -> None:
    """Give a phone another name."""
    _change(account, device, {"name": named(name)}, env, as_json)


@app.command("limit")
def limit_device(
    account: Account,
    device: Device,
    segments: Annotated[int, typer.Option("--segments", help="SMS segments an hour, split over its SIMs.")],
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Set how much a phone may send an hour. SIMs with a limit of their own keep it."""
    _change(account, device, {"hourlyLimit": segments}, env, as_json)


@app.command("enable")
def enable_device(account: Account, device: Device, env: Env = None, as_json: Json = False) -> None:
    """Let a disabled phone connect and send again."""
    _change(account, device, {"isEnabled": True}, env, as_json)


@app.command("disable")
def disable_device(account: Account, device: Device, env: Env = None, as_json: Json = False) -> None:
    """Cut a phone off until it is enabled again; queued jobs that name only it end."""
    _change(account, device, {"isEnabled": False}, env, as_json)


@app.command("revoke")
def revoke_device(
    account: Account,
    device: Device,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """End a phone for good: to come back it must be paired anew. Queued jobs that name only it end."""
    with stack.connected(env):
        found, _ = device_settings.read(account, device)
        if not yes:
            typer.confirm(f"End {found.name} ({device}) for good?", abort=True, err=True)
        entry = audit_log.entry(audit_log.command_line(account), Action.DEVICE_REVOKED, device, now_ms())
        device_settings.revoke(account, device, entry)
    show({"deviceId": device, "revoked": True}, as_json, f"Revoked: {found.name} ({device})")


@sim_app.command("enable")
def enable_sim(account: Account, device: Device, sim: Sim, env: Env = None, as_json: Json = False) -> None:
    """Let a disabled SIM send again."""
    _change_sim(account, device, sim, {"isEnabled": True}, env, as_json)


@sim_app.command("disable")
def disable_sim(account: Account, device: Device, sim: Sim, env: Env = None, as_json: Json = False) -> None:
    """Give a SIM no new work; queued jobs that name only it end."""
    _change_sim(account, device, sim, {"isEnabled": False}, env, as_json)


@sim_app.command("limit")
def limit_sim(
    account: Account,
    device: Device,
    sim: Sim,
    segments: Annotated[int | None, typer.Option("--segments", help="SMS segments an hour.")] = None,
    even_share: Annotated[
        bool, typer.Option("--even-share", help="No limit of its own: an even share of the phone's.")
    ] = False,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Set how much a SIM may send an hour, whatever the phone's limit."""
    if (segments is None) != even_share:
        raise typer.BadParameter("name either --segments or --even-share")
    _change_sim(account, device, sim, {"evenShare": True} if even_share else {"hourlyLimit": segments}, env, as_json)


def _change(account: str, device: str, given: dict[str, Any], env: str | None, as_json: bool) -> None:
    request = _parsed(ChangeDevice, given)
    with stack.connected(env):
        wanted = DeviceChange(request.name, request.is_enabled, request.hourly_limit)
        device_settings.change(account, device, wanted)
        audit_log.note(audit_log.command_line(account), Action.DEVICE_CHANGED, device, now_ms(), **_details(given))
        _show_changed(account, device, as_json)


def _change_sim(account: str, device: str, sim: int, given: dict[str, Any], env: str | None, as_json: bool) -> None:
    request = _parsed(ChangeSim, given)
    with stack.connected(env):
        wanted = SimChange(request.is_enabled, request.hourly_limit, bool(request.even_share))
        device_settings.change_sim(account, device, sim, wanted)
        details = {"simSlot": str(sim)} | _details(given)
        audit_log.note(audit_log.command_line(account), Action.SIM_CHANGED, device, now_ms(), **details)
        _show_changed(account, device, as_json)


def _show_changed(account: str, device: str, as_json: bool) -> None:
    now = now_ms()
    row = _read(account, device, now)
    shown = console_device(row, now).model_dump(by_alias=True)
    show_tables(shown, as_json, device_tables.phones([row], now), device_tables.note([row], now))


def _read(account: str, device: str, now: int) -> DeviceRow:
    return device_list.read_one(*device_settings.read(account, device), now)


def _parsed(model: type[Model], given: dict[str, Any]) -> Model:
    """The change as the console API would take it; exit code 2 for a limit that it wouldn't."""
    try:
        return model.model_validate(given)
    except ValidationError as invalid:
        first = invalid.errors(include_input=False, include_url=False)[0]
        raise typer.BadParameter(first["msg"], param_hint="--segments") from None


def _details(given: dict[str, Any]) -> dict[str, str]:
    """What was asked for, as the audit log has it of the console."""
    return {name: str(value) for name, value in given.items()}

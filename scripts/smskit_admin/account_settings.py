"""smskit-admin account settings: an account's own keywords and what they are answered with, and how it sends."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated, Any

import typer

from smskit.accounts.logic import accounts, audit_log
from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.models.account_settings import EXEMPT, AccountSettings, QuietHours
from smskit.models.audit import Action
from smskit.opt_outs.logic import opt_outs
from smskit.platform import countries, zones
from smskit.platform.times import clock_text, minute_of, now_ms
from smskit_admin import stack
from smskit_admin.options import Account, Env, Json, show

app = typer.Typer(no_args_is_help=True, help="Keywords of an account with the answers to them, and how it sends.")

Words = list[str] | None
_CLOCK = "((?:[01][0-9]|2[0-3]):[0-5][0-9])"
_SPAN = re.compile(f"{_CLOCK}-{_CLOCK}", re.ASCII)
_CLEAR = "repeatable; replaces those before, and an empty one clears them."


@app.command("show")
def show_settings(account: Account, env: Env = None, as_json: Json = False) -> None:
    """Show an account's settings."""
    with stack.connected(env):
        accounts.require(account)
        settings = account_settings.read(account)
    _show(settings, as_json)


@app.command("set")
def set_settings(
    account: Account,
    help_text: Annotated[str | None, typer.Option("--help-text", help="Answers HELP; empty: no answer.")] = None,
    stop_word: Annotated[Words, typer.Option("--stop-word", help=f"Opts out; {_CLEAR}")] = None,
    start_word: Annotated[Words, typer.Option("--start-word", help=f"Opts in again; {_CLEAR}")] = None,
    help_word: Annotated[Words, typer.Option("--help-word", help=f"Asks for help; {_CLEAR}")] = None,
    confirm: Annotated[bool | None, typer.Option("--confirm/--no-confirm", help="Confirm STOP and START.")] = None,
    opt_out_text: Annotated[str | None, typer.Option("--opt-out-text", help="Confirms STOP; empty: ours.")] = None,
    opt_in_text: Annotated[str | None, typer.Option("--opt-in-text", help="Confirms START; empty: ours.")] = None,
    wait: Annotated[
        bool | None, typer.Option("--wait-for-phone/--no-wait-for-phone", help="Accept sends while no phone is online.")
    ] = None,
    quiet: Annotated[
        str | None, typer.Option("--quiet-hours", help="Such as 22:00-07:00, in the account's time zone; empty: none.")
    ] = None,
    exempt: Annotated[
        list[int] | None,
        typer.Option("--exempt-priority", min=0, max=10, help="Goes out in quiet hours, too; repeatable."),
    ] = None,
    country: Annotated[
        str | None, typer.Option("--country", help="Whose numbers are written without +, such as KE (ISO 3166-1).")
    ] = None,
    env: Env = None,
    as_json: Json = False,
) -> None:
    """Change an account's settings; what isn't named stays. Messages that come in follow within half a minute."""
    wanted = SettingsChange(
        confirm, opt_out_text, opt_in_text, help_text, _words(stop_word), _words(start_word), _words(help_word),
        wait_for_phone=wait, quiet_hours=_quiet(quiet), country=country,
    )  # fmt: skip
    if wanted == SettingsChange() and not exempt:
        raise typer.BadParameter("name at least one setting")
    with stack.connected(env):
        accounts.require(account)
        wanted = replace(wanted, quiet_hours=_with_exempt(wanted.quiet_hours, exempt, account_settings.read(account)))
        settings = account_settings.change(account, wanted)
        changed = " ".join(wanted.named())
        audit_log.note(audit_log.command_line(account), Action.SETTINGS_CHANGED, account, now_ms(), changed=changed)
    _show(settings, as_json)


def _words(given: Words) -> Words:
    """None when the option wasn't given, which Typer shows as no words at all; [""] clears."""
    return None if not given else [] if given == [""] else given


def _quiet(given: str | None) -> tuple[QuietHours, ...] | None:
    if not given:
        return None if given is None else ()
    match = _SPAN.fullmatch(given)
    if match is None:
        raise typer.BadParameter("must be two times of day, such as 22:00-07:00", param_hint="--quiet-hours")
    return (QuietHours(minute_of(match[1]), minute_of(match[2])),)


def _with_exempt(
    wanted: tuple[QuietHours, ...] | None, exempt: list[int] | None, known: AccountSettings
) -> tuple[QuietHours, ...] | None:
    """The quiet hours that are wanted; priorities stay exempt unless others are given."""
    if exempt and wanted is None:
        if known.quiet_hours is None:
            raise typer.BadParameter("the account has no quiet hours", param_hint="--exempt-priority")
        wanted = (known.quiet_hours,)
    if not wanted:
        return wanted
    before = known.quiet_hours.exempt if known.quiet_hours is not None else EXEMPT
    return (replace(wanted[0], exempt=tuple(sorted(set(exempt))) if exempt else before),)


def _exempt(quiet: QuietHours | None) -> list[int]:
    return [] if quiet is None else list(quiet.exempt)


def _span(quiet: QuietHours | None) -> str | None:
    return None if quiet is None else f"{clock_text(quiet.begins)}-{clock_text(quiet.ends)}"


def _show(settings: AccountSettings, as_json: bool) -> None:
    words = settings.words
    values: dict[str, Any] = {
        "confirmOptOut": settings.confirm,
        "optOutText": settings.opt_out_text or opt_outs.OPT_OUT_TEXT,
        "optInText": settings.opt_in_text or opt_outs.OPT_IN_TEXT,
        "helpText": settings.help_text,
        "waitForPhone": settings.wait_for_phone,
        "quietHours": _span(settings.quiet_hours),
        "exemptPriorities": _exempt(settings.quiet_hours),
        "timeZone": settings.time_zone or zones.DEFAULT,
        "country": settings.country or countries.DEFAULT,
        "customWords": {"stop": list(words.stop), "start": list(words.start), "help": list(words.help)},
    }
    lines = [
        f"Confirm STOP and START  {'yes' if settings.confirm else 'no'}",
        f"Answer to STOP          {values['optOutText']}",
        f"Answer to START         {values['optInText']}",
        f"Answer to HELP          {settings.help_text or 'none'}",
        f"Wait for a phone        {'yes' if settings.wait_for_phone else 'no'}",
        f"Quiet hours             {_span(settings.quiet_hours) or 'none'}",
        f"Exempt priorities       {', '.join(map(str, values['exemptPriorities'])) or 'none'}",
        f"Time zone               {values['timeZone']}",
        f"Country                 {values['country']}",
        *(f"Own {name} words  {', '.join(own) or 'none'}" for name, own in values["customWords"].items()),
    ]
    show(values, as_json, "\n".join(lines))

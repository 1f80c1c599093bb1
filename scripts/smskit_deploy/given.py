"""What a deployment was given. It stays with the deployment, among the outputs of its stack, until it is given anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.config import load_config
from smskit_deploy.terminal import stop


@dataclass(frozen=True)
class Setting:
    """A setting by its variable of make, its context of the CDK, and the output that keeps it."""

    variable: str
    context: str
    output: str
    unset: str


SETTINGS = (
    Setting("ALARM_EMAIL", "alarmEmail", "GivenAlarmEmail", "nobody gets the alarms"),
    Setting("CONSOLE_URLS", "consoleUrls", "GivenConsoleUrls", "signing in leads back to this machine alone"),
    Setting("SELF_SIGN_UP", "selfSignUp", "GivenSelfSignUp", "only who is invited may sign in"),
    Setting("TRACING", "tracing", "GivenTracing", "no traces"),
)


def settle(env: str, now: Mapping[str, str | None], before: Mapping[str, str]) -> dict[str, str]:
    """The context to deploy with: what is given now, else what the deployment was given before.

    `now` is by variable, with None for what isn't said and an empty text for what shall be forgotten; `before` are the
    outputs of the stack. Ends the program when production would send people back to the machine of a developer.
    """
    settled = {}
    for setting in SETTINGS:
        said = now.get(setting.variable)
        settled[setting.context] = before.get(setting.output, "") if said is None else said.strip()
    if env == "prod" and not settled["consoleUrls"]:
        stop(
            "Production needs the address of its console, where signing in and invitations lead to:\n"
            "  make deploy ENV=prod CONSOLE_URLS=https://console.example.com/"
        )
    try:
        load_config(env, console_urls=settled["consoleUrls"] or None)
    except ValueError as error:
        stop(f"CONSOLE_URLS: {error}")
    return settled


def described(settled: Mapping[str, str], before: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each setting with its value, and what it was where that changes."""
    lines = []
    for setting in SETTINGS:
        value, was = settled[setting.context], before.get(setting.output, "")
        changed = f"  (was: {was or 'not set'})" if before and value != was else ""
        lines.append((setting.variable, (value or f"not set: {setting.unset}") + changed))
    return lines

"""What a deployment was given. It stays with the deployment, among the outputs of its stack, until it is given anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from infra.config.environments import load_config
from smskit_deploy.terminal import stop


@dataclass(frozen=True)
class Setting:
    """A setting by its variable of make, its context of the CDK, and the output that keeps it."""

    variable: str
    context: str
    output: str
    unset: str
    is_switch: bool = False


SETTINGS = (
    Setting("ALARM_EMAIL", "alarmEmail", "GivenAlarmEmail", "nobody gets the alarms"),
    Setting("CONSOLE_URLS", "consoleUrls", "GivenConsoleUrls", "signing in leads back to the dashboard alone"),
    Setting("DASHBOARD_DOMAIN", "dashboardDomain", "GivenDashboardDomain", "the dashboard has a name of CloudFront's"),
    Setting("DASHBOARD_CERTIFICATE", "dashboardCertificate", "GivenDashboardCertificate", "that name's own"),
    Setting("SELF_SIGN_UP", "selfSignUp", "GivenSelfSignUp", "only who is invited may sign in", is_switch=True),
    Setting("TRACING", "tracing", "GivenTracing", "no traces", is_switch=True),
    Setting("EDGE", "edge", "GivenEdge", "nothing stands before the API", is_switch=True),
)


def settle(env: str, now: Mapping[str, str | None], before: Mapping[str, str]) -> dict[str, str]:
    """The context to deploy with: what is given now, else what the deployment was given before.

    `now` is by variable, with None for what isn't said and an empty text for what shall be forgotten; `before` are the
    outputs of the stack. Ends the program when something can't be meant so.
    """
    settled = {}
    for setting in SETTINGS:
        said = now.get(setting.variable)
        settled[setting.context] = before.get(setting.output, "") if said is None else _checked(setting, said.strip())
    try:
        load_config(
            env,
            console_urls=settled["consoleUrls"] or None,
            dashboard_domain=settled["dashboardDomain"] or None,
            dashboard_certificate=settled["dashboardCertificate"] or None,
        )
    except ValueError as error:
        stop(f"Can't deploy with that: {error}")
    return settled


def _checked(setting: Setting, said: str) -> str:
    """A switch is true or nothing: any other word would be shown as if it were on, and be off."""
    if setting.is_switch and said not in {"true", "false", ""}:
        stop(f"{setting.variable} must be true or false, not {said!r}.")
    return "" if setting.is_switch and said == "false" else said


def described(settled: Mapping[str, str], before: Mapping[str, str]) -> list[tuple[str, str]]:
    """Each setting with its value, and what it was where that changes."""
    lines = []
    for setting in SETTINGS:
        value, was = settled[setting.context], before.get(setting.output, "")
        changed = f"  (was: {was or 'not set'})" if before and value != was else ""
        lines.append((setting.variable, (value or f"not set: {setting.unset}") + changed))
    return lines

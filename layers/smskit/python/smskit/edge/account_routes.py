"""The console API's routes about an account as a whole: overview, usage, settings, erasure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import AfterValidator

from smskit import settings
from smskit.edge import console, http
from smskit.edge.erasure_routes import EraseNumber, ErasureQueued
from smskit.edge.overview_routes import OnlineView, Overview, StepsView, SuspendedWebhook
from smskit.edge.settings_routes import ChangeSettings, SettingsView, settings_view
from smskit.edge.usage_routes import UsageView, day_view
from smskit.errors import InvalidRangeError
from smskit.logic import account_settings, audit, erasure, overview, retention, usage
from smskit.logic.account_settings import SettingsChange
from smskit.models import patterns
from smskit.models.account_settings import AccountSettings
from smskit.models.audit import Action
from smskit.models.query_values import day_text
from smskit.models.times import now_ms
from smskit.models.zones import DEFAULT

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
_Day = Annotated[
    str | None,
    AfterValidator(day_text),
    Query(max_length=10, examples=["2026-06-23"], json_schema_extra=patterns.shown(patterns.DATE, "date")),
]
DEFAULT_DAYS = 30


@router.get(
    "/console/overview",
    summary="Overview",
    description="Today's figures, phones online and offline, suspended webhooks, and what of setting up is done.",
    response_description="How the account does.",
    operation_id="getOverview",
    tags=["Account"],
)
def get_overview() -> Response[Overview]:
    """Show how the account does."""
    seen = overview.read(console.person().account_id, now_ms())
    steps = StepsView(
        client_created=seen.has_client,
        device_paired=seen.online + seen.offline > 0,
        device_online=seen.online > 0,
        message_sent=seen.has_sent,
        webhook_registered=seen.has_webhook,
    )
    suspended = [
        SuspendedWebhook(webhook_id=endpoint.webhook_id, url=endpoint.url, reason=endpoint.suspended_reason)
        for endpoint in seen.suspended
    ]
    return http.answer(
        Overview(
            today=day_view(seen.day, seen.figures),
            devices=OnlineView(online=seen.online, offline=seen.offline),
            suspended_webhooks=suspended,
            steps=steps,
        )
    )


@router.get(
    "/console/usage",
    summary="Usage by day",
    description="Messages accepted, sent, delivered, failed and given up, by day in the account's time zone; at most "
    "92 days, and the last 30 unless others are asked for. Figures lag behind by about a minute, and are kept for 400 "
    "days.",
    response_description="The days, the first one first.",
    operation_id="getUsage",
    tags=["Account"],
)
def get_usage(
    first: _Day = None,
    last: _Day = None,
) -> Response[UsageView]:
    """Show what was used."""
    account_id, now = console.person().account_id, now_ms()
    zone = account_settings.read(account_id).time_zone or DEFAULT
    until = date.fromisoformat(last) if last else usage.today(zone, now)
    since = date.fromisoformat(first) if first else until - timedelta(days=DEFAULT_DAYS - 1)
    if not 0 <= (until - since).days < usage.MAX_DAYS:
        raise InvalidRangeError(f"first must be no later than last, and at most {usage.MAX_DAYS - 1} days before it")
    days = [day_view(day, figures) for day, figures in usage.by_day(account_id, since, until, zone)]
    return http.answer(UsageView(time_zone=zone, days=days))


@router.get(
    "/console/settings",
    summary="Settings",
    description="Show the account's settings.",
    response_description="The settings.",
    operation_id="getSettings",
    tags=["Account"],
)
def get_settings() -> Response[SettingsView]:
    """Show the settings."""
    return http.answer(_shown(account_settings.read(console.person().account_id)))


@router.patch(
    "/console/settings",
    summary="Change settings",
    description="Change the account's settings. Fewer days of retention also count for messages that are kept already.",
    response_description="The settings as they are now.",
    operation_id="changeSettings",
    tags=["Account"],
)
def change_settings(request: ChangeSettings) -> Response[SettingsView]:
    """Change the settings."""
    person = console.person()
    wanted = SettingsChange(
        confirm=request.confirm_opt_out,
        opt_out_text=request.opt_out_text,
        opt_in_text=request.opt_in_text,
        help_text=request.help_text,
        stop_words=request.stop_words,
        start_words=request.start_words,
        help_words=request.help_words,
        default_validity_seconds=request.default_validity_seconds,
        retention_days=request.retention_days,
        time_zone=request.time_zone,
    )
    changed = account_settings.change(person.account_id, wanted)
    if named := wanted.named():
        audit.note(person, Action.SETTINGS_CHANGED, person.account_id, now_ms(), changed=" ".join(named))
    return http.answer(_shown(changed))


def _shown(chosen: AccountSettings) -> SettingsView:
    return settings_view(chosen, retention.DEFAULT_VALIDITY_SECONDS, settings.retention_seconds())


@router.post(
    "/console/erasures",
    status_code=202,
    summary="Erase a number's messages",
    description="Erase the messages so far to one number, for good. Those that wait are withdrawn first; those that a "
    "phone holds are erased once they have ended. What the number has opted out of stays opted out.",
    response_description="The erasure is queued.",
    operation_id="eraseNumber",
    tags=["Account"],
)
def erase_number(request: EraseNumber) -> Response[ErasureQueued]:
    """Erase a number's messages."""
    person, now = console.person(), now_ms()
    number = erasure.ask(person.account_id, request.number, now)
    audit.note(person, Action.NUMBER_ERASED, audit.ending(number), now)
    return http.answer(ErasureQueued(number=number), 202)

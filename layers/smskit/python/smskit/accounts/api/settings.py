"""The console API's routes about an account's settings."""

from __future__ import annotations

import re
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from smskit import settings
from smskit.accounts.api import sign_in
from smskit.accounts.logic import audit_log, retention
from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.errors import InvalidSettingsError
from smskit.models.account_settings import EXEMPT, AccountSettings, QuietHours
from smskit.models.audit import Action
from smskit.platform import countries
from smskit.platform.http import patterns, serving
from smskit.platform.http.api_models import ApiModel, RequestModel, maybe
from smskit.platform.times import clock_text, minute_of, now_ms
from smskit.platform.zones import DEFAULT

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]

_TIME = re.compile(patterns.TIME_OF_DAY, re.ASCII)
_Text = Annotated[str, Field(max_length=480, description="No keyword itself; empty is the default again.")]
_Word = Annotated[str, Field(min_length=1)]
_Words = Annotated[
    list[_Word],
    Field(
        max_length=20,
        description="Each of 1 to 32 characters that can be seen, once for one meaning, and none that is built in.",
    ),
]


def _time_of_day(text: str) -> str:
    if _TIME.fullmatch(text) is None:
        raise PydanticCustomError("time", "must be a time of day, such as 22:00")
    return text


_TimeOfDay = Annotated[str, AfterValidator(_time_of_day), Field(json_schema_extra={"pattern": patterns.TIME_OF_DAY})]
_Exempt = Annotated[list[Annotated[int, Field(ge=0, le=10)]], Field(max_length=11)]


class QuietHoursView(ApiModel):
    """From one time of day to another in the account's time zone; past midnight where `to` comes first."""

    begins: str = Field(alias="from", examples=["22:00"])
    ends: str = Field(alias="to", examples=["07:00"])
    exempt_priorities: list[int] = Field(description="These go out all the same.", examples=[[9, 10]])


class ChangeQuietHours(RequestModel):
    """From when to when; neither turns them off."""

    begins: _TimeOfDay | None = Field(default=None, alias="from", examples=["22:00"])
    ends: _TimeOfDay | None = Field(default=None, alias="to", examples=["07:00"])
    exempt_priorities: _Exempt | None = Field(
        default=None, description="These go out all the same; 9 and 10 unless named.", examples=[[9, 10]]
    )


class SettingsView(ApiModel):
    """The account's settings. What is shown follows within 5 seconds, words within 30, sends within 5 minutes."""

    default_validity_seconds: int = Field(description="For sends that name none.", examples=[86400])
    retention_days: int = Field(description="How long messages and their texts are kept.", examples=[30])
    time_zone: str = Field(examples=["Africa/Nairobi"])
    wait_for_phone: bool = Field(
        description="Whether sends that don't say are accepted while no phone can take them, and wait for one."
    )
    quiet_hours: QuietHoursView | None = maybe(
        description="What is accepted in them is Scheduled to their end; absent while there are none."
    )
    country: str = Field(description="Whose numbers are written without a leading `+`.", examples=["KE"])
    confirm_opt_out: bool = Field(description="Whether STOP and START are confirmed by SMS.")
    opt_out_text: str | None = maybe(examples=["You will get no more messages."])
    opt_in_text: str | None = maybe(examples=["You will get messages again."])
    help_text: str | None = maybe(description="The answer to HELP.", examples=["Acme, 020 123456"])
    stop_words: list[str] = Field(description="Besides the built-in ones.", examples=[["toka"]])
    start_words: list[str] = Field(examples=[[]])
    help_words: list[str] = Field(examples=[[]])


class ChangeSettings(RequestModel):
    """What to change; the rest stays. An empty text is the default again; a list of words replaces the one before."""

    default_validity_seconds: int | None = Field(default=None, ge=30, le=259_200, examples=[3600])
    retention_days: int | None = Field(default=None, ge=1, le=3_650, examples=[90])
    time_zone: str | None = Field(
        default=None,
        min_length=1,
        max_length=64,
        description="A name of the IANA time zone database.",
        examples=["Africa/Nairobi"],
        json_schema_extra=patterns.shown(patterns.ZONE, "time-zone"),
    )
    wait_for_phone: bool | None = Field(default=None)
    quiet_hours: ChangeQuietHours | None = Field(default=None)
    country: str | None = Field(
        default=None,
        min_length=2,
        max_length=2,
        description="ISO 3166-1 alpha-2. Numbers that are stored already stay what they are.",
        examples=["KE"],
        json_schema_extra=patterns.shown(patterns.COUNTRY, "country"),
    )
    confirm_opt_out: bool | None = Field(default=None)
    opt_out_text: _Text | None = Field(default=None, examples=["You will get no more messages."])
    opt_in_text: _Text | None = Field(default=None, examples=["You will get messages again."])
    help_text: _Text | None = Field(default=None, examples=["Acme, 020 123456"])
    stop_words: _Words | None = Field(default=None, examples=[["toka"]])
    start_words: _Words | None = Field(default=None, examples=[[]])
    help_words: _Words | None = Field(default=None, examples=[[]])


def settings_view(chosen: AccountSettings, validity_seconds: int, retention_seconds: int) -> SettingsView:
    """The settings, with what holds where none was chosen."""
    return SettingsView(
        default_validity_seconds=chosen.default_validity_seconds or validity_seconds,
        retention_days=chosen.retention_days or retention_seconds // 86_400,
        time_zone=chosen.time_zone or DEFAULT,
        wait_for_phone=chosen.wait_for_phone,
        quiet_hours=_quiet_view(chosen.quiet_hours) if chosen.quiet_hours is not None else None,
        country=chosen.country or countries.DEFAULT,
        confirm_opt_out=chosen.confirm,
        opt_out_text=chosen.opt_out_text,
        opt_in_text=chosen.opt_in_text,
        help_text=chosen.help_text,
        stop_words=list(chosen.words.stop),
        start_words=list(chosen.words.start),
        help_words=list(chosen.words.help),
    )


def _quiet_view(quiet: QuietHours) -> QuietHoursView:
    times = {"from": clock_text(quiet.begins), "to": clock_text(quiet.ends)}  # no name in Python
    return QuietHoursView.model_validate(times | {"exemptPriorities": list(quiet.exempt)})


def _quiet_hours(asked: ChangeQuietHours) -> tuple[QuietHours, ...]:
    """Raises InvalidSettingsError."""
    if asked.begins is None and asked.ends is None and asked.exempt_priorities is None:
        return ()
    if asked.begins is None or asked.ends is None:
        raise InvalidSettingsError("quietHours needs from and to; without anything it turns them off", "quietHours")
    exempt = EXEMPT if asked.exempt_priorities is None else tuple(sorted(set(asked.exempt_priorities)))
    return (QuietHours(minute_of(asked.begins), minute_of(asked.ends), exempt),)


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
    return serving.answer(_shown(account_settings.read(sign_in.person().account_id)))


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
    person = sign_in.person()
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
        wait_for_phone=request.wait_for_phone,
        quiet_hours=_quiet_hours(request.quiet_hours) if request.quiet_hours is not None else None,
        country=request.country,
    )
    changed = account_settings.change(person.account_id, wanted)
    if named := wanted.named():
        audit_log.note(person, Action.SETTINGS_CHANGED, person.account_id, now_ms(), changed=" ".join(named))
    return serving.answer(_shown(changed))


def _shown(chosen: AccountSettings) -> SettingsView:
    return settings_view(chosen, retention.DEFAULT_VALIDITY_SECONDS, settings.retention_seconds())

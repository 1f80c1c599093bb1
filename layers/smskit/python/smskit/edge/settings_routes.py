"""The console API's routes about an account's settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from smskit.models import patterns
from smskit.models.account_settings import AccountSettings
from smskit.models.api_base import ApiModel, RequestModel, maybe
from smskit.models.zones import DEFAULT

_Text = Annotated[str, Field(max_length=480, description="No keyword itself; empty is the default again.")]
_Word = Annotated[str, Field(min_length=1)]
_Words = Annotated[
    list[_Word],
    Field(
        max_length=20,
        description="Each of 1 to 32 characters that can be seen, once for one meaning, and none that is built in.",
    ),
]


class SettingsView(ApiModel):
    """The account's settings. What is shown follows within 5 seconds, words within 30, sends within 5 minutes."""

    default_validity_seconds: int = Field(description="For sends that name none.", examples=[86400])
    retention_days: int = Field(description="How long messages and their texts are kept.", examples=[30])
    time_zone: str = Field(examples=["Africa/Nairobi"])
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
        confirm_opt_out=chosen.confirm,
        opt_out_text=chosen.opt_out_text,
        opt_in_text=chosen.opt_in_text,
        help_text=chosen.help_text,
        stop_words=list(chosen.words.stop),
        start_words=list(chosen.words.start),
        help_words=list(chosen.words.help),
    )

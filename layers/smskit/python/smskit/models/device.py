"""A phone, as stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smskit.models.lane import DEFAULT_HOURLY_SEGMENTS


@dataclass(frozen=True, slots=True)
class Beats:
    """How often a phone was heard in an hour, and what it last said then; None where it said nothing."""

    count: int
    battery_level: int | None = None
    signal_strength: int | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A paired phone. Times are milliseconds since the epoch; `connected_at` is the gateway's clock.

    `offline_at`: since when it has been offline; None before it first connected, and while it is online.
    `beats`: its heartbeats by hour since the epoch, of about the last day.
    """

    account_id: str
    device_id: str
    name: str
    token_hash: str
    is_enabled: bool = True
    is_revoked: bool = False
    model: str | None = None
    platform: str | None = None
    app_version: str | None = None
    limit: int = DEFAULT_HOURLY_SEGMENTS
    connection_id: str | None = None
    connected_at: int = 0
    heartbeat_at: int | None = None
    offline_at: int | None = None
    battery_level: int | None = None
    is_charging: bool | None = None
    network_type: str | None = None
    signal_strength: int | None = None
    delivery_reports: bool = True
    created_at: int = 0
    beats: Mapping[int, Beats] = field(default_factory=dict)

    @property
    def bar(self) -> str | None:
        """Why none of its lanes may be used: `revoked` or `disabled`; None while they may."""
        if self.is_revoked:
            return "revoked"
        return None if self.is_enabled else "disabled"

    @property
    def is_online(self) -> bool:
        """Connected; the janitor takes the connection off a phone that has not been heard within two heartbeats."""
        return self.connection_id is not None

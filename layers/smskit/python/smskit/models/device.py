"""A phone, as stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from smskit import settings
from smskit.models.hourly_limit import DEFAULT_HOURLY_SEGMENTS


def silent_before(now: int) -> int:
    """A phone that was last heard before this time is silent."""
    return now - 2 * settings.timeouts().heartbeat * 1000


@dataclass(frozen=True, slots=True)
class Beats:
    """How often a phone was heard in an hour, and what it last said then; None where it said nothing."""

    count: int
    battery_level: int | None = None
    signal_strength: int | None = None


MOST_SLOTS = 16  # that a message may name, numbered from 0


@dataclass(frozen=True, slots=True)
class Sim:
    """A SIM as its phone describes it. `window`: jobs that may be offered to it or held unsent at once."""

    sim_slot: int
    carrier_name: str | None
    phone_number: str | None
    window: int


@dataclass(frozen=True, slots=True)
class PhoneState:
    """What a phone says of itself; None where it says nothing, and what it said before stands."""

    app_version: str | None = None
    battery_level: int | None = None
    is_charging: bool | None = None
    network_type: str | None = None
    signal_strength: int | None = None
    delivery_reports: bool | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A paired phone. Times are milliseconds since the epoch; `connected_at` is the gateway's clock.

    `offline_at`: since when it has been offline; None before it first connected, and while it is online.
    `silent_on`: the connection that was given up, since the phone was silent; open, for all that is known.
    `journal_id`: which journal of jobs the phone has; None while it says none.
    `was_configured`: people have changed what it may do, so it may have another idea of that.
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
    silent_on: str | None = None
    connected_at: int = 0
    heartbeat_at: int | None = None
    offline_at: int | None = None
    battery_level: int | None = None
    is_charging: bool | None = None
    network_type: str | None = None
    signal_strength: int | None = None
    delivery_reports: bool = True
    journal_id: str | None = None
    was_configured: bool = False
    created_at: int = 0
    beats: Mapping[int, Beats] = field(default_factory=dict)

    @property
    def bar(self) -> str | None:
        """Why none of its lanes may be used: `revoked` or `disabled`; None while they may."""
        if self.is_revoked:
            return "revoked"
        return None if self.is_enabled else "disabled"

    @property
    def is_connected(self) -> bool:
        """Has a connection, as stored: the janitor takes it off a phone that is silent."""
        return self.connection_id is not None

    @property
    def silent_at(self) -> int | None:
        """When it counts as silent unless it is heard once more; None for one that was never heard."""
        return None if self.heartbeat_at is None else self.heartbeat_at + 2 * settings.timeouts().heartbeat * 1000

    def is_silent(self, now: int) -> bool:
        """Not heard within two heartbeats: the one rule by which a phone counts as offline although it is connected."""
        return (self.heartbeat_at or 0) < silent_before(now)

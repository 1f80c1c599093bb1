"""Phones and pairing codes as they are stored, as the console API shows them."""

from __future__ import annotations

from smskit import settings
from smskit.models.device import Beats, Device
from smskit.phones.api.console_views import (
    ConsoleDevice,
    ConsoleSim,
    HeartbeatHour,
    HeartbeatLog,
    PairingCodeView,
    RemovedDevice,
)
from smskit.phones.api.rendering import sim_health
from smskit.phones.logic.device_list import DeviceRow, SimRow
from smskit.phones.store.pairing_codes import Code
from smskit.platform.times import hour_of, rfc3339, time_text


def console_device(row: DeviceRow, now: int) -> ConsoleDevice:
    """The phone with its SIMs."""
    device = row.device
    return ConsoleDevice(
        device_id=device.device_id,
        name=device.name,
        status="Online" if row.is_online else "Offline",
        is_enabled=device.is_enabled,
        model=device.model,
        platform=device.platform,
        app_version=device.app_version,
        battery_level=device.battery_level,
        is_charging=device.is_charging,
        network_type=device.network_type,
        signal_strength=device.signal_strength,
        delivery_reports=device.delivery_reports,
        hourly_limit=device.limit,
        pending_job_count=row.pending,
        last_heartbeat_at=time_text(device.heartbeat_at),
        offline_since=time_text(row.offline_since),
        heartbeats=[device.beats.get(hour, Beats(0)).count for hour in _last_day(now)],
        created_at=rfc3339(device.created_at),
        sims=[_sim(sim, row.is_online, now) for sim in row.sims],
    )


def removed_device(device: Device) -> RemovedDevice:
    """What messages name it by."""
    return RemovedDevice(device_id=device.device_id, name=device.name)


def _sim(sim: SimRow, is_online: bool, now: int) -> ConsoleSim:
    lane = sim.lane.at(now)
    return ConsoleSim(
        sim_slot=lane.key.sim_slot,
        carrier_name=lane.carrier_name,
        phone_number=lane.phone_number,
        is_enabled=lane.is_enabled,
        is_online=is_online and lane.is_online,
        hourly_limit=lane.limit,
        has_own_limit=lane.own_limit is not None,
        left_this_hour=max(0, lane.left),
        limited_until=time_text(sim.limited_until),
        rests_until=time_text(sim.rests_until),
        health=sim_health(lane),
        pending_job_count=sim.pending,
    )


def heartbeat_log(device: Device, now: int) -> HeartbeatLog:
    """The last 24 hours."""
    return HeartbeatLog(
        device_id=device.device_id,
        heartbeat_seconds=settings.timeouts().heartbeat,
        hours=[_heartbeat_hour(hour, device.beats.get(hour, Beats(0))) for hour in _last_day(now)],
    )


def _last_day(now: int) -> range:
    return range(hour_of(now) - 23, hour_of(now) + 1)


def _heartbeat_hour(hour: int, beats: Beats) -> HeartbeatHour:
    return HeartbeatHour(
        hour=rfc3339(hour * 3_600_000),
        heartbeats=beats.count,
        battery_level=beats.battery_level,
        signal_strength=beats.signal_strength,
    )


def pairing_code(code: Code) -> PairingCodeView:
    """The code, of which only a hash is stored."""
    return PairingCodeView(
        code_id=code.code_id,
        expires_at=rfc3339(code.expires_at),
        used_at=time_text(code.used_at),
        device_id=code.device_id,
    )

"""What is stored, as the console API shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from smskit import settings
from smskit.edge.rendering import job_view, time_text
from smskit.logic.device_list import DeviceRow, SimRow
from smskit.models.account_settings import AccountSettings
from smskit.models.console_account import DayView, SettingsView
from smskit.models.console_devices import (
    ConsoleDevice,
    ConsoleSim,
    HeartbeatHour,
    HeartbeatLog,
    PairingCodeView,
)
from smskit.models.console_messages import OUTCOMES, MessageAttempt, MessageDetail, MessageView
from smskit.models.device import Beats, Device
from smskit.models.job import Job, TimelineEntry
from smskit.models.times import hour_of, rfc3339
from smskit.models.usage import FIGURES, Figures
from smskit.models.zones import DEFAULT
from smskit.store.pairing_codes import Code

_OUTCOMES = frozenset(OUTCOMES)


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
        created_at=rfc3339(device.created_at),
        sims=[_sim(sim, row.is_online, now) for sim in row.sims],
    )


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
        pending_job_count=sim.pending,
    )


def heartbeat_log(device: Device, now: int) -> HeartbeatLog:
    """The last 24 hours."""
    hours = range(hour_of(now) - 23, hour_of(now) + 1)
    return HeartbeatLog(
        device_id=device.device_id,
        heartbeat_seconds=settings.pace().heartbeat,
        hours=[_heartbeat_hour(hour, device.beats.get(hour, Beats(0))) for hour in hours],
    )


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


def message_view(job: Job) -> MessageView:
    """The message with its text."""
    shown = dict(job_view(job))
    return MessageView(**shown, message=job.message, client_id=job.client_id, expires_at=rfc3339(job.expires_at))


def message_detail(job: Job) -> MessageDetail:
    """The message, and each phone that took it."""
    return MessageDetail(**dict(message_view(job)), tries=[_attempt_view(attempt) for attempt in _attempts(job)])


@dataclass(frozen=True, slots=True)
class _Attempt:
    number: int
    began: TimelineEntry
    ended: TimelineEntry | None = None


def _attempts(job: Job) -> list[_Attempt]:
    """Each `assigned` begins one; the last word about it, until the next begins, is its outcome."""
    attempts: list[_Attempt] = []
    for entry in job.timeline:
        if entry.event == "assigned":
            attempts.append(_Attempt(len(attempts) + 1, entry))
        elif attempts and entry.event in _OUTCOMES:
            attempts[-1] = replace(attempts[-1], ended=_later(attempts[-1].ended, entry))
    return attempts


def _later(known: TimelineEntry | None, entry: TimelineEntry) -> TimelineEntry:
    """A Sent that is told behind its Delivered is no later word; the job's end is none about a try that has ended."""
    if known is not None and (entry.event == "dead_letter" or (known.event, entry.event) == ("delivered", "sent")):
        return known
    return entry


def _attempt_view(attempt: _Attempt) -> MessageAttempt:
    return MessageAttempt(
        number=attempt.number,
        device_id=attempt.began.device_id or "",
        sim_slot=attempt.began.sim_slot or 0,
        assigned_at=rfc3339(attempt.began.at),
        outcome=attempt.ended.event if attempt.ended else None,
        ended_at=time_text(attempt.ended.at) if attempt.ended else None,
        detail=attempt.ended.detail if attempt.ended else None,
    )


def day_view(day: date, figures: Figures) -> DayView:
    """A day's figures. A correction may be counted ahead of what it corrects; nobody is shown less than nothing."""
    shown = {name: max(0, value) for name, value in zip(FIGURES, figures.counts(), strict=True)}
    return DayView(day=day.isoformat(), **shown)


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

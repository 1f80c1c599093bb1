"""Phones as they are stored, as the client API shows them."""

from __future__ import annotations

from smskit.models.lane import Lane
from smskit.phones.api.views import DeviceView, SimHealth, SimView
from smskit.phones.logic.device_list import DeviceRow
from smskit.platform.times import time_text


def device_view(row: DeviceRow) -> DeviceView:
    """The phone with its SIMs."""
    device = row.device
    sims = [
        SimView(
            sim_slot=sim.lane.key.sim_slot,
            carrier_name=sim.lane.carrier_name,
            is_enabled=sim.lane.is_enabled,
            pending_job_count=sim.pending,
            limited_until=time_text(sim.limited_until),
            rests_until=time_text(sim.rests_until),
            health=sim_health(sim.lane),
        )
        for sim in row.sims
    ]
    return DeviceView(
        device_id=device.device_id,
        name=device.name,
        status="Online" if row.is_online else "Offline",
        is_enabled=device.is_enabled,
        battery_level=device.battery_level,
        network_type=device.network_type,
        signal_strength=device.signal_strength,
        pending_job_count=row.pending,
        last_heartbeat_at=time_text(device.heartbeat_at),
        sims=sims,
    )


def sim_health(lane: Lane) -> SimHealth | None:
    """How the last messages of a SIM went; None of one that nothing is known of."""
    share = lane.history.share
    if share is None and not lane.is_on_trial:
        return None
    return SimHealth(
        is_healthy=not lane.is_on_trial,
        sent_share=None if share is None else round(share, 2),
        tries=lane.history.count,
    )

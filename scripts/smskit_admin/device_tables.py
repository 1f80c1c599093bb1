"""Phones and SIMs as tables for people."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from smskit.models.lane import Lane
from smskit.phones.logic.device_list import DeviceRow, SimRow
from smskit.platform.times import hour_of, rfc3339

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


def phones(rows: Sequence[DeviceRow], now: int) -> Table:
    """All phones, each with its SIMs beside it."""
    table = _table("Phone", "SIM", "State", "Segments left", "Pending")
    table.columns[0].min_width = 24  # an id must stay in one piece
    for row in rows:
        table.add_row(
            Text("\n").join(_headings(row, now)),
            Text("\n".join(_sim_name(sim) for sim in row.sims)),
            Text("\n").join(_sim_state(row, sim, now) for sim in row.sims),
            "\n".join(_left(sim, now) for sim in row.sims),
            "\n".join(str(sim.pending) for sim in row.sims),
        )
    return table


def _headings(row: DeviceRow, now: int) -> list[Text]:
    lines = [Text(row.device.name, "bold"), Text(row.device.device_id, "dim"), _state(row) + _heard(row, now)]
    anywhere = row.pending - sum(sim.pending for sim in row.sims)
    return [*lines, Text(f"{anywhere} pending for any SIM")] if anywhere else lines


def facts(row: DeviceRow, now: int) -> Table:
    """What is known of a phone."""
    device = row.device
    build = ", ".join(filter(None, (device.model, device.platform, device.app_version and f"app {device.app_version}")))
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    table.add_row("Phone", Text(device.name, "bold"))
    table.add_row("Id", device.device_id)
    table.add_row("State", _state(row) + _heard(row, now))
    table.add_row("Hourly limit", f"{device.limit} segments")
    table.add_row("Pending", str(row.pending))
    table.add_row("Battery", _battery(row))
    table.add_row("Network", Text(_network(row)))
    table.add_row("Device", Text(build or "unknown"))
    table.add_row(
        "Reports", "tells when a message arrives" if device.delivery_reports else "can't tell that one arrived"
    )
    table.add_row("Paired", rfc3339(device.created_at))
    return table


def sims(row: DeviceRow, now: int) -> Table:
    """The SIMs of a phone."""
    table = _table("SIM", "Number", "State", "Hourly limit", "Segments left", "Pending")
    for sim in row.sims:
        name, number = Text(_sim_name(sim)), Text(sim.lane.phone_number or "–")
        limit = f"{sim.lane.limit}, {'a share' if sim.lane.own_limit is None else 'its own'}"
        table.add_row(name, number, _sim_state(row, sim, now), limit, _left(sim, now), str(sim.pending))
    return table


def note(rows: Sequence[DeviceRow], now: int) -> str:
    """What `limited` means, where a SIM is."""
    if not any(_is_limited(_fresh(sim, now)) for row in rows for sim in row.sims):
        return ""
    return (
        f"limited: its segments of this hour are used up. Until {_hour_end(now)} UTC it sends nothing but "
        "priority 9 and 10, out of the last tenth."
    )


def _table(*titles: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False, leading=1 if titles[0] == "Phone" else 0)
    for title in titles:
        table.add_column(title, justify="right" if title in ("Segments left", "Pending") else "left", overflow="fold")
    return table


def _state(row: DeviceRow) -> Text:
    if not row.device.is_enabled:
        return Text("Disabled", "red")
    return Text("Online", "green") if row.is_online else Text("Offline", "yellow")


def _heard(row: DeviceRow, now: int) -> Text:
    heard = row.device.heartbeat_at
    return Text(", never heard" if heard is None else f", heard {_ago(now - heard)} ago")


def _ago(milliseconds: int) -> str:
    seconds = max(0, milliseconds // 1000)
    size, unit = next(((size, unit) for size, unit in _UNITS if seconds >= size), (1, "s"))
    return f"{seconds // size} {unit}"


def _sim_name(sim: SimRow) -> str:
    """Short enough for one line, so that each SIM has its line in all columns."""
    name = Text(f"{sim.lane.key.sim_slot} {sim.lane.carrier_name or 'unknown'}")
    name.truncate(16, overflow="ellipsis")
    return name.plain


def _sim_state(row: DeviceRow, sim: SimRow, now: int) -> Text:
    if not sim.lane.is_enabled:
        return Text("disabled", "red")
    if not (row.is_online and sim.lane.is_online):
        return Text("offline", "yellow")
    if sim.rests_until is not None:
        return Text(f"failing, rests until {rfc3339(sim.rests_until)[11:16]} UTC", "red")
    return Text("limited", "yellow") if _is_limited(_fresh(sim, now)) else Text("online", "green")


def _left(sim: SimRow, now: int) -> str:
    lane = _fresh(sim, now)
    return f"{max(0, lane.left)} of {lane.limit}"


def _fresh(sim: SimRow, now: int) -> Lane:
    return sim.lane.at(now)


def _is_limited(lane: Lane) -> bool:
    return lane.is_online and lane.bulk_left < 1


def _hour_end(now: int) -> str:
    return rfc3339((hour_of(now) + 1) * 3_600_000)[11:16]


def _battery(row: DeviceRow) -> str:
    level = row.device.battery_level
    return "unknown" if level is None else f"{level} %" + (", charging" if row.device.is_charging else "")


def _network(row: DeviceRow) -> str:
    bars = row.device.signal_strength
    parts = (row.device.network_type, None if bars is None else f"signal {bars} of 4")
    return ", ".join(filter(None, parts)) or "unknown"

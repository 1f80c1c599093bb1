"""Phones. Their lanes are in `store.lanes`.

A phone's heartbeats of the last day are in its own item, two short attributes an hour (`b` and `v` with the hour), so
that the write which a heartbeat makes anyway counts it: no write more, and the item stays at about 1 KB.

`presence`, Online or Offline, goes with the connection. The event source of the table's stream compares it, since a
filter can compare values that are there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from zlib import crc32

from smskit.errors import ConditionFailedError
from smskit.models.device import Beats, Device
from smskit.models.ids import decode, encode
from smskit.models.lane import Lane
from smskit.models.times import hour_of
from smskit.store import table
from smskit.store.codec import Item
from smskit.store.lane_items import lane_of

HEARTBEAT_SHARDS = 4
ONLINE, OFFLINE = "Online", "Offline"
_NAMES = {
    "account_id": "pk",
    "device_id": "deviceId",
    "token_hash": "tokenHash",
    "is_enabled": "isEnabled",
    "is_revoked": "isRevoked",
    "app_version": "appVersion",
    "limit": "hourly",
    "connection_id": "connection",
    "connected_at": "connectedAt",
    "heartbeat_at": "heartbeatAt",
    "offline_at": "offlineAt",
    "battery_level": "batteryLevel",
    "is_charging": "isCharging",
    "network_type": "networkType",
    "signal_strength": "signalStrength",
    "delivery_reports": "deliveryReports",
    "created_at": "createdAt",
}
_FIELDS = {field.name: _NAMES.get(field.name, field.name) for field in fields(Device) if field.name != "beats"}
BEAT_HOURS = 24
_CHANGEABLE = ("name", "limit", "is_enabled", "is_revoked")


def _key(account_id: str, device_id: str) -> Item:
    return {"pk": account_id, "sk": f"device#{device_id}"}


def device_item(device: Device) -> Item:
    """The phone as stored."""
    item: Item = {name: getattr(device, field) for field, name in _FIELDS.items()}
    item |= {"sk": f"device#{device.device_id}", "presence": ONLINE if device.is_online else OFFLINE}
    return {name: value for name, value in item.items() if value is not None}


def device_of(item: Item) -> Device:
    """The phone that an item holds."""
    return Device(**{field: item[name] for field, name in _FIELDS.items() if name in item}, beats=_beats_of(item))


def _beat_name(kind: str, hour: int) -> str:
    return kind + encode(hour, 4)


def _beats_of(item: Item) -> dict[int, Beats]:
    beats: dict[int, Beats] = {}
    for name, count in item.items():
        if len(name) == 5 and name[0] == "b":
            battery, signal = divmod(item.get("v" + name[1:], 0), 10)
            beats[decode(name[1:])] = Beats(count, battery - 1 if battery else None, signal - 1 if signal else None)
    return beats


def get(account_id: str, device_id: str, *, consistent: bool = True) -> Device | None:
    """The phone, or None."""
    item = table.get("devices", _key(account_id, device_id), consistent=consistent)
    return device_of(item) if item else None


def get_with_lanes(account_id: str, device_id: str) -> tuple[Device | None, list[Lane]]:
    """A phone and its lanes in one strongly consistent read."""
    condition, values = "pk = :pk AND begins_with(sk, :sk)", {":pk": account_id, ":sk": f"device#{device_id}"}
    items, _ = table.query("devices", condition, values, limit=17)
    device = next((device_of(item) for item in items if "tokenHash" in item), None)
    return device, [lane_of(item) for item in items if "tokenHash" not in item]


def list_all(account_id: str) -> Iterator[Device | Lane]:
    """Every phone of the account, each followed by its lanes."""
    values = {":pk": account_id, ":sk": "device#"}
    for item in table.pages("devices", "pk = :pk AND begins_with(sk, :sk)", values):
        yield device_of(item) if "tokenHash" in item else lane_of(item)


def connect(account_id: str, device_id: str, connection_id: str, connected_at: int) -> bool:
    """Make this the phone's connection unless a later one is; False when refused (later one, disabled or revoked).

    Another one of the same millisecond is refused too: nothing could tell which of the two a late frame is older than.
    """
    condition = "isEnabled = :true AND isRevoked = :false AND (connectedAt < :at OR #conn = :conn)"
    values: Item = {":true": True, ":false": False, ":at": connected_at, ":conn": connection_id}
    values |= {":shard": _shard(device_id), ":online": ONLINE}
    expression = (
        "SET #conn = :conn, connectedAt = :at, heartbeatAt = :at, onlineShard = :shard, presence = :online"
        " REMOVE badMinute, offlineAt"
    )
    names = {"#conn": "connection"}
    return _try(account_id, device_id, expression, values, condition, names) is not None


def disconnect(account_id: str, device_id: str, connection_id: str, now: int, unheard_since: int | None = None) -> bool:
    """Take the phone offline if this is still its connection (and it was last heard before `unheard_since`)."""
    expression = "SET presence = :offline, offlineAt = :now REMOVE #conn, onlineShard"
    names = {"#conn": "connection"}
    values: Item = {":conn": connection_id, ":offline": OFFLINE, ":now": now}
    condition = "#conn = :conn"
    if unheard_since is not None:
        values[":since"] = unheard_since
        condition += " AND heartbeatAt < :since"
    return _try(account_id, device_id, expression, values, condition, names) is not None


def change_op(old: Device, new: Device) -> Item:
    """The operation that changes what people may change of a phone; refused when another one changed it first."""
    condition, values, names = _as_people_left(old)
    values |= {f":new_{field}": getattr(new, field) for field in _CHANGEABLE}
    expression = "SET " + ", ".join(f"#{field} = :new_{field}" for field in _CHANGEABLE)
    return table.update_op("devices", _key(old.account_id, old.device_id), expression, values, condition, names)


def check_op(device: Device) -> Item:
    """The operation that is refused when people have changed the phone since it was read."""
    return table.check_op("devices", _key(device.account_id, device.device_id), *_as_people_left(device))


def _as_people_left(device: Device) -> tuple[str, Item, dict[str, str]]:
    values: Item = {f":{field}": getattr(device, field) for field in _CHANGEABLE}
    names = {f"#{field}": _FIELDS[field] for field in _CHANGEABLE}
    return " AND ".join(f"#{field} = :{field}" for field in _CHANGEABLE), values, names


def heard(
    account_id: str, device_id: str, connection_id: str, connected_at: int, now: int, seen: Item,
    known: Device | None = None,
) -> Device | None:  # fmt: skip
    """Record a hello or heartbeat of the current connection; None when a later connection has replaced it.

    A phone that was given up as silent and speaks again on the same connection is online again. `known`, the phone as
    it was, says which of its heartbeats are too old to be kept.
    """
    said = {name: value for name, value in seen.items() if value is not None}
    values: Item = {":conn": connection_id, ":at": connected_at, ":now": now, ":shard": _shard(device_id)}
    values |= {":true": True, ":false": False, ":online": ONLINE}
    values |= {f":{name}": value for name, value in said.items()}
    sets = "".join(f", {name} = :{name}" for name in said)
    hour = hour_of(now)
    count, last = _beat_name("b", hour), _beat_name("v", hour)
    values |= {":zero": 0, ":one": 1, ":last": _last_said(seen)}
    sets += f", {count} = if_not_exists({count}, :zero) + :one, {last} = :last"
    old = {hour - BEAT_HOURS - late for late in range(3)}
    old |= {past for past in (known.beats if known else ()) if past <= hour - BEAT_HOURS}
    removes = ", ".join(_beat_name(kind, past) for past in sorted(old) for kind in "bv")
    expression = (
        f"SET heartbeatAt = :now, onlineShard = :shard, #conn = :conn, presence = :online{sets}"
        f" REMOVE offlineAt, {removes}"
    )
    names = {"#conn": "connection"}
    condition = (
        "isEnabled = :true AND isRevoked = :false AND"
        " (#conn = :conn OR (attribute_not_exists(#conn) AND connectedAt = :at))"
    )
    item = _try(account_id, device_id, expression, values, condition, names)
    return device_of(item) if item else None


def _last_said(seen: Item) -> int:
    """Battery level and signal strength in one number, each plus one, so that 0 is unknown."""
    battery, signal = seen.get("batteryLevel"), seen.get("signalStrength")
    return 10 * (0 if battery is None else battery + 1) + (0 if signal is None else signal + 1)


def count_bad_frame(account_id: str, device_id: str, minute: int) -> int:
    """How many unusable frames the phone has sent in this minute, this one included."""
    values: Item = {":minute": minute, ":one": 1}
    item = _try(account_id, device_id, "ADD badFrames :one", values, "badMinute = :minute", None)
    if item is not None:
        return int(item["badFrames"])
    fresh = "SET badMinute = :minute, badFrames = :one"
    _try(account_id, device_id, fresh, values, "attribute_exists(pk)", None)
    return 1


def silent_since(shard: int, before: int, limit: int) -> list[tuple[str, str]]:
    """(account, device) of phones that count as online and were last heard before this time."""
    condition, values = "onlineShard = :shard AND heartbeatAt < :at", {":shard": f"h#{shard}", ":at": before}
    items, _ = table.query("devices", condition, values, limit=limit, index="by_heartbeat")
    return [(item["pk"], item["sk"].partition("#")[2]) for item in items]


def _shard(device_id: str) -> str:
    return f"h#{crc32(device_id.encode()) % HEARTBEAT_SHARDS}"


def _try(
    account_id: str, device_id: str, expression: str, values: Item, condition: str, names: dict[str, str] | None
) -> Item | None:
    try:
        return table.update(
            "devices", _key(account_id, device_id), expression, values, condition=condition, names=names
        )
    except ConditionFailedError:
        return None

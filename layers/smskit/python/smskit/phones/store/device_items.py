"""Phones to items and back.

A phone's heartbeats of the last day are in its own item, two short attributes an hour (`b` and `v` with the hour), so
that the write which a heartbeat makes anyway counts it: no write more, and the item stays at about 1 KB.

`presence`, Online or Offline, goes with the connection. The event source of the table's stream compares it, since a
filter can compare values that are there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from smskit.models.device import Beats, Device, PhoneState
from smskit.phones.store.lane_items import lane_sort_key, own_partition
from smskit.platform.codec import Item
from smskit.platform.ids import decode, encode

ONLINE, OFFLINE = "Online", "Offline"
LISTED = "listed#"
_NAMES = {
    "account_id": "pk",
    "device_id": "deviceId",
    "token_hash": "tokenHash",
    "is_enabled": "isEnabled",
    "is_revoked": "isRevoked",
    "app_version": "appVersion",
    "limit": "hourly",
    "connection_id": "connection",
    "silent_on": "silentOn",
    "journal_id": "journalId",
    "was_configured": "wasConfigured",
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
FIELDS = {field.name: _NAMES.get(field.name, field.name) for field in fields(Device) if field.name != "beats"}


def device_key(account_id: str, device_id: str) -> Item:
    """The key of a phone's item."""
    return {"pk": own_partition(account_id, device_id), "sk": f"device#{device_id}"}


def device_item(device: Device) -> Item:
    """The phone as stored."""
    item: Item = {name: getattr(device, field) for field, name in FIELDS.items()}
    item |= device_key(device.account_id, device.device_id) | {"presence": ONLINE if device.is_connected else OFFLINE}
    return {name: value for name, value in item.items() if value is not None}


def device_of(item: Item) -> Device:
    """The phone that an item holds."""
    known = {field: item[name] for field, name in FIELDS.items() if name in item}
    return Device(**known | {"account_id": account_of(item)}, beats=_beats_of(item))


def account_of(item: Mapping[str, Any]) -> str:
    """The account of an item in a phone's partition."""
    return str(item["pk"]).partition("#")[0]


def beat_name(kind: str, hour: int) -> str:
    """The attribute that counts the heartbeats of an hour (`b`), or says what was last heard in it (`v`)."""
    return kind + encode(hour, 4)


def _beats_of(item: Item) -> dict[int, Beats]:
    beats: dict[int, Beats] = {}
    for name, count in item.items():
        if len(name) == 5 and name[0] == "b":
            battery, signal = divmod(item.get("v" + name[1:], 0), 10)
            beats[decode(name[1:])] = Beats(count, battery - 1 if battery else None, signal - 1 if signal else None)
    return beats


def said_item(state: PhoneState) -> Item:
    """What a phone said of itself, as stored in its item."""
    said = {FIELDS[field.name]: getattr(state, field.name) for field in fields(PhoneState)}
    return {name: value for name, value in said.items() if value is not None}


def last_said(state: PhoneState) -> int:
    """Battery level and signal strength in one number, each plus one, so that 0 is unknown."""
    battery, signal = state.battery_level, state.signal_strength
    return 10 * (0 if battery is None else battery + 1) + (0 if signal is None else signal + 1)


def listed_keys(listed: Mapping[str, Any]) -> list[Item]:
    """The keys of a phone and of its lanes, from the item that lists it."""
    device_id = listed["sk"].removeprefix(LISTED)
    own = device_key(listed["pk"], device_id)
    return [own, *({"pk": own["pk"], "sk": lane_sort_key(device_id, slot)} for slot in listed["slots"])]

"""Phones. Their lanes are in `phones.store.lanes`, beside them: a phone and its lanes have a partition of their own.

The account's partition lists them (`listed#…`, with the SIM slots that have lanes) and holds the markers of lanes.
A connection is known by its id alone. One that was given up as silent is remembered: its next word brings it back.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from zlib import crc32

from smskit.errors import ConditionFailedError
from smskit.models.device import Device, PhoneState
from smskit.models.lane import Lane, LaneKey
from smskit.phones.store.device_items import (
    FIELDS,
    LISTED,
    OFFLINE,
    ONLINE,
    account_of,
    beat_name,
    device_item,
    device_key,
    device_of,
    last_said,
    listed_keys,
    said_item,
)
from smskit.phones.store.lane_items import lane_item, lane_key, lane_of, own_partition
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.platform.times import hour_of

HEARTBEAT_SHARDS = 16
BEAT_HOURS = 24
_CHANGEABLE = ("name", "limit", "is_enabled", "is_revoked", "was_configured")
_MAY_CONNECT = "isEnabled = :true AND isRevoked = :false"
_CONNECTION = {"#conn": "connection"}


def get(account_id: str, device_id: str, *, consistent: bool = True) -> Device | None:
    """The phone, or None."""
    item = table.get("devices", device_key(account_id, device_id), consistent=consistent)
    return device_of(item) if item else None


def get_with_lanes(account_id: str, device_id: str) -> tuple[Device | None, list[Lane]]:
    """A phone and its lanes in one strongly consistent read."""
    condition = "pk = :pk AND begins_with(sk, :sk)"
    values = {":pk": own_partition(account_id, device_id), ":sk": f"device#{device_id}"}
    items, _ = table.query("devices", condition, values, limit=17)
    device = next((device_of(item) for item in items if "tokenHash" in item), None)
    return device, [lane_of(item) for item in items if "tokenHash" not in item]


def get_lanes(keys: Sequence[LaneKey]) -> list[tuple[Device, Lane]]:
    """These lanes, each with its phone, as far as both are there; 100 items a request, eventually consistent."""
    own = [(device_key(key.account_id, key.device_id), lane_key(key)) for key in keys]
    items = table.get_many("devices", [each for pair in own for each in pair], consistent=False)
    found = {item["sk"]: item for item in items}
    return [
        (device_of(found[phone["sk"]]), lane_of(found[lane["sk"]]))
        for phone, lane in own
        if phone["sk"] in found and lane["sk"] in found
    ]


def create_ops(device: Device, its_lanes: Sequence[Lane]) -> list[Item]:
    """The operations that store a new phone with its lanes; refused when there is one with its id."""
    slots = [lane.key.sim_slot for lane in its_lanes]
    first = [replace(lane, version=1) for lane in its_lanes]
    return [
        table.put_op("devices", device_item(device), "attribute_not_exists(pk)"),
        list_op(device, slots),
        *(table.put_op("devices", lane_item(lane), "attribute_not_exists(pk)") for lane in first),
    ]


def list_op(device: Device, sim_slots: Collection[int]) -> Item:
    """The operation that lists the phone with the slots that have lanes."""
    return table.put_op("devices", _listed_key(device) | {"slots": sorted(sim_slots)})


def list_check_op(device: Device, sim_slots: Collection[int]) -> Item:
    """The operation that is refused when the phone has lanes in other slots by now."""
    return table.check_op("devices", _listed_key(device), "slots = :slots", {":slots": sorted(sim_slots)})


def _listed_key(device: Device) -> Item:
    return {"pk": device.account_id, "sk": LISTED + device.device_id}


def list_all(account_id: str) -> Iterator[tuple[Device, list[Lane]]]:
    """Every phone of the account with its lanes, oldest first; eventually consistent."""
    values = {":pk": account_id, ":sk": LISTED}
    listed = list(table.pages("devices", "pk = :pk AND begins_with(sk, :sk)", values))
    keys = [key for item in listed for key in listed_keys(item)]
    found = {item["sk"]: item for item in table.get_many("devices", keys, consistent=False)}
    for item in listed:
        own, *of_lanes = [found.get(key["sk"]) for key in listed_keys(item)]
        if own is not None:
            yield device_of(own), [lane_of(lane) for lane in of_lanes if lane is not None]


def connect(account_id: str, device_id: str, connection_id: str, connected_at: int) -> Device | None:
    """Make this the phone's connection unless a later one is; the phone as it was before, None when refused (a later
    one, disabled or revoked).

    Another one of the same millisecond is refused too: nothing could tell which of the two a late frame is older than.
    """
    condition = f"{_MAY_CONNECT} AND (connectedAt < :at OR #conn = :conn)"
    values: Item = {":true": True, ":false": False, ":at": connected_at, ":conn": connection_id}
    values |= {":shard": _shard(device_id), ":online": ONLINE}
    expression = (
        "SET #conn = :conn, connectedAt = :at, heartbeatAt = :at, onlineShard = :shard, presence = :online"
        " REMOVE badMinute, offlineAt, silentOn"
    )
    before = _try(account_id, device_id, expression, values, condition, _CONNECTION, returns="ALL_OLD")
    return device_of(before) if before else None


def disconnect(account_id: str, device_id: str, connection_id: str, now: int) -> bool:
    """The connection is closed; False when another one is the phone's by now. No frame of it that is still on its way
    brings it back. A phone that has none was taken off this one before: perhaps by this very write, whose answer was
    lost."""
    expression = (
        "SET presence = :offline, offlineAt = if_not_exists(offlineAt, :now) REMOVE #conn, onlineShard, silentOn"
    )
    values: Item = {":conn": connection_id, ":offline": OFFLINE, ":now": now}
    condition, key = "#conn = :conn OR silentOn = :conn", device_key(account_id, device_id)
    try:
        table.update("devices", key, expression, values, condition=condition, names=_CONNECTION)
    except ConditionFailedError as refused:
        return refused.item is not None and not {"connection", "silentOn"} & refused.item.keys()
    return True


def give_up(account_id: str, device_id: str, connection_id: str, now: int, unheard_since: int) -> bool:
    """Take a phone offline that was last heard before `unheard_since`, if this is still its connection."""
    expression = "SET presence = :offline, offlineAt = if_not_exists(offlineAt, :now), silentOn = :conn REMOVE #conn"
    values: Item = {":conn": connection_id, ":offline": OFFLINE, ":now": now, ":since": unheard_since}
    condition = "(#conn = :conn OR silentOn = :conn) AND heartbeatAt < :since"
    return _try(account_id, device_id, expression, values, condition, _CONNECTION) is not None


def given_up(account_id: str, device_id: str, connection_id: str) -> bool:
    """The lanes of a phone that was given up are offline, too: it needn't be found as silent again. False when it has
    spoken meanwhile."""
    values = {":conn": connection_id}
    return _try(account_id, device_id, "REMOVE onlineShard", values, "silentOn = :conn", None) is not None


def change_op(old: Device, new: Device) -> Item:
    """The operation that changes what people may change of a phone; refused when another one changed it first."""
    condition, values, names = _as_people_left(old)
    values |= {f":new_{field}": getattr(new, field) for field in _CHANGEABLE}
    expression = "SET " + ", ".join(f"#{field} = :new_{field}" for field in _CHANGEABLE)
    return table.update_op("devices", device_key(old.account_id, old.device_id), expression, values, condition, names)


def check_op(device: Device) -> Item:
    """The operation that is refused when people have changed the phone since it was read, or it has connected anew."""
    condition, values, names = _as_people_left(device)
    values |= {":conn": device.connection_id} if device.connection_id else {}
    condition += " AND #conn = :conn" if device.connection_id else " AND attribute_not_exists(#conn)"
    key = device_key(device.account_id, device.device_id)
    return table.check_op("devices", key, condition, values, names | _CONNECTION)


def _as_people_left(device: Device) -> tuple[str, Item, dict[str, str]]:
    values: Item = {f":{field}": getattr(device, field) for field in _CHANGEABLE}
    names = {f"#{field}": FIELDS[field] for field in _CHANGEABLE}
    return " AND ".join(f"#{field} = :{field}" for field in _CHANGEABLE), values, names


def record_heartbeat(
    account_id: str, device_id: str, connection_id: str, now: int, state: PhoneState, known: Device | None = None
) -> Device | None:
    """Record a word of the current connection; None when a later connection has replaced it, or it is closed.

    A phone that was given up as silent and speaks again on the same connection is online again. `known`, the phone as
    it was, says which of its heartbeats are too old to be kept.
    """
    said = said_item(state)
    values: Item = {":conn": connection_id, ":now": now, ":shard": _shard(device_id)}
    values |= {":true": True, ":false": False, ":online": ONLINE}
    values |= {f":{name}": value for name, value in said.items()}
    sets = "".join(f", {name} = :{name}" for name in said)
    hour = hour_of(now)
    count, last = beat_name("b", hour), beat_name("v", hour)
    values |= {":zero": 0, ":one": 1, ":last": last_said(state)}
    sets += f", {count} = if_not_exists({count}, :zero) + :one, {last} = :last"
    old = {hour - BEAT_HOURS - late for late in range(3)}
    old |= {past for past in (known.beats if known else ()) if past <= hour - BEAT_HOURS}
    removes = ", ".join(beat_name(kind, past) for past in sorted(old) for kind in "bv")
    expression = (
        f"SET heartbeatAt = :now, onlineShard = :shard, #conn = :conn, presence = :online{sets}"
        f" REMOVE offlineAt, silentOn, {removes}"
    )
    condition = f"{_MAY_CONNECT} AND (#conn = :conn OR silentOn = :conn)"
    item = _try(account_id, device_id, expression, values, condition, _CONNECTION)
    return device_of(item) if item else None


def keep_journal(device: Device, connection_id: str, journal_id: str | None) -> None:
    """Remember which journal the phone has, None when it says none; nothing when another connection replaced it."""
    values: Item = {":conn": connection_id} | ({":journal": journal_id} if journal_id else {})
    expression = "SET journalId = :journal" if journal_id else "REMOVE journalId"
    _try(device.account_id, device.device_id, expression, values, "#conn = :conn", _CONNECTION)


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
    return [(account_of(item), item["sk"].partition("#")[2]) for item in items]


def _shard(device_id: str) -> str:
    return f"h#{crc32(device_id.encode()) % HEARTBEAT_SHARDS}"


def _try(
    account_id: str, device_id: str, expression: str, values: Item, condition: str, names: dict[str, str] | None,
    returns: table.Returned = "ALL_NEW",
) -> Item | None:  # fmt: skip
    key = device_key(account_id, device_id)
    try:
        return table.update("devices", key, expression, values, condition=condition, names=names, returns=returns)
    except ConditionFailedError:
        return None

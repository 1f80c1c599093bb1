"""Lanes and their markers to items and back."""

from __future__ import annotations

from zlib import crc32

from smskit.models.lane import Hold, Lane, LaneKey
from smskit.models.sim_health import History, Unhealthy
from smskit.platform.codec import Item

UNHEALTHY = "unhealthy"


def own_partition(account_id: str, device_id: str) -> str:
    """A phone and its lanes have a partition of their own: a thousand of them would be too much for one."""
    return f"{account_id}#{device_id}"


def online_partition(account_id: str) -> str:
    """The markers of online lanes have one beside that of the ready ones: a fleet that comes back writes both."""
    return f"{account_id}#online"


def lane_sort_key(device_id: str, sim_slot: int) -> str:
    """Lanes sort right behind their phone."""
    return f"device#{device_id}#sim#{sim_slot}"


def lane_key(lane: LaneKey) -> Item:
    """The key of a lane's item."""
    return {"pk": own_partition(lane.account_id, lane.device_id), "sk": lane_sort_key(lane.device_id, lane.sim_slot)}


def lane_item(lane: Lane) -> Item:
    """The lane as stored."""
    item = {
        **lane_key(lane.key),
        "deviceId": lane.key.device_id,
        "simSlot": lane.key.sim_slot,
        "connection": lane.connection_id,
        "connectedAt": lane.connected_at,
        "isEnabled": lane.is_enabled,
        "simReady": lane.sim_ready,
        "window": lane.window,
        "credits": lane.credits,
        "held": {job_id: hold_item(hold) for job_id, hold in lane.held.items()},
        "hourly": lane.limit,
        "hour": lane.hour,
        "left": lane.left,
        "bulkLeft": lane.bulk_left,
        "ownHourly": lane.own_limit,
        "barred": lane.barred,
        "strikes": lane.strikes,
        "setbacks": lane.setbacks or None,
        "restsUntil": lane.rests_until or None,
        "restedAt": lane.rested_at or None,
        **_history_item(lane.history),
        "wake": lane.wake,
        "carrierName": lane.carrier_name,
        "phoneNumber": lane.phone_number,
        "spread": lane.spread if lane.spread > 1 else None,
        "lost": list(lane.lost) or None,
        "version": lane.version,
    }
    return {name: value for name, value in item.items() if value is not None}


def _history_item(history: History) -> Item:
    return {
        "tries": history.number or None,
        "triesBefore": history.before or None,
        "failedTries": list(history.failed) or None,
    }


def _history_of(item: Item) -> History:
    return History(item.get("tries", 0), item.get("triesBefore", 0), tuple(item.get("failedTries", ())))


def hold_item(hold: Hold) -> Item:
    """A held job as stored in its lane."""
    times = {"o": hold.offered_at, "c": hold.claim_by, "j": hold.created_at}
    return {"k": hold.token, "s": hold.segments, "r": hold.recipient} | times


def _hold_of(item: Item) -> Hold:
    return Hold(item["k"], item["o"], item["c"], item["s"], item["r"], item["j"])


def lane_of(item: Item) -> Lane:
    """The lane that an item holds."""
    return Lane(
        key=LaneKey(item["pk"].partition("#")[0], item["deviceId"], item["simSlot"]),
        connection_id=item.get("connection"),
        connected_at=item["connectedAt"],
        is_enabled=item["isEnabled"],
        sim_ready=item["simReady"],
        window=item["window"],
        credits=item["credits"],
        held={job_id: _hold_of(held) for job_id, held in item["held"].items()},
        limit=item["hourly"],
        hour=item["hour"],
        left=item["left"],
        own_limit=item.get("ownHourly"),
        barred=item.get("barred"),
        strikes=item["strikes"],
        setbacks=item.get("setbacks", 0),
        rests_until=item.get("restsUntil", 0),
        rested_at=item.get("restedAt", 0),
        history=_history_of(item),
        wake=item["wake"],
        carrier_name=item.get("carrierName"),
        phone_number=item.get("phoneNumber"),
        spread=item.get("spread", 1),
        lost=tuple(item.get("lost", ())),
        version=item["version"],
    )


def markers(lane: Lane) -> dict[str, Item]:
    """The items that exist exactly while the lane is in a state, by sort key: `ready#<class>#…`, `online#…`, and beside
    the lane `unhealthy#…`, whose coming and going is announced.

    A hash leads the order of the first two: by id, which begins with time, phones that were added together would stand
    together. That of an online lane says what it takes in an hour, and the hour in which that is spent, reserve and
    all; and whether it is given nothing now, or its last jobs came to nothing.
    """
    where = f"{lane.key.device_id}#{lane.key.sim_slot}"
    where = f"{crc32(where.encode()):08x}#{where}"
    base = {"deviceId": lane.key.device_id, "simSlot": lane.key.sim_slot}
    found: dict[str, Item] = {}
    if lane.ready_class:
        found[f"ready#{lane.ready_class}#{where}"] = base | {"pk": lane.key.account_id}
    if lane.is_online:
        hours = {"spentIn": lane.spent_in, "emptyIn": lane.empty_in}
        known: Item = {name: hour for name, hour in hours.items() if hour is not None}
        known |= {"isOut": True} if lane.is_out else {"isFailing": True} if lane.is_doubtful else {}
        found[f"online#{where}"] = base | {"pk": online_partition(lane.key.account_id), "hourly": lane.limit} | known
    if lane.is_on_trial:
        found[f"unhealthy#{lane.key.sim_slot}"] = base | _unhealthy_item(lane)
    return {sort_key: item | {"sk": sort_key} for sort_key, item in found.items()}


def _unhealthy_item(lane: Lane) -> Item:
    item = {
        "pk": own_partition(lane.key.account_id, lane.key.device_id),
        "health": UNHEALTHY,
        "carrierName": lane.carrier_name,
        "phoneNumber": lane.phone_number,
        "restedAt": lane.rested_at,
        "restsUntil": lane.rests_until or None,
        **_history_item(lane.history),
    }
    return {name: value for name, value in item.items() if value is not None}


def unhealthy_of(item: Item) -> Unhealthy:
    """The SIM that an `unhealthy` marker is of."""
    return Unhealthy(
        account_id=item["pk"].partition("#")[0],
        device_id=item["deviceId"],
        sim_slot=item["simSlot"],
        carrier_name=item.get("carrierName"),
        phone_number=item.get("phoneNumber"),
        history=_history_of(item),
        rested_at=item["restedAt"],
        rests_until=item.get("restsUntil", 0),
    )

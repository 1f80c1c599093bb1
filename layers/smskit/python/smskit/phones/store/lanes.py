"""Lanes: every change is one conditional write, and moves the lane's markers in the same transaction when they change.

The two hot steps, taking a credit and giving it back while the lane stays ready, are plain updates that need no read;
everything else replaces the lane under its version.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from smskit.errors import ConditionFailedError, SmsKitError, TransactionRefusedError
from smskit.models.lane import Hold, Lane, LaneKey
from smskit.phones.store.lane_items import (
    hold_item,
    lane_item,
    lane_key,
    lane_of,
    markers,
    online_partition,
    own_partition,
)
from smskit.platform import table
from smskit.platform.codec import Item

_STAYS_READY = (
    "attribute_exists(#conn) AND isEnabled = :true AND attribute_not_exists(barred) AND simReady = :true"
    " AND strikes = :zero AND attribute_not_exists(setbacks)"
    " AND credits > :credits AND bulkLeft > :segments"
)
ONLINE_PAGE = 100
_ALWAYS = {":true": True, ":zero": 0, ":one": 1}


class LaneRefusedError(SmsKitError):
    """The fast write did not fit; `lane` is what stands, None when there is no such lane."""

    def __init__(self, lane: Lane | None) -> None:
        super().__init__("the lane does not stay ready")
        self.lane = lane


def get(key: LaneKey, *, consistent: bool = True) -> Lane | None:
    """The lane, or None."""
    item = table.get("devices", lane_key(key), consistent=consistent)
    return lane_of(item) if item else None


def of_device(account_id: str, device_id: str, *, consistent: bool = True) -> list[Lane]:
    """All lanes of a phone in one read."""
    condition = "pk = :pk AND begins_with(sk, :sk)"
    values = {":pk": own_partition(account_id, device_id), ":sk": f"device#{device_id}#sim#"}
    items, _ = table.query("devices", condition, values, limit=16, consistent=consistent)
    return [lane_of(item) for item in items]


def take(key: LaneKey, holds: Mapping[str, Hold], hour: int) -> Lane:
    """Take credits for jobs on a lane that stays ready after it. Raises LaneRefusedError otherwise."""
    names, values, sets, conditions = {"#conn": "connection"}, dict[str, object](_ALWAYS), [], []
    for index, (job_id, hold) in enumerate(holds.items()):
        names[f"#j{index}"], values[f":h{index}"] = job_id, hold_item(hold)
        sets.append(f"held.#j{index} = :h{index}")
        conditions.append(f"attribute_not_exists(held.#j{index})")
    segments = sum(hold.segments for hold in holds.values())
    values |= {":credits": len(holds), ":segments": segments, ":hour": hour}
    counts = ["credits = credits - :credits", "#left = #left - :segments", "bulkLeft = bulkLeft - :segments"]
    names["#left"], names["#hour"] = "left", "hour"
    expression = f"SET {', '.join([*sets, *counts, 'version = version + :one'])}"
    return _fast(key, expression, names, values, " AND ".join([_STAYS_READY, "#hour = :hour", *conditions]))


def give_back(key: LaneKey, released: Mapping[str, str], sent: int = 0) -> Lane:
    """Give back the credits of jobs (id → token), of which so many were sent, on a lane that stays ready.

    Raises LaneRefusedError otherwise.
    """
    names, values, removes, conditions = {"#conn": "connection"}, dict[str, object](_ALWAYS), [], []
    for index, (job_id, token) in enumerate(released.items()):
        names[f"#j{index}"], values[f":k{index}"] = job_id, token
        removes.append(f"held.#j{index}")
        conditions.append(f"held.#j{index}.k = :k{index}")
    values |= {":credits": 0, ":segments": 0, ":count": len(released)}
    counts = ["credits = credits + :count", "version = version + :one"]
    if sent:
        counts.append("tries = if_not_exists(tries, :zero) + :sent")
        values[":sent"] = sent
    expression = f"SET {', '.join(counts)} REMOVE {', '.join(removes)}"
    return _fast(key, expression, names, values, " AND ".join([_STAYS_READY, *conditions]))


def _fast(key: LaneKey, expression: str, names: Item, values: Item, condition: str) -> Lane:
    try:
        item = table.update("devices", lane_key(key), expression, values, condition=condition, names=names)
    except ConditionFailedError as refused:
        raise LaneRefusedError(lane_of(refused.item) if refused.item else None) from None
    return lane_of(item)


def save(old: Lane | None, new: Lane, also: Sequence[Item] = ()) -> Lane:
    """Replace `old` by `new` with its markers, and with the operations in `also`, all or nothing; the lane as saved.

    Raises ConditionFailedError when the lane is no longer `old`, TransactionRefusedError (reasons for `also` only)
    when the lane stood but one of `also` was refused.
    """
    saved = replace(new, version=(old.version if old else 0) + 1)
    condition, values = _as_seen(old)
    before, after = markers(old) if old else {}, markers(saved)
    if before == after and not also:
        item = lane_item(saved)
        try:
            table.put("devices", item, condition, values)
        except ConditionFailedError as refused:
            if refused.item != item:  # else an answer was lost, and this met itself
                raise
        return saved
    operations = _operations(old, saved)
    try:
        table.transact([*operations, *also])
    except TransactionRefusedError as refused:
        if refused.reasons[0] == "ConditionalCheckFailed":
            raise ConditionFailedError(None) from None
        raise TransactionRefusedError(refused.reasons[len(operations) :]) from None
    return saved


def _as_seen(old: Lane | None) -> tuple[str, Item | None]:
    return ("version = :version", {":version": old.version}) if old else ("attribute_not_exists(pk)", None)


def _operations(old: Lane | None, saved: Lane) -> list[Item]:
    """The lane under its version, and the markers that come and go with it."""
    before, after = markers(old) if old else {}, markers(saved)
    operations = [table.put_op("devices", lane_item(saved), *_as_seen(old))]
    operations += [table.put_op("devices", item) for key, item in after.items() if item != before.get(key)]
    gone = [key for key in before if key not in after]
    return operations + [table.delete_op("devices", {"pk": before[key]["pk"], "sk": key}) for key in gone]


def save_all(changes: Sequence[tuple[Lane | None, Lane]], also: Sequence[Item]) -> list[Lane]:
    """Replace lanes (old, new) of one phone with their markers and the operations in `also`, all or nothing.

    Without an old one the lane is made.

    Raises ConditionFailedError when a lane is no longer the old one or one of `also` was refused.
    """
    saved = [replace(new, version=(old.version if old else 0) + 1) for old, new in changes]
    operations = [each for (old, _), new in zip(changes, saved, strict=True) for each in _operations(old, new)]
    try:
        table.transact([*operations, *also])
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None
    return saved


@dataclass(frozen=True, slots=True)
class OnlineLane:
    """What the marker of an online, enabled lane says of it.

    `limit`: segments an hour. `spent_in`, `empty_in`: the hour in which that is spent but for the reserve, or wholly.
    """

    key: LaneKey
    limit: int
    spent_in: int | None
    empty_in: int | None


def online(account_id: str) -> Iterator[OnlineLane]:
    """The account's online, enabled lanes; the first costs half a read unit, the others are read as they are needed.

    Eventually consistent.
    """
    limit, after = 1, None
    while True:
        items, more = _online(account_id, limit, after)
        for item in items:
            key = LaneKey(account_id, item["deviceId"], item["simSlot"])
            yield OnlineLane(key, item["hourly"], item.get("spentIn"), item.get("emptyIn"))
        if not more or not items:
            return
        limit, after = ONLINE_PAGE, {"pk": items[-1]["pk"], "sk": items[-1]["sk"]}


def online_page(account_id: str) -> tuple[list[LaneKey], bool]:
    """The first ONLINE_PAGE of them, in one request, and whether there are more. Eventually consistent."""
    items, more = _online(account_id, ONLINE_PAGE)
    return [LaneKey(account_id, item["deviceId"], item["simSlot"]) for item in items], more


def _online(account_id: str, limit: int, after: Item | None = None) -> tuple[list[Item], bool]:
    values = {":pk": online_partition(account_id), ":sk": "online#"}
    return table.query(
        "devices", "pk = :pk AND begins_with(sk, :sk)", values, limit=limit, consistent=False, after=after
    )

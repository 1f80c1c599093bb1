"""The log of deliveries with their attempts, and each endpoint's line of deliveries that wait.

A delivery waits in line by an item of its own that is only a place: its sort key holds the delivery's id, which begins
with the time of the event, so a line is in order of event time whoever joined when.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from smskit import settings
from smskit.errors import ConditionFailedError
from smskit.models.webhook import Attempt, Delivery, DeliveryStatus
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.platform.ids import encode
from smskit.platform.times import now_ms
from smskit.webhooks.store.items import attempt_item, delivery_item, delivery_key, delivery_of_item

MAX_ATTEMPTS = 50
MAX_ASIDE = 1_000
LINE = "line#"
ASIDE = LINE + "aside#"
WAITING = LINE + "wait#"
_STATUS = {"#status": "status"}


def aside(outage: int) -> str:
    """The part of the line for events that held up the others in this outage."""
    return f"{ASIDE}{outage}#"


@dataclass(frozen=True, slots=True)
class BacklogEntry:
    """A place in an endpoint's line."""

    webhook_id: str
    key: str

    @property
    def delivery_id(self) -> str:
        """Who stands there."""
        return self.key.rpartition("#")[2]


def get(webhook_id: str, delivery_id: str) -> Delivery | None:
    """The delivery, or None."""
    item = table.get("webhooks", delivery_key(webhook_id, delivery_id))
    return delivery_of_item(item) if item else None


def get_many(webhook_id: str, delivery_ids: Sequence[str]) -> dict[str, Delivery]:
    """Those of the deliveries that are kept, by id; up to 100. DynamoDB removes what has expired days later."""
    keys = [delivery_key(webhook_id, delivery_id) for delivery_id in delivery_ids]
    found = [delivery_of_item(item) for item in table.get_many("webhooks", keys)]
    now = now_ms()
    return {delivery.delivery_id: delivery for delivery in found if delivery.is_kept(now)}


def create(delivery: Delivery, now: int) -> Delivery | None:
    """Log a delivery; None when it is stored, else the one that already has this id."""
    item = delivery_item(delivery, _ttl(delivery, now))
    try:
        table.put("webhooks", item, "attribute_not_exists(pk)")
    except ConditionFailedError as refused:
        if refused.item is None:
            raise
        return delivery_of_item(refused.item)
    return None


def _ttl(delivery: Delivery, now: int) -> int:
    """30 days, but no longer than what the delivery tells of."""
    own = now // 1000 + settings.retention_seconds()
    return min(own, delivery.kept_until or own)


def add_attempt(delivery: Delivery, attempt: Attempt, status: DeliveryStatus) -> Delivery | None:
    """Add an attempt and what it leads to; None when the delivery has left the log. The last 50 are kept.

    A delivery that was accepted meanwhile does not wait again.
    """
    failed = 0 if attempt.accepted else 1
    values: Item = {
        ":status": status.value, ":entry": [attempt_item(attempt)], ":failed": failed, ":none": 0,
        ":most": MAX_ATTEMPTS,
    }  # fmt: skip
    expression = "SET #status = :status, attempts = list_append(attempts, :entry)"
    expression += ", tries = if_not_exists(tries, :none) + :failed"
    condition = "attribute_exists(pk) AND size(attempts) < :most"
    if status is DeliveryStatus.WAITING:
        values[":taken"] = DeliveryStatus.DELIVERED.value
        condition += " AND #status <> :taken"
    key = delivery_key(delivery.webhook_id, delivery.delivery_id)
    for _ in range(3):
        try:
            item = table.update("webhooks", key, expression, values, condition=condition, names=_STATUS)
        except ConditionFailedError as refused:
            if refused.item is None:
                return None
            if refused.item["status"] == values.get(":taken"):
                return add_attempt(delivery, attempt, DeliveryStatus.DELIVERED)
            _drop_first_attempt(key)
        else:
            return delivery_of_item(item)
    return None


def _drop_first_attempt(key: Item) -> None:
    values: Item = {":most": MAX_ATTEMPTS}
    try:
        table.update("webhooks", key, "REMOVE attempts[0]", values, condition="size(attempts) >= :most")
    except ConditionFailedError:
        return


def reopen(delivery: Delivery) -> Delivery | None:
    """→ Waiting, with all its tries before it; None when the delivery has left the log."""
    values: Item = {":status": DeliveryStatus.WAITING.value, ":none": 0}
    return _set(delivery, "SET #status = :status, tries = :none", values, "attribute_exists(pk)")


def set_tries(delivery: Delivery, tries: int) -> Delivery | None:
    """Count its tries from here; None when it is not Waiting."""
    values: Item = {":tries": tries, ":from": DeliveryStatus.WAITING.value}
    return _set(delivery, "SET tries = :tries", values, "#status = :from")


def close(delivery: Delivery, status: DeliveryStatus) -> Delivery | None:
    """Waiting → Failed or Skipped; None when it is not Waiting."""
    values: Item = {":status": status.value, ":from": DeliveryStatus.WAITING.value}
    return _set(delivery, "SET #status = :status", values, "#status = :from")


def _set(delivery: Delivery, expression: str, values: Item, condition: str) -> Delivery | None:
    key = delivery_key(delivery.webhook_id, delivery.delivery_id)
    try:
        item = table.update("webhooks", key, expression, values, condition=condition, names=_STATUS)
    except ConditionFailedError:
        return None
    return delivery_of_item(item)


def forget(places: Iterable[tuple[str, str]]) -> None:
    """Take deliveries, each by its endpoint's id and its own, out of the log. What waits isn't sent any more."""
    table.delete_many("webhooks", [delivery_key(webhook_id, delivery_id) for webhook_id, delivery_id in places])


def list_page(webhook_id: str, limit: int, after: str | None) -> tuple[list[Delivery], bool]:
    """A page of the log, newest event first, behind the delivery `after`; and whether there may be more."""
    values: Item = {":pk": webhook_id, ":sk": "delivery#"}
    items, more = table.query(
        "webhooks", "pk = :pk AND begins_with(sk, :sk)", values, limit=limit, newest_first=True,
        after=delivery_key(webhook_id, after) if after else None,
    )  # fmt: skip
    return [delivery_of_item(item) for item in items], more


def count_skipped(webhook_id: str, since: int, limit: int) -> int:
    """How many deliveries of events since this time, ms, are Skipped; `limit` at most. Eventually consistent."""
    first, last = f"dlv_{encode(since, 10)}", "dlv_~"
    values: Item = {
        ":pk": webhook_id, ":skipped": DeliveryStatus.SKIPPED.value,
        ":first": delivery_key(webhook_id, first)["sk"], ":last": delivery_key(webhook_id, last)["sk"],
    }  # fmt: skip
    condition, those = "pk = :pk AND sk BETWEEN :first AND :last", "#status = :skipped"
    return table.count_those("webhooks", condition, values, those, _STATUS, limit=limit)


def between(webhook_id: str, first: str, last: str, limit: int) -> tuple[list[Delivery], bool]:
    """A page of the log from one delivery id to another, oldest event first; and whether there may be more."""
    values: Item = {
        ":pk": webhook_id,
        ":first": delivery_key(webhook_id, first)["sk"],
        ":last": delivery_key(webhook_id, last)["sk"],
    }
    items, more = table.query("webhooks", "pk = :pk AND sk BETWEEN :first AND :last", values, limit=limit)
    return [delivery_of_item(item) for item in items], more


def join(delivery: Delivery, now: int, part: str = WAITING) -> BacklogEntry:
    """Take a place in line; joining twice is the same as joining once."""
    return _put(BacklogEntry(delivery.webhook_id, part + delivery.delivery_id), _ttl(delivery, now))


def _put(place: BacklogEntry, ttl: int) -> BacklogEntry:
    table.put("webhooks", {"pk": place.webhook_id, "sk": place.key, "ttl": ttl})
    return place


def leave(place: BacklogEntry) -> None:
    """Give up a place in line."""
    table.delete("webhooks", {"pk": place.webhook_id, "sk": place.key})


def withdraw(place: BacklogEntry) -> bool:
    """Give up a place in line; False when somebody has taken it away already."""
    try:
        table.delete("webhooks", {"pk": place.webhook_id, "sk": place.key}, "attribute_exists(pk)")
    except ConditionFailedError:
        return False
    return True


def line(webhook_id: str, limit: int, part: str = WAITING) -> list[BacklogEntry]:
    """The places of a part of the line, oldest event first."""
    values: Item = {":pk": webhook_id, ":sk": part}
    items, _ = table.query("webhooks", "pk = :pk AND begins_with(sk, :sk)", values, limit=limit)
    return [BacklogEntry(item["pk"], item["sk"]) for item in items]


def stands_aside(delivery: Delivery) -> bool:
    """Whether a delivery has held up others, in whichever outage, and has its place aside."""
    places = line(delivery.webhook_id, MAX_ASIDE, ASIDE)
    return any(place.delivery_id == delivery.delivery_id for place in places)


def hand_over_aside(webhook_id: str, outage: int, now: int) -> None:
    """Let what stands aside, from whichever outage, be looked after by this one's execution."""
    for place in line(webhook_id, MAX_ASIDE, ASIDE):
        if not place.key.startswith(aside(outage)):
            _put(
                BacklogEntry(webhook_id, aside(outage) + place.delivery_id), now // 1000 + settings.retention_seconds()
            )
            leave(place)

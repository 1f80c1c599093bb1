"""Records of DynamoDB streams: what they tell, and a batch in which one record's failure loses no other."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from smskit.caches import kept
from smskit.changes import logic as changes
from smskit.dispatch.store.job_items import job_or_none
from smskit.inbox.store.inbound_items import message_of
from smskit.models.webhook import DeliveryRequest, Event
from smskit.opt_outs.store.items import trail_entry_of
from smskit.phones.store.device_items import device_of
from smskit.phones.store.lane_items import UNHEALTHY, unhealthy_of
from smskit.platform import logs
from smskit.platform.codec import Item, decode_item
from smskit.platform.times import now_ms
from smskit.webhooks.logic import events
from smskit.webhooks.logic import fan_out as fanout

Record = dict[str, Any]
Failures = dict[str, list[dict[str, str]]]
FRESH_MS = 3_000
_REMEMBERED = 10_000


class Memory:
    """What this process knows of its earlier runs.

    An event source repeats records without saying so. Whoever may see them for the second time has just been started,
    has failed the last time, sees them late, or knows them: only then a message says that it may be a repetition.
    """

    def __init__(self) -> None:
        self.is_settled = False
        self._seen: OrderedDict[str, None] = OrderedDict()

    def clear(self) -> None:
        """Be as a new process."""
        self.is_settled = False
        self._seen.clear()

    def may_repeat(self, event: Event, created_at: int, now: int) -> bool:
        """Whether an earlier run may have queued the event; it is known from now on."""
        known = event.event_id in self._seen
        self._seen[event.event_id] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return known or not self.is_settled or now - created_at > FRESH_MS


_memory = kept(Memory())


def forget() -> None:
    """Be as a new process."""
    _memory.clear()


def fan_out(records: Sequence[Record]) -> Failures:
    """Queue what the records tell for the account's endpoints; the records that must come again."""
    memory, now = _memory, now_ms()
    failed: set[str] = set()
    told: list[tuple[str, Event, bool]] = []
    for record in records:
        try:
            event = event_of(record)
        except Exception as error:
            logs.failure(error)
            failed.add(_sequence(record))
            continue
        if event is not None:
            told.append((_sequence(record), event, memory.may_repeat(event, _created_at(record), now)))
    memory.is_settled = False  # a run that dies from here on leaves it so
    unqueued = _queue([(event, again) for _, event, again in told])
    failed |= {sequence for sequence, event, _ in told if event.event_id in unqueued}
    memory.is_settled = not failed
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence in sorted(failed, key=int)]}


def _queue(told: Sequence[tuple[Event, bool]]) -> set[str]:
    """Queue events, account by account; the ids of those that failed."""
    failed: set[str] = set()
    messages: list[DeliveryRequest] = []
    watched: dict[str, int] = {}
    for group in dict.fromkeys((event.account_id, again) for event, again in told):
        account_id, again = group
        own = [event for event, flag in told if (event.account_id, flag) == group]
        try:
            made, watched[account_id] = fanout.messages_for(account_id, own, again=again)
            messages += made
        except Exception as error:
            logs.failure(error)
            failed |= {event.event_id for event in own}
    unqueued = fanout.queue(messages)
    if unqueued:
        logs.logger().error("not queued", count=len(unqueued), reasons=sorted(set(unqueued.values())))
    _tell([event for event, _ in told], watched)
    return failed | set(unqueued)


def _tell(events: Sequence[Event], watched: Mapping[str, int]) -> None:
    """Tell the pages that are open. One that isn't told looks a little later, so nothing comes again for that."""
    for account_id, until in watched.items():
        areas = {changes.area_of(event.name) for event in events if event.account_id == account_id}
        try:
            changes.tell(account_id, areas, until, now_ms())
        except Exception as error:
            logs.failure(error)


def event_of(record: Record) -> Event | None:
    """What a record tells: a job's new state, a message that came in, an opt-out or opt-in, a phone that came or went,
    or a SIM that fails what it is given or sends again.

    None for anything else.
    """
    change = record["dynamodb"]
    if "NewImage" not in change:
        return _removed(decode_item(change.get("OldImage", {})), _created_at(record))
    new = decode_item(change["NewImage"])
    if str(new["pk"]).startswith("job_"):
        job = job_or_none(new)
        return events.job_changed(job_or_none(decode_item(change.get("OldImage", {}))), job) if job else None
    if "presence" in new and "OldImage" in change:
        return events.presence_changed(device_of(decode_item(change["OldImage"])), device_of(new))
    return _added(new) if record["eventName"] == "INSERT" else None


def _added(new: Item) -> Event | None:
    if new.get("direction") == "in":
        return events.received(message_of(new), new["ttl"])
    if new.get("direction") == "audit":
        return events.opt_out_changed(trail_entry_of(new), new["auditId"])
    return events.sim_unhealthy(unhealthy_of(new)) if _is_unhealthy(new) else None


def _removed(old: Item, at: int) -> Event | None:
    return events.sim_healthy(unhealthy_of(old), at) if _is_unhealthy(old) else None


def _is_unhealthy(item: Item) -> bool:
    return item.get("health") == UNHEALTHY


def _sequence(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])


def _created_at(record: Record) -> int:
    """Milliseconds; 0, which is long ago, when the record doesn't say."""
    return int(float(record["dynamodb"].get("ApproximateCreationDateTime", 0)) * 1000)

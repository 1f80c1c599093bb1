"""Counts AWS requests and DynamoDB capacity units by botocore's own events, from item sizes and read consistency.

The emulators' own capacity figures are not right, so the units are computed as AWS documents them: 1 KB a write unit,
4 KB a read unit, half for eventual consistency, double in transactions, and one write more for each index that an item
enters or leaves: two where its place in the index changes. An index that holds whole items writes their size.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

INDEX_KEYS = {"devices": ("onlineShard",), "messages": ("conversationId",)}
# Indexes whose keys an item gets when it is made and keeps: a put pays for them, an update doesn't.
FIXED_INDEX_KEYS = {
    "jobs": ("accountId", "conversationId", "referenceId"),
    "clients": ("accountId",),
    "batches": ("accountId",),
}
WHOLE_ITEMS = frozenset({"messages"})


def size_of(value: Any) -> int:
    """Bytes of an attribute value as DynamoDB counts them."""
    ((kind, raw),) = value.items()
    match kind:
        case "S":
            return len(raw.encode())
        case "N":
            return math.ceil(len(raw.lstrip("-")) / 2) + 1
        case "BOOL" | "NULL":
            return 1
        case "M":
            return 3 + sum(len(name.encode()) + size_of(entry) + 1 for name, entry in raw.items())
        case "L":
            return 3 + sum(size_of(entry) + 1 for entry in raw)
    raise TypeError(kind)


def item_size(item: dict[str, Any]) -> int:
    """Bytes of an item: names and values."""
    return sum(len(name.encode()) + size_of(value) for name, value in item.items())


class Meter:
    """Attach to a session, or count what is told; read `requests`, `wru`, `rru`."""

    def __init__(self, session: Any = None) -> None:
        self.requests: Counter[str] = Counter()
        self.wru = 0.0
        self.rru = 0.0
        self.largest_job = 0
        if session is not None:
            session.events.register("before-parameter-build", self._before)
            session.events.register("after-call", self._after)

    def reset(self) -> None:
        """Start counting anew."""
        self.requests.clear()
        self.wru = self.rru = 0.0

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: Any) -> None:
        context["meter"] = params
        self.requests[f"{model.service_model.service_name}.{model.name}"] += 1

    def _after(self, model: Any, parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        if model.service_model.service_name != "dynamodb":
            return
        self.count(model.name, context["meter"], parsed)

    def count(self, operation: str, params: dict[str, Any], parsed: dict[str, Any]) -> None:
        """Count the units of one DynamoDB request."""
        handle = getattr(self, f"_{operation}", None)
        if handle is None:
            raise AssertionError(f"the meter does not know {operation}")
        handle(params, parsed)

    def _write(self, table: str, item: dict[str, Any], factor: int = 1, indexed: bool = True) -> None:
        size = item_size(item)
        if table.endswith("jobs"):
            self.largest_job = max(self.largest_job, size)
        self.wru += factor * max(1, math.ceil(size / 1024))
        if indexed:
            name = table.rpartition("-")[2]
            units = max(1, math.ceil(size / 1024)) if name in WHOLE_ITEMS else 1
            self.wru += sum(units for key in INDEX_KEYS.get(name, ()) if key in item)

    def _PutItem(self, params: Any, parsed: Any) -> None:
        self._write(params["TableName"], params["Item"])
        keys = FIXED_INDEX_KEYS.get(params["TableName"].rpartition("-")[2], ())
        self.wru += sum(1 for key in keys if key in params["Item"])

    def _UpdateItem(self, params: Any, parsed: Any) -> None:
        item = parsed.get("Attributes") or parsed.get("Item") or params["Key"]
        moved = "onlineShard" in params["UpdateExpression"] or "heartbeatAt" in params["UpdateExpression"]
        self._write(params["TableName"], item, indexed=moved)
        self._move(params)

    def _move(self, update: Any) -> None:
        """A contact leaves one place of the list by activity and takes another."""
        if "activity =" in update["UpdateExpression"]:
            self.wru += 2

    def _DeleteItem(self, params: Any, parsed: Any) -> None:
        self._write(params["TableName"], params["Key"])

    def _BatchWriteItem(self, params: Any, parsed: Any) -> None:
        for table, entries in params["RequestItems"].items():
            for entry in entries:
                self._write(
                    table, entry["PutRequest"]["Item"] if "PutRequest" in entry else entry["DeleteRequest"]["Key"]
                )

    def _TransactWriteItems(self, params: Any, parsed: Any) -> None:
        for operation in params["TransactItems"]:
            ((kind, entry),) = operation.items()
            self._write(entry["TableName"], entry.get("Item") or entry["Key"], factor=2)
            if kind == "Update":
                self._move(entry)

    def _GetItem(self, params: Any, parsed: Any) -> None:
        self._read([parsed.get("Item")], params.get("ConsistentRead", False))

    def _BatchGetItem(self, params: Any, parsed: Any) -> None:
        for table, wanted in params["RequestItems"].items():
            found = parsed.get("Responses", {}).get(table, [])
            missing = len(wanted["Keys"]) - len(found)
            for item in [*found, *([None] * missing)]:
                self._read([item], wanted.get("ConsistentRead", False))

    def _Query(self, params: Any, parsed: Any) -> None:
        self._read(parsed.get("Items", []), params.get("ConsistentRead", False))

    def _read(self, items: list[Any], consistent: bool) -> None:
        size = sum(item_size(item) for item in items if item)
        self.rru += max(1, math.ceil(size / 4096)) * (1.0 if consistent else 0.5)

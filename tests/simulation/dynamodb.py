"""The tests' DynamoDB with transactions that take time, a limit for each partition key, and units counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from smskit.platform.codec import decode
from tests.simulation.capacity import Capacity, index_writes, places_of, read_units, write_units
from tests.support import refusals
from tests.support.dynamodb.keys import schema_of
from tests.support.dynamodb.ranges import key_range
from tests.support.dynamodb.values import item_bytes
from tests.support.memory import DynamoDB, Item, typed
from tests.support.weather import Weather

Asked = tuple[str, Item, Item]
"""The table of a write, the key of its item, and what stood there."""


class SlowTransactions(Weather):
    """Between the phases of a transaction others run."""

    def __init__(self, hold: Callable[[], None]) -> None:
        self._hold = hold

    def pause(self) -> None:
        """Let virtual time pass."""
        self._hold()


class Tables(DynamoDB):
    """DynamoDB as handlers meet it under load. `hold` is what passes between two steps of a transaction."""

    def __init__(self, capacity: Capacity, hold: Callable[[], None]) -> None:
        super().__init__(SlowTransactions(hold))
        self.capacity = capacity

    def put_item(self, **arguments: Any) -> Item:
        """PutItem."""
        return self._single("PutItem", super().put_item, arguments)

    def update_item(self, **arguments: Any) -> Item:
        """UpdateItem."""
        return self._single("UpdateItem", super().update_item, arguments)

    def delete_item(self, **arguments: Any) -> Item:
        """DeleteItem."""
        return self._single("DeleteItem", super().delete_item, arguments)

    def get_item(self, **arguments: Any) -> Item:
        """GetItem."""
        table, key = arguments["TableName"], arguments["Key"]
        if self.capacity.is_empty("r", (table, decode(key["pk"]))):
            raise _throttled("GetItem")
        answer = super().get_item(**arguments)
        self._pay_read(table, key, answer.get("Item", {}), arguments)
        return answer

    def query(self, **arguments: Any) -> Item:
        """Query. A range in an index is read from a partition of the index."""
        wanted = key_range(arguments, schema_of(arguments["TableName"]))
        name = "/".join(filter(None, (arguments["TableName"], arguments.get("IndexName"))))
        if self.capacity.is_empty("r", (name, wanted.partition)):
            raise _throttled("Query")
        answer = super().query(**arguments)
        size = sum(map(item_bytes, answer.get("Items", [])))
        units = read_units(size, arguments.get("ConsistentRead", False))
        self.capacity.charge("r", (name, wanted.partition), units)
        return answer

    def batch_get_item(self, RequestItems: Item) -> Item:  # noqa: N803 - the SDK's name
        """BatchGetItem; keys of partitions at their limit come back unprocessed."""
        left, admitted = {}, {}
        for table, wanted in RequestItems.items():
            late = [key for key in wanted["Keys"] if self.capacity.is_empty("r", (table, decode(key["pk"])))]
            left |= {table: {**wanted, "Keys": late}} if late else {}
            keys = [key for key in wanted["Keys"] if key not in late]
            admitted |= {table: {**wanted, "Keys": keys}} if keys else {}
        if not admitted:
            raise _throttled("BatchGetItem")
        answer = super().batch_get_item(admitted)
        for table, wanted in admitted.items():
            for key in wanted["Keys"]:
                self._pay_read(table, key, typed(self.row(table, self.place(table, key))), wanted)
        return {**answer, "UnprocessedKeys": left}

    def batch_write_item(self, RequestItems: Item) -> Item:  # noqa: N803 - the SDK's name
        """BatchWriteItem; writes to partitions at their limit come back unprocessed."""
        left: Item = {}
        admitted: Item = {}
        asked = {}
        for table, entries in RequestItems.items():
            for entry in entries:
                one = self._asked({"TableName": table, **next(iter(entry.values()))})
                late = self._is_throttled(one)
                (left if late else admitted).setdefault(table, []).append(entry)
                asked[id(entry)] = one
        if not admitted:
            raise _throttled("BatchWriteItem")
        busy = super().batch_write_item(admitted)["UnprocessedItems"]
        for table, entries in admitted.items():
            for entry in entries:
                if entry not in busy.get(table, []):
                    self._pay(asked[id(entry)])
        unprocessed = {table: left.get(table, []) + busy.get(table, []) for table in left.keys() | busy.keys()}
        return {"UnprocessedItems": unprocessed}

    def transact_write_items(self, **arguments: Any) -> Item:
        """TransactWriteItems; throttled as a whole before it begins."""
        asked = [self._asked(next(iter(operation.values()))) for operation in arguments["TransactItems"]]
        late = [self._is_throttled(one) for one in asked]
        if any(late):
            reasons = [("ThrottlingError", refusals.THROTTLED) if one else ("None",) for one in late]
            raise refusals.cancelled([refusals.reason(*reason) for reason in reasons])
        try:
            answer = super().transact_write_items(**arguments)
        except ClientError:
            for table, key, old in asked:
                self.capacity.charge("w", (table, key["pk"]), write_units(old))
            raise
        for one in asked:
            self._pay(one, factor=2)
        return answer

    def _single(self, operation: str, method: Callable[..., Item], arguments: Item) -> Item:
        asked = self._asked(arguments)
        if self._is_throttled(asked):
            raise _throttled(operation)
        try:
            return method(**arguments)
        finally:  # a refused write pays too
            self._pay(asked)

    def _asked(self, arguments: Item) -> Asked:
        table, given = arguments["TableName"], arguments.get("Item") or arguments["Key"]
        key = {name: decode(given[name]) for name in schema_of(table).key}
        return table, key, self.row(table, self.place(table, given))

    def _is_throttled(self, asked: Asked) -> bool:
        table, key, old = asked
        return any([self.capacity.is_empty("w", place) for place in places_of(table, old | key)])

    def _pay(self, asked: Asked, factor: int = 1) -> None:
        table, key, old = asked
        new = self.row(table, (key["pk"], key.get("sk", "")))
        self.capacity.charge("w", (table, key["pk"]), factor * write_units(old, new))
        for place in index_writes(table, old, new):
            self.capacity.charge("w", place, 1)

    def _pay_read(self, table: str, key: Item, found: Item, arguments: Item) -> None:
        units = read_units(item_bytes(found), arguments.get("ConsistentRead", False))
        self.capacity.charge("r", (table, decode(key["pk"])), units)


def _throttled(operation: str) -> ClientError:
    return refusals.refusal("ThrottlingException", operation, refusals.THROTTLED)

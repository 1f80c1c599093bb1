"""DynamoDB, SQS and the management API in memory, fast enough for many thousand schedules.

Only what the message's path uses, and strict about it: an expression that it can't read is an error. The tests of the
message's path run on this and on moto alike, which is what makes it trustworthy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from infra.table_specs import TABLES
from smskit.store.codec import decode, encode

Item = dict[str, Any]
_EXPRESSION_FIELDS = {"ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"}
_CHECK_FIELDS = {"TableName", "Key", *_EXPRESSION_FIELDS, "ReturnValuesOnConditionCheckFailure"}
_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+\-]|[#:]?\w[\w.#]*)")


class ClientErrors:
    """The exception classes of a client."""

    class ConditionalCheckFailedException(Exception):  # noqa: N818 - the SDK's name
        def __init__(self, item: Item | None) -> None:
            super().__init__("condition")
            self.response = {"Item": item} if item else {}

    class TransactionCanceledException(Exception):  # noqa: N818 - the SDK's name
        def __init__(self, reasons: list[str]) -> None:
            super().__init__("cancelled")
            self.response = {"CancellationReasons": [{"Code": reason} for reason in reasons]}

    class TransactionConflictException(Exception):  # noqa: N818 - the SDK's name
        pass

    class GoneException(Exception):  # noqa: N818 - the SDK's name
        pass


@lru_cache(maxsize=4096)
def _tokens(text: str) -> tuple[str, ...]:
    found, position = [], 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise ValueError(f"cannot read {text[position:]!r}")
        found.append(match[1])
        position = match.end()
    return tuple(found)


class Expression:
    """Evaluates condition, key and update expressions on a decoded item."""

    def __init__(self, text: str, item: Item, names: dict[str, str], values: dict[str, Any]) -> None:
        self.tokens, self.at = _tokens(text), 0
        self.item, self.names, self.values = item, names, values

    def next(self) -> str:
        self.at += 1
        return self.tokens[self.at - 1]

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def expect(self, token: str) -> None:
        got = self.next()
        assert got == token, f"{got!r} where {token!r} should be in {self.tokens}"

    def path(self, token: str) -> list[str]:
        return [self.names[part] if part.startswith("#") else part for part in token.split(".")]

    def look(self, token: str) -> Any:
        if token.startswith(":"):
            return decode(self.values[token])
        value: Any = self.item
        for part in self.path(token):
            value = value.get(part) if isinstance(value, dict) else None
        return value

    def condition(self) -> bool:
        result = self.conjunction()
        while self.peek() == "OR":
            self.next()
            result = self.conjunction() or result
        return result

    def conjunction(self) -> bool:
        result = self.primary()
        while self.peek() == "AND":
            self.next()
            result = self.primary() and result
        return result

    def primary(self) -> bool:
        token = self.next()
        if token == "(":
            inner = self.condition()
            self.expect(")")
            return inner
        if token in ("attribute_exists", "attribute_not_exists", "begins_with"):
            self.expect("(")
            left = self.look(self.next())
            if token == "begins_with":
                self.expect(",")
                prefix = self.look(self.next())
                self.expect(")")
                return isinstance(left, str) and left.startswith(prefix)
            self.expect(")")
            return (left is not None) == (token == "attribute_exists")
        return self.comparison(self.look(token), self.next())

    def comparison(self, left: Any, operator: str) -> bool:
        right = self.look(self.next())
        if operator == "BETWEEN":
            self.expect("AND")
            upper = self.look(self.next())
            return left is not None and right <= left <= upper
        if operator == "=":
            return bool(left is not None and left == right)
        if operator == "<>":
            return bool(left != right)
        if left is None or right is None:
            return False
        return bool({"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator])

    def operand(self) -> Any:
        token = self.next()
        if token in ("if_not_exists", "list_append"):
            self.expect("(")
            first = self.operand()
            self.expect(",")
            second = self.operand()
            self.expect(")")
            return (second if first is None else first) if token == "if_not_exists" else first + second
        return self.look(token)

    def update(self) -> Item:
        changed = json.loads(json.dumps(self.item))
        while self.peek():
            self.clause(self.next(), changed)
        return changed

    def clause(self, action: str, changed: Item) -> None:
        while True:
            target = self.path(self.next())
            parent = changed
            for part in target[:-1]:
                parent = parent[part]
            if action == "SET":
                self.expect("=")
                value = self.operand()
                if self.peek() in "+-" and self.peek():
                    sign = 1 if self.next() == "+" else -1
                    value += sign * self.operand()
                parent[target[-1]] = value
            elif action == "REMOVE":
                parent.pop(target[-1], None)
            else:
                assert action == "ADD", action
                parent[target[-1]] = parent.get(target[-1], 0) + self.operand()
            if self.peek() != ",":
                return
            self.next()


class DynamoDB:
    """Tables in dictionaries; each call is atomic."""

    exceptions = ClientErrors

    def __init__(self) -> None:
        self.tables: dict[str, dict[tuple[str, str], Item]] = {spec.name: {} for spec in TABLES}
        self.sorted = {spec.name: spec.has_sort_key for spec in TABLES}
        self.indexes = {(spec.name, index.name): index for spec in TABLES for index in spec.indexes}

    def _key(self, table: str, item: Item) -> tuple[str, str]:
        return decode(item["pk"]), decode(item["sk"]) if self.sorted[table] else ""

    def _old(self, table: str, key: Item) -> Item:
        return self.tables[table].get(self._key(table, key), {})

    def _holds(self, old: Item, arguments: Item) -> bool:
        text = arguments.get("ConditionExpression")
        names, values = arguments.get("ExpressionAttributeNames", {}), arguments.get("ExpressionAttributeValues", {})
        return text is None or Expression(text, old, names, values).condition()

    def _write(self, kind: str, arguments: Item) -> Item:
        table, key = arguments["TableName"], arguments.get("Item") or arguments["Key"]
        place, old = self._key(table, key), self._old(table, key)
        assert kind in ("Put", "Update", "Delete", "ConditionCheck"), kind
        if kind == "ConditionCheck":
            return {}
        if kind == "Delete":
            self.tables[table].pop(place, None)
            return {}
        if kind == "Put":
            new = {name: decode(value) for name, value in arguments["Item"].items()}
        else:
            names, values = (
                arguments.get("ExpressionAttributeNames", {}),
                arguments.get("ExpressionAttributeValues", {}),
            )
            base = old or {name: decode(value) for name, value in arguments["Key"].items()}
            new = Expression(arguments["UpdateExpression"], base, names, values).update()
        self._check_index_keys(table, new)
        self.tables[table][place] = new
        return new

    def _check_index_keys(self, table: str, item: Item) -> None:
        """DynamoDB refuses an item with a key of an index that has another type or is empty, wherever it stands."""
        for (owner, _), index in self.indexes.items():
            for name, kind in ((index.pk, str), (index.sk, int if index.sk_type == "N" else str)):
                if owner == table and name in item:
                    assert type(item[name]) is kind and item[name] != "", f"{table}.{name}: {item[name]!r}"

    def _conditional(self, kind: str, arguments: Item) -> Item:
        old = self._old(arguments["TableName"], arguments.get("Item") or arguments["Key"])
        if not self._holds(old, arguments):
            raise ClientErrors.ConditionalCheckFailedException(_typed(old) if old else None)
        return self._write(kind, arguments)

    def put_item(self, **arguments: Any) -> Item:
        self._conditional("Put", arguments)
        return {}

    def update_item(self, **arguments: Any) -> Item:
        return {"Attributes": _typed(self._conditional("Update", arguments))}

    def delete_item(self, **arguments: Any) -> Item:
        self._conditional("Delete", arguments)
        return {}

    def get_item(self, **arguments: Any) -> Item:
        old = self._old(arguments["TableName"], arguments["Key"])
        return {"Item": _typed(old)} if old else {}

    def batch_get_item(self, RequestItems: Item) -> Item:  # noqa: N803 - the SDK's name
        ((table, wanted),) = RequestItems.items()
        found = [self._old(table, key) for key in wanted["Keys"]]
        return {"Responses": {table: [_typed(item) for item in found if item]}}

    def batch_write_item(self, RequestItems: Item) -> Item:  # noqa: N803 - the SDK's name
        for table, entries in RequestItems.items():
            for entry in entries:
                self._write("Put", {"TableName": table, "Item": entry["PutRequest"]["Item"]})
        return {}

    def query(self, **arguments: Any) -> Item:
        index = self.indexes.get((arguments["TableName"], arguments.get("IndexName", "")))
        text, values = arguments["KeyConditionExpression"], arguments["ExpressionAttributeValues"]
        names = arguments.get("ExpressionAttributeNames", {})

        def order(row: Item) -> tuple[Any, ...]:
            return (row[index.sk] if index else row["sk"], row["pk"], row.get("sk", ""))

        rows = self.tables[arguments["TableName"]].values()
        found = [row for row in rows if Expression(text, row, names, values).condition()]
        found.sort(key=order, reverse=not arguments.get("ScanIndexForward", True))
        start = arguments.get("ExclusiveStartKey")
        if start:
            last = order({name: decode(value) for name, value in start.items()})
            forward = arguments.get("ScanIndexForward", True)
            found = [row for row in found if (order(row) > last if forward else order(row) < last)]
        limit = arguments.get("Limit", len(found) + 1)
        # A page that is full has a last key, whether anything follows or not.
        more = {"LastEvaluatedKey": {}} if len(found) >= limit else {}
        return {"Items": [_typed(row) for row in found[:limit]]} | more

    def transact_write_items(self, TransactItems: list[Item]) -> Item:  # noqa: N803 - the SDK's name
        assert len(TransactItems) <= 100
        reasons, seen = [], set()
        for operation in TransactItems:
            ((kind, arguments),) = operation.items()
            key = arguments.get("Item") or arguments["Key"]
            place = (arguments["TableName"], self._key(arguments["TableName"], key))
            assert place not in seen, f"two operations on {place}"
            seen.add(place)
            if kind == "ConditionCheck":
                assert {"TableName", "Key", "ConditionExpression"} <= arguments.keys() <= _CHECK_FIELDS, arguments
            holds = self._holds(self._old(arguments["TableName"], key), arguments)
            reasons.append("None" if holds else "ConditionalCheckFailed")
        if any(reason != "None" for reason in reasons):
            raise ClientErrors.TransactionCanceledException(reasons)
        for operation in TransactItems:
            ((kind, arguments),) = operation.items()
            self._write(kind, arguments)
        return {}


def _typed(item: Item) -> Item:
    return {name: encode(value) for name, value in item.items()}


class Sockets:
    """The management API over open connections."""

    exceptions = ClientErrors

    def __init__(self, deliver: Callable[[str, Item], bool], close: Callable[[str], None]) -> None:
        self.deliver, self.close = deliver, close

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> Item:  # noqa: N803 - the SDK's name
        if not self.deliver(ConnectionId, json.loads(Data)):
            raise ClientErrors.GoneException
        return {}

    def delete_connection(self, ConnectionId: str) -> Item:  # noqa: N803 - the SDK's name
        self.close(ConnectionId)
        return {}


class Queues:
    """Messages with their delay; who drives the model takes them."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self.clock = clock
        self.messages: list[Item] = []
        self.count = 0

    def send_message(self, QueueUrl: str, MessageBody: str, DelaySeconds: int = 0, **_: Any) -> Item:  # noqa: N803
        self.count += 1
        visible = self.clock() + DelaySeconds * 1000
        self.messages.append(
            {"id": str(self.count), "queue": QueueUrl, "body": MessageBody, "visible": visible, "received": 0}
        )
        return {}

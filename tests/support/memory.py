"""DynamoDB in memory, fast enough for many thousand schedules, and no kinder than the real one.

Transactions take two phases and keep their items busy meanwhile; limits and rules are AWS's own; requests are throttled
and answers lost when the weather says so. Every refusal is botocore's own error with DynamoDB's response.

The tests of the message's path run on this and on moto alike, which is what makes it trustworthy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import ReadTimeoutError

from infra.config.table_specs import TABLES
from smskit.platform.codec import decode, encode
from tests.support import refusals
from tests.support.channels import Queues, Sockets
from tests.support.dynamodb import rules
from tests.support.dynamodb.changes import conditional, project, select, updated
from tests.support.dynamodb.keys import schema_of
from tests.support.dynamodb.ranges import key_range
from tests.support.dynamodb.tables import Place, Table
from tests.support.dynamodb.transactions import Transactions
from tests.support.dynamodb.values import item_bytes, require_item_size
from tests.support.refusals import ClientErrors, InvalidRequestError
from tests.support.weather import Weather

__all__ = ["ClientErrors", "DynamoDB", "Item", "Queues", "Sockets"]

Item = dict[str, Any]
MAX_PAGE_BYTES = 1024 * 1024


class DynamoDB:
    """Tables in dictionaries. Single requests are atomic; a transaction pauses between its phases."""

    exceptions = ClientErrors

    def __init__(self, weather: Weather | None = None) -> None:
        self.weather = weather or Weather()
        self.tables = {spec.name: Table(spec) for spec in TABLES}
        self._transactions = Transactions(self)

    # -- what a request goes through -----------------------------------------------------------------------------

    def _admit(self, operation: str, arguments: Item, *tables: str) -> None:
        """Raises the ClientError by which DynamoDB refuses a request before it looks at items."""
        try:
            rules.check(operation, arguments)
        except InvalidRequestError as broken:
            raise refusals.invalid(operation, str(broken)) from None
        for table in tables:
            code = self.weather.throttles(operation, table)
            if code is not None:
                raise refusals.refusal(code, operation, refusals.THROTTLED)

    def _answer(self, operation: str, answer: Item) -> Item:
        if self.weather.loses_answer(operation):
            raise ReadTimeoutError(endpoint_url=f"https://dynamodb/{operation}")
        return answer

    def place(self, table: str, key: Item) -> Place:
        """Where an item or a key belongs."""
        return decode(key["pk"]), decode(key["sk"]) if self.tables[table].spec.has_sort_key else ""

    def row(self, table: str, place: Place, *, consistent: bool = True) -> Item:
        """What stands there, {} for nothing."""
        rows = self.tables[table]
        if not consistent and place in rows.previous and self.weather.is_stale(table):
            return rows.previous[place]
        return rows.get(place, {})

    def store(self, table: str, place: Place, row: Item) -> None:
        """Put a row, or {} to remove it."""
        rows = self.tables[table]
        if self.weather.keeps_versions:
            rows.previous[place] = rows.get(place, {})
        if row:
            rows[place] = row
        elif place in rows:
            del rows[place]

    def changed(self, kind: str, arguments: Item, old: Item) -> Item:
        """The row as the write leaves it, {} when there is none. Raises InvalidRequestError for one that can't be."""
        if kind == "ConditionCheck":
            return old
        if kind == "Delete":
            return {}
        if kind == "Put":
            return {name: decode(value) for name, value in arguments["Item"].items()}
        base = old or {name: decode(value) for name, value in arguments["Key"].items()}
        new = updated(arguments, base)
        stored = typed(new)
        schema_of(arguments["TableName"]).check_item(stored)
        require_item_size(item_bytes(stored))
        return new

    # -- single writes -------------------------------------------------------------------------------------------

    def put_item(self, **arguments: Any) -> Item:
        """PutItem."""
        return self._write("Put", arguments)

    def update_item(self, **arguments: Any) -> Item:
        """UpdateItem."""
        return self._write("Update", arguments)

    def delete_item(self, **arguments: Any) -> Item:
        """DeleteItem."""
        return self._write("Delete", arguments)

    def _write(self, kind: str, arguments: Item) -> Item:
        operation, table = f"{kind}Item", arguments["TableName"]
        self._admit(operation, arguments, table)
        place = self.place(table, arguments["Item"] if kind == "Put" else arguments["Key"])
        if self._transactions.holds(table, place):
            raise refusals.refusal("TransactionConflictException", operation, refusals.CONFLICT)
        old = self.row(table, place)
        if not conditional(arguments, old):
            wants_old = arguments.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD"
            shown = {"Item": typed(old)} if old and wants_old else {}
            raise refusals.refusal("ConditionalCheckFailedException", operation, refusals.CONDITION, **shown)
        try:
            new = self.changed(kind, arguments, old)
        except InvalidRequestError as broken:
            raise refusals.invalid(operation, str(broken)) from None
        self.store(table, place, new)
        return self._answer(operation, _returned(arguments.get("ReturnValues", "NONE"), old, new))

    # -- reads ---------------------------------------------------------------------------------------------------

    def get_item(self, **arguments: Any) -> Item:
        """GetItem."""
        table = arguments["TableName"]
        self._admit("GetItem", arguments, table)
        place = self.place(table, arguments["Key"])
        row = self.row(table, place, consistent=arguments.get("ConsistentRead", False))
        return self._answer("GetItem", {"Item": typed(project(arguments, row))} if row else {})

    def query(self, **arguments: Any) -> Item:
        """Query, with filters, projections and counts; a page ends at Limit or at 1 MB."""
        table = arguments["TableName"]
        self._admit("Query", arguments, table)
        rows, more = self._page(arguments)
        found = select(arguments, rows)
        answer: Item = {"Count": len(found), "ScannedCount": len(rows)}
        if arguments.get("Select") != "COUNT":
            index = schema_of(table).index(arguments.get("IndexName"))
            keys = self._key_names(arguments) if index and index.projection == "KEYS_ONLY" else None
            shown = [{name: row[name] for name in keys} if keys else row for row in found]
            answer["Items"] = [typed(project(arguments, row)) for row in shown]
        if more:
            answer["LastEvaluatedKey"] = typed({name: rows[-1][name] for name in self._key_names(arguments)})
        return self._answer("Query", answer)

    def _key_names(self, arguments: Item) -> list[str]:
        schema = schema_of(arguments["TableName"])
        index = schema.index(arguments.get("IndexName"))
        return list(dict.fromkeys([*schema.key, *([index.pk, index.sk] if index else [])]))

    def _page(self, arguments: Item) -> tuple[list[Item], bool]:
        """Rows of one page, and whether it is full: then it has a last key, whether anything follows or not."""
        limit, size, page = arguments.get("Limit"), 0, []
        for row in self._range(arguments):
            page.append(row)
            size += len(str(row)) if limit is None or limit > 2 else 0
            if len(page) == limit or size > MAX_PAGE_BYTES:
                return page, True
        return page, False

    def _range(self, arguments: Item) -> Iterator[Item]:
        schema = schema_of(arguments["TableName"])
        rows, wanted = self.tables[arguments["TableName"]], key_range(arguments, schema)
        forward, start = arguments.get("ScanIndexForward", True), None
        if "ExclusiveStartKey" in arguments:
            begin = {name: decode(value) for name, value in arguments["ExclusiveStartKey"].items()}
            start = (begin[wanted.sort_name] if wanted.sort_name else "", begin["pk"], begin.get("sk", ""))
        if self.weather.keeps_versions and not arguments.get("ConsistentRead", False):
            stale = {place for place in rows.previous if self.weather.is_stale(rows.spec.name)}
            return rows.stale_within(wanted, forward, start, stale)
        return rows.within(wanted, forward, start)

    # -- batches and transactions --------------------------------------------------------------------------------

    def batch_get_item(self, RequestItems: Item) -> Item:  # noqa: N803 - the SDK's name
        """BatchGetItem; throttled keys come back as UnprocessedKeys, or, if it is all of them, as an error."""
        self._admit("BatchGetItem", {"RequestItems": RequestItems})
        found: dict[str, list[Item]] = {}
        left: Item = {}
        for table, wanted in RequestItems.items():
            throttled = [key for key in wanted["Keys"] if self.weather.throttles("BatchGetItem", table)]
            if throttled:
                left[table] = wanted | {"Keys": throttled}
            consistent = wanted.get("ConsistentRead", False)
            places = [self.place(table, key) for key in wanted["Keys"] if key not in throttled]
            rows = [self.row(table, place, consistent=consistent) for place in places]
            found[table] = [typed(project(wanted, row)) for row in rows if row]
        if sum(len(wanted["Keys"]) for wanted in left.values()) == sum(len(it["Keys"]) for it in RequestItems.values()):
            raise refusals.refusal("ProvisionedThroughputExceededException", "BatchGetItem", refusals.EXCEEDED)
        return self._answer("BatchGetItem", {"Responses": found, "UnprocessedKeys": left})

    def batch_write_item(self, RequestItems: Item) -> Item:  # noqa: N803 - the SDK's name
        """BatchWriteItem; writes that are throttled or meet a transaction come back as UnprocessedItems."""
        self._admit("BatchWriteItem", {"RequestItems": RequestItems})
        left: dict[str, list[Item]] = {}
        for table, entries in RequestItems.items():
            for entry in entries:
                ((kind, write),) = entry.items()
                place = self.place(table, write["Item"] if kind == "PutRequest" else write["Key"])
                if self._transactions.holds(table, place) or self.weather.throttles("BatchWriteItem", table):
                    left.setdefault(table, []).append(entry)
                else:
                    self.store(table, place, self.changed(kind.removesuffix("Request"), write, {}))
        if sum(map(len, left.values())) == sum(map(len, RequestItems.values())):
            raise refusals.refusal("ProvisionedThroughputExceededException", "BatchWriteItem", refusals.EXCEEDED)
        return self._answer("BatchWriteItem", {"UnprocessedItems": left})

    def transact_write_items(self, **arguments: Any) -> Item:
        """TransactWriteItems, in its two phases."""
        self._admit("TransactWriteItems", arguments)
        self._transactions.run(arguments["TransactItems"], arguments.get("ClientRequestToken"))
        return self._answer("TransactWriteItems", {})


def typed(row: Item) -> Item:
    """A row in DynamoDB's typed form."""
    return {name: encode(value) for name, value in row.items()}


def _returned(wanted: str, old: Item, new: Item) -> Item:
    """What a write answers for its ReturnValues."""
    if wanted == "ALL_NEW":
        return {"Attributes": typed(new)}
    if wanted == "ALL_OLD" and old:
        return {"Attributes": typed(old)}
    if wanted in ("UPDATED_NEW", "UPDATED_OLD"):
        names = {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}
        row = new if wanted == "UPDATED_NEW" else old
        return {"Attributes": typed({name: row[name] for name in names if name in row})}
    return {}

"""Thin functions over the DynamoDB client that speak plain Python values and raise typed errors.

Whatever is refused for the moment is waited out (`requests`); after that every function here raises ContentionError.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from smskit import settings
from smskit.platform import dynamodb
from smskit.platform.codec import Item, decode_item, encode_item
from smskit.platform.patience import Patience

BATCH_GET = 100
BATCH_WRITE = 25
transact = dynamodb.transact
Returned = Literal["ALL_NEW", "ALL_OLD"]


def get(table: str, key: Mapping[str, Any], *, consistent: bool = True) -> Item | None:
    """One item, or None."""
    arguments = {"TableName": settings.table(table), "Key": encode_item(key), "ConsistentRead": consistent}
    item = dynamodb.send("get_item", arguments).get("Item")
    return decode_item(item) if item else None


def get_many(table: str, keys: Sequence[Mapping[str, Any]], *, consistent: bool = True) -> list[Item]:
    """The items that exist, in no order, 100 a request; a key that stands twice is read once."""
    name, unique = settings.table(table), list({_place(key): key for key in keys}.values())
    found: list[Item] = []
    for start in range(0, len(unique), BATCH_GET):
        wanted = [encode_item(key) for key in unique[start : start + BATCH_GET]]
        found += _get_batch(name, {"Keys": wanted, "ConsistentRead": consistent})
    return found


def _get_batch(name: str, wanted: dict[str, Any]) -> list[Item]:
    request, patience = {name: wanted}, Patience()
    found: list[Item] = []
    while True:
        answer = dynamodb.send("batch_get_item", {"RequestItems": request})
        found += [decode_item(item) for item in answer["Responses"].get(name, [])]
        request = dict(answer.get("UnprocessedKeys") or {})
        if not request:
            return found
        patience.wait("BatchGetItem was throttled")


def count(table: str, condition: str, values: Mapping[str, Any], *, limit: int) -> int:
    """How many items a partition's range has, `limit` at most; eventually consistent."""
    arguments = {
        "TableName": settings.table(table),
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": encode_item(values),
        "Limit": limit,
        "Select": "COUNT",
    }
    return int(dynamodb.send("query", arguments)["Count"])


def count_those(
    table: str, condition: str, values: Mapping[str, Any], those: str, names: Mapping[str, str], *, limit: int
) -> int:
    """How many of the newest items of a partition's range fit the filter `those`, `limit` at most; eventually
    consistent. It looks at twice as many, in four requests at the most."""
    arguments: dict[str, Any] = {
        "TableName": settings.table(table),
        "KeyConditionExpression": condition,
        "FilterExpression": those,
        "ExpressionAttributeValues": encode_item(values),
        "ExpressionAttributeNames": dict(names),
        "ScanIndexForward": False,
        "Select": "COUNT",
    }
    found, examined = 0, 0
    for _ in range(4):
        answer = dynamodb.send("query", arguments | {"Limit": 2 * limit - examined})
        found, examined = found + answer["Count"], examined + answer["ScannedCount"]
        if found >= limit or examined >= 2 * limit or "LastEvaluatedKey" not in answer:
            break
        arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
    return min(found, limit)


def query(
    table: str,
    condition: str,
    values: Mapping[str, Any],
    *,
    limit: int,
    index: str | None = None,
    consistent: bool = True,
    newest_first: bool = False,
    after: Mapping[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
) -> tuple[list[Item], bool]:
    """One page of at most `limit` items, and whether there may be more. It begins behind the key `after`."""
    arguments: dict[str, Any] = {
        "TableName": settings.table(table),
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": encode_item(values),
        "Limit": limit,
        "ConsistentRead": consistent and index is None,
    }
    if index:
        arguments["IndexName"] = index
    if newest_first:
        arguments["ScanIndexForward"] = False
    if after:
        arguments["ExclusiveStartKey"] = encode_item(after)
    if names:
        arguments["ExpressionAttributeNames"] = dict(names)
    answer = dynamodb.send("query", arguments)
    return [decode_item(item) for item in answer["Items"]], "LastEvaluatedKey" in answer


def pages(table: str, condition: str, values: Mapping[str, Any], *, consistent: bool = False) -> Iterator[Item]:
    """Every item of a partition's range, page by page: for lists that the caller asked for whole."""
    arguments: dict[str, Any] = {
        "TableName": settings.table(table),
        "KeyConditionExpression": condition,
        "ExpressionAttributeValues": encode_item(values),
        "ConsistentRead": consistent,
    }
    while True:
        answer = dynamodb.send("query", arguments)
        yield from (decode_item(item) for item in answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        arguments["ExclusiveStartKey"] = answer["LastEvaluatedKey"]


def put(
    table: str,
    item: Mapping[str, Any],
    condition: str | None = None,
    values: Item | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Write one item. Raises ConditionFailedError with what was there."""
    arguments = _write(table, condition, values, names) | {"Item": encode_item(item)}
    dynamodb.send("put_item", arguments)


def update(
    table: str,
    key: Mapping[str, Any],
    expression: str,
    values: Item,
    *,
    condition: str | None = None,
    names: Mapping[str, str] | None = None,
    returns: Returned = "ALL_NEW",
) -> Item:
    """One update; the item as it is afterwards, or as it was. Raises ConditionFailedError with what was there."""
    arguments = _write(table, condition, values, names)
    arguments |= {"Key": encode_item(key), "UpdateExpression": expression, "ReturnValues": returns}
    return decode_item(dynamodb.send("update_item", arguments)["Attributes"])


def delete(
    table: str,
    key: Mapping[str, Any],
    condition: str | None = None,
    values: Item | None = None,
    names: Mapping[str, str] | None = None,
    waits: bool = True,
) -> None:
    """Remove one item. Raises ConditionFailedError; ContentionError at once unless it `waits`."""
    arguments = _write(table, condition, values, names) | {"Key": encode_item(key)}
    dynamodb.send("delete_item", arguments, waits=waits)


def put_many(table: str, items: Sequence[Mapping[str, Any]]) -> None:
    """Write items without conditions, 25 a request; of two with one key the last. What DynamoDB leaves over is sent
    again."""
    _write_all(table, [{"PutRequest": {"Item": encode_item(item)}} for item in _last_of_each(items)])


def delete_many(table: str, keys: Sequence[Mapping[str, Any]]) -> None:
    """Remove items whether or not they are there, 25 a request; what DynamoDB leaves over is sent again."""
    _write_all(table, [{"DeleteRequest": {"Key": encode_item(key)}} for key in _last_of_each(keys)])


def _last_of_each(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """A batch with one key twice is refused whole."""
    return list({_place(item): item for item in items}.values())


def _place(item: Mapping[str, Any]) -> tuple[Any, Any]:
    return item["pk"], item.get("sk")


def _write_all(table: str, entries: Sequence[Item]) -> None:
    name = settings.table(table)
    for start in range(0, len(entries), BATCH_WRITE):
        request, patience = {name: list(entries[start : start + BATCH_WRITE])}, Patience()
        while request:
            request = dynamodb.send("batch_write_item", {"RequestItems": request}).get("UnprocessedItems") or {}
            if request:
                patience.wait("BatchWriteItem was throttled")


def put_op(table: str, item: Mapping[str, Any], condition: str | None = None, values: Item | None = None) -> Item:
    """A put, as one operation of a transaction."""
    return {"Put": {"Item": encode_item(item)} | _write(table, condition, values, None, old=False)}


def update_op(
    table: str,
    key: Mapping[str, Any],
    expression: str,
    values: Item,
    condition: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Item:
    """An update, as one operation of a transaction."""
    written = _write(table, condition, values, names, old=False)
    return {"Update": {"Key": encode_item(key), "UpdateExpression": expression} | written}


def delete_op(table: str, key: Mapping[str, Any], condition: str | None = None, values: Item | None = None) -> Item:
    """A delete, as one operation of a transaction."""
    return {"Delete": {"Key": encode_item(key)} | _write(table, condition, values, None, old=False)}


def check_op(
    table: str, key: Mapping[str, Any], condition: str, values: Item, names: Mapping[str, str] | None = None
) -> Item:
    """A condition on an item that stays as it is, as one operation of a transaction."""
    return {"ConditionCheck": {"Key": encode_item(key)} | _write(table, condition, values, names, old=False)}


def _write(
    table: str, condition: str | None, values: Item | None, names: Mapping[str, str] | None, *, old: bool = True
) -> dict[str, Any]:
    arguments: dict[str, Any] = {"TableName": settings.table(table)}
    if condition:
        arguments["ConditionExpression"] = condition
        if old:
            arguments["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    if values:
        arguments["ExpressionAttributeValues"] = encode_item(values)
    if names:
        arguments["ExpressionAttributeNames"] = dict(names)
    return arguments

"""Thin functions over the DynamoDB client that speak plain Python values and raise typed errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from smskit import aws, settings
from smskit.errors import ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.store.codec import Item, decode_item, encode_item

BATCH_GET = 100
BATCH_WRITE = 25


def get(table: str, key: Mapping[str, Any], *, consistent: bool = True) -> Item | None:
    """One item, or None."""
    answer = aws.client("dynamodb").get_item(
        TableName=settings.table(table), Key=encode_item(key), ConsistentRead=consistent
    )
    item = answer.get("Item")
    return decode_item(item) if item else None


def get_many(table: str, keys: Sequence[Mapping[str, Any]], *, consistent: bool = True) -> list[Item]:
    """The items that exist, in no order. Up to 100 keys."""
    if not keys:
        return []
    name = settings.table(table)
    request: dict[str, Any] = {name: {"Keys": [encode_item(key) for key in keys], "ConsistentRead": consistent}}
    found: list[Item] = []
    for _ in range(8):
        answer = aws.client("dynamodb").batch_get_item(RequestItems=request)
        found += [decode_item(item) for item in answer["Responses"].get(name, [])]
        request = dict(answer.get("UnprocessedKeys") or {})
        if not request:
            return found
    raise ContentionError("BatchGetItem was throttled")


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
    answer = aws.client("dynamodb").query(**arguments)
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
        answer = aws.client("dynamodb").query(**arguments)
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
    """Write one item. Raises ConditionFailedError with what was there, ContentionError while a transaction holds it."""
    arguments = _write(table, condition, values, names) | {"Item": encode_item(item)}
    client = aws.client("dynamodb")
    with _refusals(client):
        client.put_item(**arguments)


def update(
    table: str,
    key: Mapping[str, Any],
    expression: str,
    values: Item,
    *,
    condition: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Item:
    """One update; the item as it is afterwards.

    Raises ConditionFailedError with what was there, ContentionError while a transaction holds it.
    """
    arguments = _write(table, condition, values, names)
    client = aws.client("dynamodb")
    with _refusals(client):
        answer = client.update_item(
            **arguments, Key=encode_item(key), UpdateExpression=expression, ReturnValues="ALL_NEW"
        )
    return decode_item(answer["Attributes"])


def delete(
    table: str,
    key: Mapping[str, Any],
    condition: str | None = None,
    values: Item | None = None,
    names: Mapping[str, str] | None = None,
) -> None:
    """Remove one item. Raises as `put` does."""
    client = aws.client("dynamodb")
    with _refusals(client):
        client.delete_item(**_write(table, condition, values, names), Key=encode_item(key))


def put_many(table: str, items: Sequence[Mapping[str, Any]]) -> None:
    """Write items without conditions, 25 a request; what DynamoDB leaves over is sent again."""
    name = settings.table(table)
    for start in range(0, len(items), BATCH_WRITE):
        _write_batch(name, [{"PutRequest": {"Item": encode_item(item)}} for item in items[start : start + BATCH_WRITE]])


def delete_many(table: str, keys: Sequence[Mapping[str, Any]]) -> None:
    """Remove items whether or not they are there, 25 a request; what DynamoDB leaves over is sent again."""
    name = settings.table(table)
    for start in range(0, len(keys), BATCH_WRITE):
        _write_batch(name, [{"DeleteRequest": {"Key": encode_item(key)}} for key in keys[start : start + BATCH_WRITE]])


def _write_batch(name: str, entries: list[dict[str, Any]]) -> None:
    request: dict[str, Any] = {name: entries}
    for _ in range(8):
        request = dict(aws.client("dynamodb").batch_write_item(RequestItems=request).get("UnprocessedItems") or {})
        if not request:
            return
    raise ContentionError("BatchWriteItem was throttled")


def transact(operations: Sequence[dict[str, Any]]) -> None:
    """All of the operations or none. Raises TransactionRefusedError with a reason for each."""
    client = aws.client("dynamodb")
    try:
        client.transact_write_items(TransactItems=list(operations))  # type: ignore[arg-type]
    except client.exceptions.TransactionCanceledException as refused:
        reasons = refused.response.get("CancellationReasons", [])
        raise TransactionRefusedError([str(reason.get("Code", "None")) for reason in reasons]) from None


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


def check_op(table: str, key: Mapping[str, Any], condition: str, values: Item, names: Mapping[str, str]) -> Item:
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


@contextmanager
def _refusals(client: Any) -> Iterator[None]:
    """DynamoDB's refusals of one write, as this project's errors."""
    try:
        yield
    except client.exceptions.ConditionalCheckFailedException as refused:
        item = refused.response.get("Item")
        raise ConditionFailedError(decode_item(item) if item else None) from None
    except client.exceptions.TransactionConflictException:
        raise ContentionError("a transaction holds the item") from None

"""What DynamoDB asks of a request before it looks at any item.

The stand-in in memory and the checker around moto, which lets most of this pass, share it. Sources: the service's
description in botocore, and https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from tests.support.dynamodb.expression_rules import check_expressions
from tests.support.dynamodb.keys import Schema, schema_of
from tests.support.dynamodb.ranges import KeyRange, key_range
from tests.support.dynamodb.values import item_bytes, require_item_size
from tests.support.refusals import InvalidRequestError

Item = dict[str, Any]
MAX_BATCH_GET, MAX_BATCH_WRITE, MAX_OPERATIONS = 100, 25, 100
MAX_TRANSACTION_BYTES = 4 * 1024 * 1024
_OLD = frozenset({"NONE", "ALL_OLD"})
_PARTS = frozenset({"Key", "Item", "ConditionExpression", "UpdateExpression"})


def check(operation: str, arguments: Item) -> None:
    """Raises InvalidRequestError for a request (PutItem, …) that DynamoDB refuses whatever it stores."""
    rule = _RULES.get(operation)
    if rule is not None:
        rule(arguments)


def key_of(arguments: Item, schema: Schema) -> Item:
    """The primary key that a write is about."""
    whole = arguments["Item"] if "Item" in arguments else arguments["Key"]
    return {name: whole[name] for name in schema.key if name in whole}


def _check_get(arguments: Item) -> None:
    schema = schema_of(arguments["TableName"])
    schema.check_key(arguments["Key"])
    check_expressions(arguments, schema)


def _check_write(arguments: Item) -> int:
    """The rules of a put, an update, a delete and a condition check, alone or in a transaction; bytes that it sends."""
    schema = schema_of(arguments["TableName"])
    check_expressions(arguments, schema)
    if arguments.get("ReturnValuesOnConditionCheckFailure", "NONE") not in _OLD:
        raise InvalidRequestError("ReturnValuesOnConditionCheckFailure is NONE or ALL_OLD")
    if "Item" in arguments:
        schema.check_item(arguments["Item"])
        size = item_bytes(arguments["Item"])
        require_item_size(size)
        return size
    schema.check_key(arguments["Key"])
    return item_bytes(arguments["Key"]) + sum(
        item_bytes({name: value}) for name, value in arguments.get("ExpressionAttributeValues", {}).items()
    )


def _check_put_or_delete(arguments: Item) -> None:
    if arguments.get("ReturnValues", "NONE") not in _OLD:
        raise InvalidRequestError("Return values set to invalid value")
    _check_write(arguments)


def _check_query(arguments: Item) -> None:
    schema = schema_of(arguments["TableName"])
    index = schema.index(arguments.get("IndexName"))
    if index is not None and arguments.get("ConsistentRead"):
        raise InvalidRequestError("Consistent reads are not supported on global secondary indexes")
    if arguments.get("Limit", 1) < 1:
        raise InvalidRequestError("Limit must be at least 1")
    if arguments.get("Select") == "COUNT" and "ProjectionExpression" in arguments:
        raise InvalidRequestError("Cannot specify the ProjectionExpression when choosing to get only the Count")
    if "KeyConditionExpression" not in arguments:
        raise InvalidRequestError("Either the KeyConditions or KeyConditionExpression parameter must be specified")
    check_expressions(arguments, schema)
    wanted = key_range(arguments, schema)
    if "ExclusiveStartKey" in arguments:
        _check_start(arguments["ExclusiveStartKey"], schema, wanted)


def _check_start(start: Item, schema: Schema, wanted: KeyRange) -> None:
    """A page begins behind a whole key of the table and the index, inside of the range that is asked for."""
    if start.keys() != schema.key.keys() | {wanted.partition_name, wanted.sort_name} - {""}:
        raise InvalidRequestError(f"The provided starting key is invalid: {sorted(start)}")
    if not wanted.holds(start):
        raise InvalidRequestError("The provided starting key is outside query boundaries based on provided conditions")


def _check_batch_get(arguments: Item) -> None:
    count = 0
    for table, wanted in arguments["RequestItems"].items():
        schema = schema_of(table)
        for key in wanted["Keys"]:
            schema.check_key(key)
        check_expressions(wanted, schema)
        count += len(wanted["Keys"])
        if len({_identity(key) for key in wanted["Keys"]}) != len(wanted["Keys"]):
            raise InvalidRequestError("Provided list of item keys contains duplicates")
    if not 1 <= count <= MAX_BATCH_GET:
        raise InvalidRequestError(f"Too many items requested for the BatchGetItem call: {count}")


def _check_batch_write(arguments: Item) -> None:
    count = 0
    for table, entries in arguments["RequestItems"].items():
        schema, keys = schema_of(table), set()
        for entry in entries:
            ((kind, write),) = entry.items()
            if kind not in ("PutRequest", "DeleteRequest"):
                raise InvalidRequestError(f"BatchWriteItem has no {kind}")
            _check_write({"TableName": table} | write)
            keys.add(_identity(key_of(write, schema)))
        count += len(entries)
        if len(keys) != len(entries):
            raise InvalidRequestError("Provided list of item keys contains duplicates")
    if not 1 <= count <= MAX_BATCH_WRITE:
        raise InvalidRequestError(f"Too many items requested for the BatchWriteItem call: {count}")


def _check_transaction(arguments: Item) -> None:
    operations = arguments["TransactItems"]
    if not 1 <= len(operations) <= MAX_OPERATIONS:
        raise InvalidRequestError(f"A transaction has 1 to {MAX_OPERATIONS} operations, not {len(operations)}")
    if not 1 <= len(arguments.get("ClientRequestToken", "token")) <= 36:
        raise InvalidRequestError("ClientRequestToken has 1 to 36 characters")
    places, total = set(), 0
    for operation in operations:
        ((kind, write),) = operation.items()
        _check_parts(kind, write)
        total += _check_write(write)
        places.add((write["TableName"], _identity(key_of(write, schema_of(write["TableName"])))))
    if len(places) != len(operations):
        raise InvalidRequestError("Transaction request cannot include multiple operations on one item")
    if total > MAX_TRANSACTION_BYTES:
        raise InvalidRequestError("The aggregate size of the items in the transaction exceeds 4 MB")


_NEEDS = {
    "Put": {"Item"}, "Update": {"Key", "UpdateExpression"}, "Delete": {"Key"},
    "ConditionCheck": {"Key", "ConditionExpression"},
}  # fmt: skip


def _check_parts(kind: str, write: Item) -> None:
    """An operation has what its kind needs, beside a condition that any may have, and no ReturnValues."""
    if kind not in _NEEDS:
        raise InvalidRequestError(f"A transaction has no {kind}")
    has = write.keys() & _PARTS
    if not _NEEDS[kind] <= has <= _NEEDS[kind] | {"ConditionExpression"} or "ReturnValues" in write:
        raise InvalidRequestError(f"{kind} can't have {sorted(write)}")


def _identity(key: Item) -> str:
    return json.dumps(key, sort_keys=True)


_RULES: dict[str, Callable[[Item], Any]] = {
    "GetItem": _check_get,
    "PutItem": _check_put_or_delete,
    "UpdateItem": _check_write,
    "DeleteItem": _check_put_or_delete,
    "Query": _check_query,
    "BatchGetItem": _check_batch_get,
    "BatchWriteItem": _check_batch_write,
    "TransactWriteItems": _check_transaction,
}

"""Rules of expressions that moto doesn't enforce: placeholders, reserved words, overlapping paths, sizes.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ExpressionAttributeNames.html
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any

from tests.support.dynamodb.expressions import Parsed, parsed
from tests.support.dynamodb.keys import Schema, check_key_value
from tests.support.dynamodb.operators import Names, Path, resolve
from tests.support.dynamodb.reader import refuse
from tests.support.dynamodb.reserved_words import RESERVED_WORDS
from tests.support.dynamodb.values import value_bytes
from tests.support.refusals import InvalidRequestError

Item = dict[str, Any]
EXPRESSIONS = (
    "KeyConditionExpression", "ConditionExpression", "UpdateExpression", "FilterExpression", "ProjectionExpression",
)  # fmt: skip
_MAX_BYTES = 4096
_MAX_OPERATORS = 300


def check_expressions(arguments: Item, schema: Schema) -> None:
    """Raises InvalidRequestError unless the expressions of a request, their names and their values fit each other."""
    names, values = arguments.get("ExpressionAttributeNames"), arguments.get("ExpressionAttributeValues")
    found = {kind: _checked(kind, arguments[kind]) for kind in EXPRESSIONS if kind in arguments}
    _check_placeholders("ExpressionAttributeNames", names, [each.names for each in found.values()])
    _check_placeholders("ExpressionAttributeValues", values, [each.values for each in found.values()])
    for value in (values or {}).values():
        value_bytes(value)
    if "UpdateExpression" in found:
        _check_update(found["UpdateExpression"], names or {}, values or {}, schema)
    if "FilterExpression" in found:
        spelled = {str((names or {}).get(name, name)) for name in found["FilterExpression"].bare}
        index = schema.index(arguments.get("IndexName"))
        keys = {index.pk, index.sk} if index else set(schema.key)
        if spelled & keys:
            raise refuse("FilterExpression", "Filter Expression can only contain non-primary key attributes")


@lru_cache(maxsize=8192)
def _checked(kind: str, text: str) -> Parsed:
    """The expression, held against the rules that need nothing but its text."""
    if len(text.encode()) > _MAX_BYTES:
        raise refuse(kind, "Expression size has exceeded the maximum allowed size;")
    read = parsed(kind, text)
    if read.operators > _MAX_OPERATORS:
        raise refuse(kind, "The expression contains too many operators;")
    reserved = sorted(name for name in read.bare if name.upper() in RESERVED_WORDS)
    if reserved:
        raise refuse(kind, f"Attribute name is a reserved keyword; reserved keyword: {reserved[0]}")
    return read


def _check_placeholders(field: str, given: Item | None, used: list[frozenset[str]]) -> None:
    if given is None and not any(used):
        return
    if given is not None and not used:
        raise InvalidRequestError(f"{field} can only be specified when using expressions")
    if given is not None and not given:
        raise InvalidRequestError(f"{field} must not be empty")
    wanted = frozenset().union(*used)
    missing, unused = wanted - (given or {}).keys(), (given or {}).keys() - wanted
    if missing:
        raise InvalidRequestError(f"An expression uses what {field} doesn't define: {sorted(missing)}")
    if unused:
        raise InvalidRequestError(f"Value provided in {field} unused in expressions: keys: {sorted(unused)}")


def _check_update(update: Parsed, names: Names, values: Item, schema: Schema) -> None:
    paths = [resolve(action.path, names) for action in update.actions]
    for path in paths:
        if path[0] in schema.key:
            raise InvalidRequestError(f"Cannot update attribute {path[0]}. This attribute is part of the key")
    check_overlap(paths)
    for name, kind in schema.index_keys.items():
        for action, path in zip(update.actions, paths, strict=True):
            if path == (name,) and action.assigned in values:
                check_key_value(name, values[action.assigned], kind)


def check_overlap(paths: list[Path]) -> None:
    """Raises InvalidRequestError when one path is another one, or leads to it."""
    ordered = sorted(paths, key=lambda path: [str(part) for part in path])
    for one, other in pairwise(ordered):
        if other[: len(one)] == one:
            raise refuse("UpdateExpression", f"Two document paths overlap with each other; {one}, {other}")

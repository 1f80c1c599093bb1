"""Sizes of DynamoDB's typed values, and the limits that a value has wherever it is sent.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html and …/Constraints.html
"""

from __future__ import annotations

from typing import Any

from tests.support.refusals import InvalidRequestError

Item = dict[str, Any]
MAX_ITEM_BYTES = 400 * 1024
_MAX_DEPTH = 32
_MAX_DIGITS = 38


def item_bytes(item: Item) -> int:
    """Bytes of an item: names and values. Raises InvalidRequestError for a value that DynamoDB doesn't take."""
    return sum(len(name.encode()) + value_bytes(value) for name, value in item.items())


def value_bytes(value: Item, depth: int = 1) -> int:  # noqa: PLR0911 - a line a type
    """Bytes of one value. Raises as `item_bytes` does."""
    ((kind, raw),) = value.items()
    if kind == "S":
        return len(raw) if raw.isascii() else len(raw.encode())
    if kind == "N":
        return _number_bytes(raw)
    if kind in ("BOOL", "NULL"):
        return 1
    if kind == "B":
        return len(raw)
    if depth > _MAX_DEPTH:
        raise InvalidRequestError("Nesting Levels have exceeded supported limits")
    if kind == "M":
        return 3 + sum(len(name.encode()) + 1 + value_bytes(entry, depth + 1) for name, entry in raw.items())
    if kind == "L":
        return 3 + sum(1 + value_bytes(entry, depth + 1) for entry in raw)
    return _set_bytes(kind, raw)


def _number_bytes(raw: str) -> int:
    digits = len(raw.lstrip("-0").replace(".", ""))
    if digits > _MAX_DIGITS:
        raise InvalidRequestError("Attempting to store more than 38 significant digits in a Number")
    return (digits + 1) // 2 + 1


def _set_bytes(kind: str, raw: list[Any]) -> int:
    if kind not in ("SS", "NS", "BS"):
        raise InvalidRequestError(f"Supplied AttributeValue has an unknown type {kind}")
    if not raw:
        raise InvalidRequestError("One or more parameter values were invalid: An string set  may not be empty")
    if len(set(raw)) != len(raw):
        raise InvalidRequestError("One or more parameter values were invalid: Input collection contains duplicates")
    return sum(len(entry) for entry in raw)


def require_item_size(size: int) -> None:
    """Raises InvalidRequestError for an item of more than 400 KB."""
    if size > MAX_ITEM_BYTES:
        raise InvalidRequestError("Item size has exceeded the maximum allowed size")

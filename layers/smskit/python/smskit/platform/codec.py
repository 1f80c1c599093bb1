"""Python values to DynamoDB attribute values and back. Numbers are integers; None is an absent attribute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]


def encode(value: Any) -> dict[str, Any]:
    """One value as DynamoDB's typed form."""
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": value}
        case int():
            return {"N": str(value)}
        case Mapping():
            return {"M": encode_item(value)}
        case list() | tuple():
            return {"L": [encode(entry) for entry in value]}
        case _:
            raise TypeError(f"cannot store a {type(value).__name__}")


def encode_item(values: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping as an item; None values are left out."""
    return {name: encode(value) for name, value in values.items() if value is not None}


def decode(value: Mapping[str, Any]) -> Any:
    """The Python value of DynamoDB's typed form."""
    ((kind, raw),) = value.items()
    match kind:
        case "S" | "BOOL":
            return raw
        case "N":
            return int(raw)
        case "M":
            return decode_item(raw)
        case "L":
            return [decode(entry) for entry in raw]
        case _:
            raise TypeError(f"cannot read a {kind}")


def decode_item(item: Mapping[str, Any]) -> Item:
    """An item as plain Python values."""
    return {name: decode(value) for name, value in item.items()}

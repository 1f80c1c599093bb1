"""What the operators and functions of DynamoDB's expressions do, as functions of an item, the names and the values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.support.refusals import InvalidRequestError

Item = dict[str, Any]
Names = dict[str, str]
Look = Callable[[Item, Names, Item], Any]  # item, names, decoded values
Path = tuple[str | int, ...]
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda left, right: left < right,
    ">": lambda left, right: left > right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}


def resolve(path: Path, names: Names) -> Path:
    """The path with its placeholders filled in."""
    return tuple(names[part] if isinstance(part, str) and part[0] == "#" else part for part in path)


def look_up(item: Any, path: Path) -> Any:
    """What stands at a resolved path, None when nothing does."""
    for part in path:
        if isinstance(item, dict) and isinstance(part, str):
            item = item.get(part)
        elif isinstance(item, list) and isinstance(part, int):
            item = item[part] if part < len(item) else None
        else:
            return None
    return item


def either(left: Look, right: Look) -> Look:
    """Whether one of two conditions holds."""
    return lambda item, names, values: left(item, names, values) or right(item, names, values)


def both(left: Look, right: Look) -> Look:
    """Whether both conditions hold."""
    return lambda item, names, values: left(item, names, values) and right(item, names, values)


def comparison(operator: str, left: Look, right: Look) -> Look:
    """An attribute that is missing, or of another type, is unequal to everything and neither smaller nor greater."""

    def equal(item: Item, names: Names, values: Item) -> bool:
        one, other = left(item, names, values), right(item, names, values)
        return one is not None and type(one) is type(other) and one == other

    if operator == "=":
        return equal
    if operator == "<>":
        return lambda item, names, values: not equal(item, names, values)
    compare = COMPARISONS[operator]

    def ordered(item: Item, names: Names, values: Item) -> bool:
        one, other = left(item, names, values), right(item, names, values)
        return one is not None and type(one) is type(other) and compare(one, other)

    return ordered


def begins(subject: Any, part: Any) -> bool:
    """begins_with."""
    return isinstance(subject, str) and isinstance(part, str) and subject.startswith(part)


def has(subject: Any, part: Any) -> bool:
    """contains."""
    return isinstance(subject, str | list | set) and part in subject


def size_of(value: Any) -> int | None:
    """size: the length of a string, a list or a map, None of what has none."""
    return None if value is None or isinstance(value, int) else len(value)


def total(left: Look, sign: int, right: Look) -> Look:
    """Left plus or minus right."""

    def add(item: Item, names: Names, values: Item) -> Any:
        return _number(left(item, names, values)) + sign * _number(right(item, names, values))

    return add


def _number(value: Any) -> int:
    if value is None:
        raise InvalidRequestError("The provided expression refers to an attribute that does not exist in the item")
    if type(value) is not int:
        raise InvalidRequestError("An operand in the update expression has an incorrect data type")
    return value


def joined(first: Any, second: Any) -> list[Any]:
    """list_append."""
    if first is None or second is None:
        raise InvalidRequestError("The provided expression refers to an attribute that does not exist in the item")
    if not isinstance(first, list) or not isinstance(second, list):
        raise InvalidRequestError("An operand in the update expression has an incorrect data type")
    return first + second

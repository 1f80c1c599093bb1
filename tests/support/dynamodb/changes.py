"""Expressions applied to rows: whether a condition holds, what an update makes of a row, what a reader is shown."""

from __future__ import annotations

from typing import Any

from smskit.platform.codec import decode
from tests.support.dynamodb.expressions import Action, parsed
from tests.support.dynamodb.operators import Path, look_up, resolve
from tests.support.refusals import InvalidRequestError

Item = dict[str, Any]
_NO_PATH = "The document path provided in the update expression is invalid for update"
_WRONG_TYPE = "An operand in the update expression has an incorrect data type"


def _values(arguments: Item) -> Item:
    return {name: decode(value) for name, value in arguments.get("ExpressionAttributeValues", {}).items()}


def conditional(arguments: Item, row: Item, kind: str = "ConditionExpression") -> bool:
    """Whether the condition of a request holds for the row; one without a condition always may."""
    text = arguments.get(kind)
    if text is None:
        return True
    return bool(parsed(kind, text).test(row, arguments.get("ExpressionAttributeNames", {}), _values(arguments)))


def select(arguments: Item, rows: list[Item]) -> list[Item]:
    """The rows that the filter of a query lets through."""
    if "FilterExpression" not in arguments:
        return rows
    names, values = arguments.get("ExpressionAttributeNames", {}), _values(arguments)
    test = parsed("FilterExpression", arguments["FilterExpression"]).test
    return [row for row in rows if test(row, names, values)]


def project(arguments: Item, row: Item) -> Item:
    """What the projection of a read shows of the row; of a path into an attribute, that part in its place."""
    if "ProjectionExpression" not in arguments:
        return row
    names = arguments.get("ExpressionAttributeNames", {})
    shown: Item = {}
    for written in parsed("ProjectionExpression", arguments["ProjectionExpression"]).paths:
        path = resolve(written, names)
        found = look_up(row, path)
        if found is None:
            continue
        parent = shown
        for part in path[:-1]:
            parent = parent.setdefault(str(part), {})
        parent[str(path[-1])] = found
    return shown


def updated(arguments: Item, row: Item) -> Item:
    """The row after an update; all values are of the row before.

    Raises InvalidRequestError where a path leads nowhere or a value has the wrong type.
    """
    names, values = arguments.get("ExpressionAttributeNames", {}), _values(arguments)
    actions = parsed("UpdateExpression", arguments["UpdateExpression"]).actions
    wanted = [(action, resolve(action.path, names), action.value(row, names, values)) for action in actions]
    changed = _copy(row)
    for action, path, value in sorted(wanted, key=_from_the_end, reverse=True):
        _apply(action, path, value, changed)
    return changed


def _from_the_end(entry: tuple[Action, Path, Any]) -> tuple[bool, int]:
    """Elements of lists are removed from the end on, so that the others keep their places meanwhile."""
    action, path, _ = entry
    return action.clause != "REMOVE", path[-1] if isinstance(path[-1], int) else -1


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _copy(entry) for name, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list) else value


def _apply(action: Action, path: Path, value: Any, changed: Item) -> None:
    parent = look_up(changed, path[:-1]) if len(path) > 1 else changed
    last = path[-1]
    if action.clause == "REMOVE":
        if isinstance(parent, dict) and isinstance(last, str):
            parent.pop(last, None)
        elif isinstance(parent, list) and isinstance(last, int) and last < len(parent):
            del parent[last]
        elif parent is None and len(path) > 1:
            raise InvalidRequestError(_NO_PATH)
        return
    if value is None:
        raise InvalidRequestError("The provided expression refers to an attribute that does not exist in the item")
    if isinstance(parent, list) and isinstance(last, int):
        parent[last : last + 1] = [value]
        return
    if not isinstance(parent, dict) or not isinstance(last, str):
        raise InvalidRequestError(_NO_PATH)
    if action.clause == "SET":
        parent[last] = value
        return
    if action.clause != "ADD" or type(value) is not int or type(parent.get(last, 0)) is not int:
        raise InvalidRequestError(_WRONG_TYPE)
    parent[last] = parent.get(last, 0) + value

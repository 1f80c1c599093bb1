"""Key conditions: one partition, and a range of its sort keys.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.KeyConditionExpressions.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.support.dynamodb.keys import Schema, check_key_value
from tests.support.dynamodb.reader import refuse
from tests.support.refusals import InvalidRequestError

Item = dict[str, Any]
_NAME, _VALUE = r"#?\w+", r":\w+"
_PARTITION = rf"\s*(?P<pk>{_NAME})\s*=\s*(?P<pv>{_VALUE})\s*"
_SORT = (
    rf"(?:(?P<sk>{_NAME})\s*(?P<op><=|>=|=|<|>)\s*(?P<bound>{_VALUE})"
    rf"|(?P<bsk>{_NAME})\s+BETWEEN\s+(?P<low>{_VALUE})\s+AND\s+(?P<high>{_VALUE})"
    rf"|begins_with\s*\(\s*(?P<psk>{_NAME})\s*,\s*(?P<prefix>{_VALUE})\s*\))\s*"
)
_CONDITION = re.compile(rf"{_PARTITION}(?:AND\s+{_SORT})?\Z")


@dataclass(frozen=True)
class KeyRange:
    """The partition and the bounds of the sort key, in plain values; None is no bound. Prefixes are of strings."""

    partition_name: str
    partition: str
    sort_name: str
    low: Any = None
    high: Any = None
    includes_low: bool = True
    includes_high: bool = True
    prefix: str | None = None

    def holds(self, item: Item) -> bool:
        """Whether a typed item or key lies in the range."""
        if item.get(self.partition_name) != {"S": self.partition}:
            return False
        return not self.sort_name or self.covers(plain(item[self.sort_name]))

    def covers(self, sort: Any) -> bool:
        """Whether a sort key lies within the bounds."""
        if self.prefix is not None:
            return bool(sort.startswith(self.prefix))
        if self.low is not None and (sort < self.low or (sort == self.low and not self.includes_low)):
            return False
        return self.high is None or sort < self.high or (sort == self.high and self.includes_high)


def plain(value: Item) -> Any:
    """A key's value as Python compares it: strings by their characters, as DynamoDB does by their UTF-8."""
    ((kind, raw),) = value.items()
    return int(raw) if kind == "N" else raw


@lru_cache(maxsize=4096)
def _match(text: str) -> dict[str, str | None]:
    found = _CONDITION.match(text)
    if found is None:
        raise refuse("KeyConditionExpression", f"can't be read: {text}")
    return found.groupdict()


def key_range(arguments: Item, schema: Schema) -> KeyRange:
    """What a Query asks for. Raises InvalidRequestError for what isn't one partition and one range."""
    found = _match(arguments["KeyConditionExpression"])
    names, values = arguments.get("ExpressionAttributeNames", {}), arguments.get("ExpressionAttributeValues", {})
    index = schema.index(arguments.get("IndexName"))
    keys = {index.pk: "S", index.sk: index.sk_type} if index else schema.key
    partition_name, sort_name = (*keys, "")[:2]
    for group, wanted in (("pk", partition_name), ("sk", sort_name), ("bsk", sort_name), ("psk", sort_name)):
        name = found[group]
        if name is not None and names.get(name, name) != wanted:
            raise InvalidRequestError(f"Query condition missed key schema element: {wanted}")
    check_key_value(partition_name, values[found["pv"]], "S", 2048)
    bounds = {group: values[found[group]] for group in ("bound", "low", "high", "prefix") if found[group]}
    for group, value in bounds.items():
        if group != "prefix" or "S" not in value:
            check_key_value(sort_name, value, keys[sort_name])
    return KeyRange(partition_name, plain(values[found["pv"]]), sort_name, **_bounds(found["op"], bounds))


def _bounds(operator: str | None, given: dict[str, Item]) -> dict[str, Any]:
    value = {group: plain(typed) for group, typed in given.items()}
    if "prefix" in value:
        return {"prefix": value["prefix"]}
    if "low" in value:
        if value["low"] > value["high"]:
            raise refuse("KeyConditionExpression", "The BETWEEN operator requires upper bound >= lower bound")
        return {"low": value["low"], "high": value["high"]}
    match operator:
        case "=":
            return {"low": value["bound"], "high": value["bound"]}
        case "<" | "<=":
            return {"high": value["bound"], "includes_high": operator == "<="}
        case ">" | ">=":
            return {"low": value["bound"], "includes_low": operator == ">="}
    return {}

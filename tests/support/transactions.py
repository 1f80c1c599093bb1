"""Lets moto undo a transaction without copying whole tables and their streams for each of its writes, as it does.

With forty phones that was most of a test's time. An item is replaced by a copy of itself before it is updated, so the
old one never changes, and a copy of a table may hold the same items.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from typing import Any

import pytest
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

_SHARED = ("items", "stream_shard")
_update = DynamoDBBackend.update_item


def copy_little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Copy of a table what may change, from now on."""
    monkeypatch.setattr(DynamoDBBackend, "update_item", _update_a_copy)
    monkeypatch.setattr(Table, "__deepcopy__", _copied, raising=False)


def _update_a_copy(backend: Any, table_name: str, key: Any, *arguments: Any, **named: Any) -> Any:
    table = backend.get_table(table_name)
    place, sort = backend.get_keys_value(table, key)
    item = table.get_item(place, sort)
    if item is not None and table.has_range_key:
        table.items[place][sort] = copy.deepcopy(item)
    elif item is not None:
        table.items[place] = copy.deepcopy(item)
    return _update(backend, table_name, key, *arguments, **named)


def _copied(table: Any, memo: dict[int, Any]) -> Any:
    made = memo[id(table)] = copy.copy(table)
    own = {name: value for name, value in vars(table).items() if name not in _SHARED}
    vars(made).update(copy.deepcopy(own, memo))
    rows = {place: dict(found) if isinstance(found, dict) else found for place, found in table.items.items()}
    made.items = defaultdict(dict, rows)
    if table.stream_shard is not None:
        made.stream_shard = copy.copy(table.stream_shard)
        made.stream_shard.table, made.stream_shard.items = made, list(table.stream_shard.items)
    return made

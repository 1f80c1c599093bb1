"""Keys of tables and indexes: what they consist of, and what DynamoDB asks of their values.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from infra.config.table_specs import TABLES, IndexSpec, TableSpec
from tests.support.refusals import InvalidRequestError

Item = dict[str, Any]
_MAX_PARTITION_KEY_BYTES, _MAX_SORT_KEY_BYTES = 2048, 1024
_EMPTY = "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty"


@dataclass(frozen=True)
class Schema:
    """A table's keys by name and type."""

    spec: TableSpec

    @cached_property
    def key(self) -> dict[str, str]:
        """The attributes of the primary key with their types."""
        return {"pk": "S"} | ({"sk": "S"} if self.spec.has_sort_key else {})

    @cached_property
    def index_keys(self) -> dict[str, str]:
        """The attributes of the indexes' keys with their types."""
        of_partitions = {index.pk: "S" for index in self.spec.indexes}
        return of_partitions | {index.sk: index.sk_type for index in self.spec.indexes}

    def index(self, name: str | None) -> IndexSpec | None:
        """The index of this name, None for the table itself."""
        if name is None:
            return None
        found = [index for index in self.spec.indexes if index.name == name]
        if not found:
            raise InvalidRequestError(f"The table does not have the specified index: {name}")
        return found[0]

    def check_key(self, key: Item) -> None:
        """Raises InvalidRequestError unless `key` is a whole primary key and nothing else."""
        if key.keys() != self.key.keys():
            raise InvalidRequestError(f"The provided key element does not match the schema: {sorted(key)}")
        self._check_values(key, self.key)

    def check_item(self, item: Item) -> None:
        """Raises InvalidRequestError unless the item's keys, of the table and of its indexes, can be stored."""
        for name in self.key:
            if name not in item:
                raise InvalidRequestError(f"One or more parameter values were invalid: Missing the key {name}")
        self._check_values(item, self.key | self.index_keys)

    def _check_values(self, item: Item, kinds: dict[str, str]) -> None:
        for name, kind in kinds.items():
            if name in item:
                limit = _MAX_PARTITION_KEY_BYTES if name == "pk" else _MAX_SORT_KEY_BYTES
                check_key_value(name, item[name], kind, limit)


def check_key_value(name: str, value: Item, kind: str, limit: int = _MAX_SORT_KEY_BYTES) -> None:
    """Raises InvalidRequestError unless the value can be a key of this type."""
    ((found, raw),) = value.items()
    if found != kind:
        raise InvalidRequestError(f"Type mismatch for key {name}: expected: {kind} actual: {found}")
    if raw == "":
        raise InvalidRequestError(f"{_EMPTY} string value. Key: {name}")
    if kind == "S" and len(raw.encode()) > limit:
        raise InvalidRequestError(f"Size of the key {name} has exceeded the maximum size limit of {limit} bytes")


SCHEMAS = {spec.name: Schema(spec) for spec in TABLES}


def schema_of(table: str) -> Schema:
    """The schema of a table by its name here, or in an installation (smskit-jobs)."""
    short = table.rpartition("-")[2]
    if short not in SCHEMAS:
        raise InvalidRequestError(f"Requested resource not found: Table: {table} not found")
    return SCHEMAS[short]

"""What an event source of a stream lets through, by Lambda's rules of filters as far as ours go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.config import stream_filters
from infra.config.table_specs import TABLES

_TOLD = {spec.name: stream_filters.TOLD.get(spec, ()) for spec in TABLES}


def is_told(table: str, record: Mapping[str, Any]) -> bool:
    """Whether the fan-out gets this record of a table's stream; none of a table without an event source."""
    return any(fits(pattern, record) for pattern in _TOLD[table])


def fits(pattern: Mapping[str, Any], value: Mapping[str, Any]) -> bool:
    """Whether every key of the pattern is there, with one of the values that are listed for it."""
    return all(key in value and _fits_one(rule, value[key]) for key, rule in pattern.items())


def _fits_one(rule: Any, value: Any) -> bool:
    if isinstance(rule, dict):
        return isinstance(value, dict) and fits(rule, value)
    assert all(isinstance(wanted, str) for wanted in rule), f"only equal strings are known here, not {rule}"
    return value in rule

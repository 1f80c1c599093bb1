"""What a function imports fits what its role may touch: no store of a table that is closed to it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import grimp
import pytest

import smskit
from infra.config.table_specs import TABLES
from infra.packaging.build import ROOT

FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
LAYER = Path(smskit.__file__).parent
NAMES = {spec.name for spec in TABLES}
# It makes operations for the transactions of other stores, and none where nobody is named: who only reads those stores
# or changes them for no person's sake writes no entry.
LENT = {"smskit.accounts.store.audit_log"}


@cache
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("smskit", cache_dir=None, exclude_type_checking_imports=True)


def imported_by(function: str) -> set[str]:
    """Every module of the layer that a process of the function may load, at its start or later."""
    handler = ast.parse((ROOT / "functions" / function / "handler.py").read_text(encoding="utf-8"))
    froms = [node for node in ast.walk(handler) if isinstance(node, ast.ImportFrom)]
    named = {f"{node.module}.{alias.name}" for node in froms for alias in node.names} | {node.module for node in froms}
    first = {module for module in named if module in graph().modules}
    return first.union(*(graph().find_upstream_modules(module) for module in first))


def tables_of(module: str) -> set[str]:
    """The tables that a store names, in whatever place: rather one too many than one too few."""
    path = LAYER.joinpath(*module.split(".")[1:])
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in NAMES}


def stores_of(function: str) -> dict[str, set[str]]:
    """The stores in a function's imports, each with its tables."""
    return {module: tables_of(module) for module in imported_by(function) if "store" in module.split(".")}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_imports_only_stores_of_tables_that_its_role_may_touch(prod, name):
    granted = {
        table
        for actions, resources, _ in prod.app.statements(name)
        if any(action.startswith("dynamodb:") for action in actions)
        for table in NAMES
        if any(f"FnGetAttTables{table.capitalize()}" in resource for resource in resources)
    }

    closed = {module: tables - granted for module, tables in stores_of(name).items()}

    assert not {module: tables for module, tables in closed.items() if tables and module not in LENT}


def test_the_stores_are_found():
    """Else nothing would be compared above."""
    assert set().union(*(tables for name in FUNCTIONS for tables in stores_of(name).values())) == NAMES

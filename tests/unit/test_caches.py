"""What the layer remembers from one call to the next is forgotten by one call, and nothing is remembered beside it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

import smskit
from smskit import caches, settings
from smskit.clients.logic import forgeries
from smskit.phones.logic import presence
from smskit.platform import zones

SOURCES = Path(smskit.__file__).parent
CACHES_OF_FUNCTOOLS = {"lru_cache", "cache", "cached_property"}


def modules() -> Iterator[ModuleType]:
    """Those of the layer but the registry, which is what remembers the others' memories."""
    for found in pkgutil.walk_packages(smskit.__path__, "smskit."):
        if found.name != caches.__name__:
            yield importlib.import_module(found.name)


def unregistered(module: ModuleType) -> set[str]:
    """Names of a module's memory that `caches.forget` doesn't empty: whatever can be emptied and isn't a constant."""
    return {name for name, value in vars(module).items() if _is_memory(name, value) and not _is_registered(value)}


def _is_memory(name: str, value: Any) -> bool:
    if name.startswith("__") or not name.islower() or isinstance(value, ModuleType | FunctionType | type):
        return False
    return callable(getattr(value, "clear", None)) or callable(getattr(value, "cache_clear", None))


def _is_registered(value: Any) -> bool:
    """Itself, or what it holds."""
    owners = [getattr(clear, "__self__", None) for _, clear in caches._registered]
    held = [value, *getattr(value, "__dict__", {}).values()]
    return any(owner is one for owner in owners for one in held)


def uses_functools(source: str) -> bool:
    """Whether a source makes caches by itself, wherever in it that is."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "functools":
            if CACHES_OF_FUNCTOOLS & {alias.name for alias in node.names}:
                return True
        elif isinstance(node, ast.Attribute) and node.attr in CACHES_OF_FUNCTOOLS:
            return True
    return False


def test_every_memory_of_the_layer_is_registered() -> None:
    found = {module.__name__: names for module in modules() if (names := unregistered(module))}
    assert found == {}


def test_only_the_registry_makes_caches() -> None:
    found = {path.name for path in SOURCES.rglob("*.py") if uses_functools(path.read_text(encoding="utf-8"))}
    assert found == {"caches.py"}


def test_a_memory_that_is_not_registered_is_found() -> None:
    made = ModuleType("made")
    made.LIMITS, made._known, made._seen = {}, {}, set()  # type: ignore[attr-defined]
    made.answer = lru_cache(lambda: 1)  # type: ignore[attr-defined]
    made.zone = zones.find  # type: ignore[attr-defined]
    assert unregistered(made) == {"_known", "_seen", "answer"}


@pytest.mark.parametrize(
    "source",
    [
        "from functools import cache",
        "import functools\n@functools.lru_cache\ndef f(): ...",
        "def f():\n  from functools import lru_cache",
    ],
)
def test_a_cache_made_elsewhere_is_found(source: str) -> None:
    assert uses_functools(source)
    assert not uses_functools("from functools import partial")


def test_one_call_forgets_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_URL", "https://one")
    assert settings.api_url() == "https://one" and zones.find("Africa/Nairobi")
    presence._heard_at["dvc_1"] = 1
    forgeries.note_refused("hash", 1, for_good=True)
    assert forgeries.is_refused("hash") and forgeries.is_doubtful("other", 2)
    monkeypatch.setenv("API_URL", "https://two")

    caches.forget()

    assert settings.api_url() == "https://two"
    assert zones.find.cache_info().currsize == 0
    assert not presence._heard_at
    assert not forgeries.is_refused("hash") and not forgeries.is_doubtful("other", 2)
    settings.forget()


def test_settings_are_forgotten_without_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_URL", "https://one")
    assert settings.api_url() == "https://one" and zones.find("Africa/Nairobi")
    monkeypatch.setenv("API_URL", "https://two")

    settings.forget()

    assert settings.api_url() == "https://two"
    assert zones.find.cache_info().currsize == 1
    settings.forget()

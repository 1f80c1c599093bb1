"""tests/README.md names every folder, and nothing that isn't there."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
PAGE = (TESTS / "README.md").read_text(encoding="utf-8")


def test_the_table_lists_the_folders() -> None:
    listed = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    there = [path.name for path in TESTS.iterdir() if path.is_dir() and any(path.rglob("*.py"))]
    assert sorted(listed) == sorted(there)


def test_what_it_names_is_there() -> None:
    linked = re.findall(r"\]\(([^)#]+)[^)]*\)", PAGE)
    named = re.findall(r"`(\w+/test_\w+\.py)`", PAGE)
    assert linked and named
    assert [path for path in [*linked, *named] if not (TESTS / path).exists()] == []

"""The published documents name their schemas for readers: two models of one name would bear their Python paths."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.parametrize("document", ["openapi.json", "console-openapi.json"])
def test_no_schema_is_named_by_a_python_path(document: str) -> None:
    named = json.loads((DOCS / document).read_text(encoding="utf-8"))["components"]["schemas"]
    assert named and [name for name in named if "__" in name] == []

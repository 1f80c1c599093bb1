"""docs/capabilities.svg shows the imports that there are, and the order that the contracts keep."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from smskit_generate import capabilities


def test_the_picture_is_that_of_the_sources() -> None:
    assert capabilities.PICTURE.read_text(encoding="utf-8") == capabilities.svg(), (
        "out of date: run python -m smskit_generate.capabilities"
    )


def test_every_package_has_its_place() -> None:
    packages = {path.parent.name for path in capabilities.SOURCES.glob("*/__init__.py")}
    assert {*capabilities.read().names, *capabilities.FLOORS} == packages


def test_an_import_is_drawn_from_the_one_that_imports(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    drawn = capabilities.read()
    assert ("dispatch", "phones") in drawn.imports
    assert all(drawn.names.index(by) < drawn.names.index(to) for by, to in drawn.imports)

    (tmp_path / "usage").mkdir()
    (tmp_path / "usage" / "store.py").write_text("def late():\n    from smskit.contacts import store\n")
    monkeypatch.setattr(capabilities, "SOURCES", tmp_path)
    assert capabilities.read().imports == {("usage", "contacts")}


def test_it_is_whole_xml_that_says_in_words_what_it_shows() -> None:
    root = ElementTree.fromstring(capabilities.svg())
    described = root.find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert "inbox beside webhooks" in (described.text or "")

"""docs/operations.md has an entry for each alarm that production gets, and none for others."""

from __future__ import annotations

import re

from tests.support.doc_blocks import ROOT


def test_every_alarm_has_its_entry(prod):
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    entries = re.findall(r"^### (\w+)$|^\| `(\w+)` \|", page, re.MULTILINE)
    told = [heading or cell for heading, cell in entries]

    made = [re.fullmatch(r"Monitoring(\w+)[0-9A-F]{8}", name)[1] for name in prod.app.of_type("AWS::CloudWatch::Alarm")]

    assert sorted(told) == sorted(made)


def test_each_entry_tells_more_than_its_name():
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    bodies = dict(re.findall(r"^### (\w+)\n+(.*?)(?=^##|\Z)", page, re.MULTILINE | re.DOTALL))
    assert bodies
    assert [name for name, body in bodies.items() if not body.strip()] == []

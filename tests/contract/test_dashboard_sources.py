"""What the dashboard's sources are generated from is what it is held to."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from phonenumbers import SUPPORTED_REGIONS

from tests.support.doc_blocks import ROOT

DASHBOARD = ROOT / "dashboard"
SOURCES = [path for path in (DASHBOARD / "src").rglob("*.ts*") if "texts" not in path.parts]


def test_types_are_those_of_the_console_api(tmp_path: Path) -> None:
    made, tool = tmp_path / "schema.ts", DASHBOARD / "node_modules" / ".bin" / "openapi-typescript"
    document = ROOT / "docs" / "console-openapi.json"
    subprocess.run([str(tool), str(document), "--output", str(made)], check=True, capture_output=True)
    assert made.read_text() == (DASHBOARD / "src" / "api" / "schema.ts").read_text(), "npm --prefix dashboard run types"


def test_the_countries_to_choose_from_are_those_that_the_api_knows() -> None:
    listed = (DASHBOARD / "src" / "pages" / "settings" / "countries.ts").read_text()
    assert set(re.findall(r"\b[A-Z]{2}\b", listed.partition("=")[2])) == SUPPORTED_REGIONS


@pytest.mark.parametrize("name", ["sw.po", "more/sw.po"])
def test_every_text_is_translated(name: str) -> None:
    catalog = (DASHBOARD / "src" / "texts" / name).read_text(encoding="utf-8")
    missing = re.findall(r'^msgid ((?:".*"\n)+)msgstr ""\n(?!")', catalog, re.MULTILINE)
    assert [text.strip() for text in missing if text.strip() != '""'] == []


def test_nothing_becomes_markup_or_code_but_what_is_written_here() -> None:
    """The policy would refuse it in the browser; here it is refused before."""
    forbidden = re.compile(r"dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|\beval\(|new Function\(")
    found = [path.name for path in SOURCES if forbidden.search(path.read_text(encoding="utf-8"))]
    assert found == []


# The ground of a QR code is white whatever the look, or phones fail to read it. The others stand on an accent of their
# own.
BY_VALUE = {
    "background: #ffffff;", "color: #ffffff;", "background: rgb(0 0 0 / 0.22);",
    "background: light-dark(#b01f1f, #c22f2c);", "background: light-dark(#ffffff, #45423e);",
}  # fmt: skip


def test_colours_are_named_in_one_file() -> None:
    """Where a colour stands by value it is the same in the dark."""
    by_value = re.compile(r":[^;{]*(#[0-9a-f]{3,8}\b|\brgb\()", re.IGNORECASE)
    styles = [path for path in (DASHBOARD / "src" / "styles").glob("*.css") if path.name != "tokens.css"]
    lines = [line.strip() for path in styles for line in path.read_text(encoding="utf-8").splitlines()]
    assert {line for line in lines if by_value.search(line)} <= BY_VALUE


def test_texts_and_recipients_are_read_as_the_server_reads_them() -> None:
    """On Node; segments by the server's own vectors."""
    run = subprocess.run(
        ["node", "--test", *(str(path) for path in sorted((DASHBOARD / "tests").glob("*.test.*")))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    assert "# pass 0" not in run.stdout and "pass" in run.stdout

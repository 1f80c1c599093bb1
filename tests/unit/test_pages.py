"""Links of the pages lead somewhere, relative ones to a file, those with an anchor to a heading; the index is whole."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote

import pytest

ROOT = Path(__file__).parents[2]
_LEFT_OUT = {"node_modules", "cdk.out"}
PAGES = sorted(
    page
    for page in ROOT.rglob("*.md")
    if not any(part.startswith(".") or part in _LEFT_OUT for part in page.relative_to(ROOT).parts)
)
INDEX = ROOT / "docs" / "README.md"
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^()\s]+(?:\([^()\s]*\))?)\)")


def links(page: Path) -> list[str]:
    """The targets of a page's links and pictures, but those to the web."""
    found = _LINK.findall(_CODE.sub("`", page.read_text(encoding="utf-8")))
    return [link for link in found if not re.match(r"[a-z]+:", link)]


@cache
def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    made: dict[str, int] = {}
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", shown).replace(" ", "-")
        made[name] = made.get(name, -1) + 1
    return {name if not number else f"{name}-{number}" for name, most in made.items() for number in range(most + 1)}


def dead(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    lost = []
    for link in links(page):
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and (target.suffix != ".md" or anchor not in anchors(target))):
            lost.append(link)
    return lost


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    assert dead(page) == []


def test_a_link_to_nowhere_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A page (1)\n[a](#a-page-1) [b](#b) [c](gone.md) `[d](code.md)` [e](https://example.com/x)\n")
    assert dead(page) == ["#b", "gone.md"]


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    listed = {(INDEX.parent / link.partition("#")[0]).resolve() for link in links(INDEX)}
    documents = [*(ROOT / "docs").glob("*"), *(ROOT / "docs" / "decisions").glob("*.md"), *ROOT.glob("*.md")]
    kinds = {".md", ".json", ".yaml"}
    assert [path.name for path in documents if path.suffix in kinds and path not in listed | {INDEX}] == []


def test_decisions_are_listed_by_their_titles_in_their_order() -> None:
    listed = re.findall(r"^\| \[(\d{4})\]\(decisions/([\w-]+\.md)\) \| (.+) \|$", INDEX.read_text(), re.MULTILINE)
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))

    assert [page for _, page, _ in listed] == [page.name for page in pages]
    titles = [page.read_text(encoding="utf-8").splitlines()[0] for page in pages]
    assert [f"# {number}: {title}" for number, _, title in listed] == titles


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_drawings_hold_no_semicolon(page: Path) -> None:
    """Mermaid takes it for the end of a line, and draws nothing at all."""
    drawings = re.findall(r"^```mermaid\n(.*?)^```", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert [line for drawing in drawings for line in drawing.splitlines() if ";" in line] == []

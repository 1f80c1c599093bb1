"""The code blocks of the documentation, and the shell commands in them."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: `kind` is what stands behind the opening fence."""

    page: str
    kind: str
    text: str


@dataclass(frozen=True)
class Command:
    """One command with all its lines."""

    page: str
    text: str

    @property
    def goes_on(self) -> bool:
        """It runs until somebody ends it."""
        return self.text.endswith("until Ctrl-C")

    @property
    def bare(self) -> str:
        """Without the remark behind it."""
        return re.sub(r"\s+#[^'\"]*$", "", self.text)


def pages() -> list[str]:
    """README first: it sets up what the others build on."""
    return [
        "README.md",
        *sorted(page.name for page in ROOT.glob("*.md") if page.name != "README.md"),
        *sorted(str(page.relative_to(ROOT)) for page in (ROOT / "docs").glob("*.md")),
        "phone/agent/README.md",
    ]


def blocks() -> list[Block]:
    """All blocks of all pages."""
    return [
        Block(page, kind.strip(), text) for page in pages() for kind, text in _FENCE.findall((ROOT / page).read_text())
    ]


def commands(block: Block) -> Iterator[Command]:
    """The commands of a block; one ends where the shell says that it is whole."""
    lines: list[str] = []
    for line in block.text.splitlines():
        lines.append(line)
        if not line.endswith("\\") and syntax_error("\n".join(lines)) is None:
            text = "\n".join(lines).strip()
            lines = []
            if text and not text.startswith("#"):
                yield Command(block.page, text)
    assert not lines, f"{block.page}: not a whole command: {lines}"


def syntax_error(text: str) -> str | None:
    """What bash finds wrong with it, without running it."""
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    return done.stderr or None

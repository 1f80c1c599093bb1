"""What an open overview asks the console API for, as the dashboard's own sources say it."""

from __future__ import annotations

import re

from tests.support.doc_blocks import ROOT

_API = ROOT / "dashboard" / "src" / "api"
QUESTION = "/console/changes"
# What it shows and keeps fresh: each answer's name in the dashboard's cache, its path and query.
SHOWN = {
    "overview": ("/console/overview", ""),
    "phones": ("/console/devices", ""),
    "webhooks": ("/console/webhooks", ""),
    "unread": ("/console/conversations/unread", ""),
    "me": ("/console/me", ""),
    "settings": ("/console/settings", ""),
}
# What it shows, and asks for seldom: when the count of failures is another one, and every ten minutes.
SELDOM = {
    "failures": ("/console/messages", "limit=5&status=Failed,DeadLetter"),
    "days": ("/console/usage", ""),
}


def pace_seconds() -> int:
    """How often it asks whether anything changed."""
    return int(_found("queries.ts", r"overview: ([\d_]+)").replace("_", "")) // 1000


def unnoted_seconds() -> int:
    """How long it lets go unseen what nobody notes."""
    return int(_found("queries.ts", r"OVERVIEW_UNNOTED_SECONDS = (\d+)"))


def follows() -> dict[str, set[str]]:
    """By part of an account: which answers are fetched once more when it has changed."""
    table = _found("changes.ts", r"(?s)const FOLLOWS[^{]*\{(.*?)\n\};")
    return {part: set(re.findall(r'"([^"]+)"', names)) for part, names in re.findall(r"(\w+): \[([^\]]*)\]", table)}


def _found(name: str, pattern: str) -> str:
    found = re.search(pattern, (_API / name).read_text(encoding="utf-8"))
    assert found, f"{name} says nothing like {pattern}"
    return found.group(1)

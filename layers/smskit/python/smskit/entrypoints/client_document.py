"""The client API's description as it is served: a file that is made beforehand, read once a process, known by its tag.

Anybody may ask for it, so it must cost next to nothing: making it anew took as much processor time as 50 sends.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from aws_lambda_powertools.event_handler import Response

from smskit.caches import cached
from smskit.platform.http import serving

FILE = Path(__file__).with_name("client_api.json")
CACHE_CONTROL = "public, max-age=3600"


def answer(if_none_match: str) -> Response[Any]:
    """The description, or 304 to who has this one already."""
    text, tag = _served()
    headers = {"ETag": tag, "Cache-Control": CACHE_CONTROL}
    if _names(if_none_match, tag):
        return serving.nothing(304, headers)
    return Response(200, "application/json", text, headers)


@cached(maxsize=1)
def _served() -> tuple[str, str]:
    text = FILE.read_text(encoding="utf-8")
    return text, f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def _names(if_none_match: str, tag: str) -> bool:
    """RFC 9110, section 13.1.2: any of a list, compared weakly since a cache may have packed what it keeps."""
    given = {entry.strip().removeprefix("W/") for entry in if_none_match.split(",")}
    return bool(given & {tag, "*"})

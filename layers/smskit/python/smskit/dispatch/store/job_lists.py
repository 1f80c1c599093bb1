"""Lists of jobs by their indexes, newest first. An index holds keys only, so a job's changes cost it nothing.

Eventually consistent: a job that was just accepted may be missing for a moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from smskit.platform import table

FAR_MS = 9_999_999_999_999
Position = tuple[int, str]


@dataclass(frozen=True, slots=True)
class JobIndex:
    """The jobs of an account, or of one conversation or reference of it, made from `since` to `until`, milliseconds."""

    index: Literal["by_account", "by_conversation", "by_reference"]
    owner: str
    since: int = 0
    until: int = FAR_MS


_KEYS = {"by_account": "accountId", "by_conversation": "conversationId", "by_reference": "referenceId"}


def list_page(shelf: JobIndex, limit: int, behind: Position | None = None) -> tuple[list[Position], bool]:
    """(time, id) of at most `limit` jobs behind a place; and whether there may be more."""
    until = shelf.until if behind is None else min(shelf.until, behind[0])
    if until < shelf.since:
        return [], False
    key = _KEYS[shelf.index]
    # DynamoDB refuses a place outside of the condition's range.
    inside = behind is not None and behind[0] == until
    after = {key: shelf.owner, "createdAt": until, "pk": behind[1]} if behind and inside else None
    items, more = table.query(
        "jobs",
        f"{key} = :owner AND createdAt BETWEEN :since AND :until",
        {":owner": shelf.owner, ":since": shelf.since, ":until": until},
        limit=limit,
        index=shelf.index,
        newest_first=True,
        after=after,
    )
    return [(item["createdAt"], item["pk"]) for item in items], more

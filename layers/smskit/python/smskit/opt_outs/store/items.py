"""The trail's entries as they are stored: read from the table, and from its stream."""

from __future__ import annotations

from smskit.models.opt_out import Effect, TrailEntry
from smskit.platform.codec import Item


def trail_entry_of(item: Item) -> TrailEntry:
    """The entry that an item holds."""
    return TrailEntry(
        item["accountId"], item["number"], Effect(item["effect"]), item["at"], item["source"], item.get("reason")
    )

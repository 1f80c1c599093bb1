"""The trail's entries as they are stored: read from the table, and from its stream."""

from __future__ import annotations

from smskit.models.opt_out import AuditEntry, Effect
from smskit.platform.codec import Item


def audit_entry_of(item: Item) -> AuditEntry:
    """The entry that an item holds."""
    return AuditEntry(
        item["accountId"], item["number"], Effect(item["effect"]), item["at"], item["source"], item.get("reason")
    )

"""Until when somebody looks at an account: an item among its endpoints, since the fan-out reads these with each batch
anyway, and nothing else of the account."""

from __future__ import annotations

from smskit.platform import table
from smskit.webhooks.store.items import watched_key


def note(account_id: str, until: int) -> None:
    """Somebody looks until this time, ms."""
    table.put("webhooks", watched_key(account_id) | {"until": until, "ttl": until // 1000})

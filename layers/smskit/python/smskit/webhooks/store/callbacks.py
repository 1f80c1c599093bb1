"""Endpoints that only callbacks of messages go to: they count towards no limit and stand in no list."""

from __future__ import annotations

from contextlib import suppress

from smskit.errors import ConditionFailedError
from smskit.models.webhook import Endpoint
from smskit.platform import table
from smskit.webhooks.store.items import endpoint_item


def create(endpoint: Endpoint) -> None:
    """Store an endpoint, unless it is there."""
    with suppress(ConditionFailedError):  # another process was first: both made the same
        table.put("webhooks", endpoint_item(endpoint), "attribute_not_exists(pk)")

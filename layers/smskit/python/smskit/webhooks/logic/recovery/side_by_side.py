"""Which of an endpoint's waiting events may go out side by side: no two of one conversation or phone."""

from __future__ import annotations

import json
from collections.abc import Sequence

from smskit.models.webhook import Delivery
from smskit.webhooks.store.deliveries import BacklogEntry

Standing = tuple[BacklogEntry, Delivery]
# What an event is about, in the order of preference: a job's recipient, a sender, a contact, a phone, an endpoint.
_ABOUT = ("recipient", "from", "number", "deviceId", "webhookId")


def first(waiting: Sequence[Standing], most: int) -> list[Standing]:
    """The oldest event of each conversation or phone, up to `most`, in order of their time."""
    chosen: dict[str, Standing] = {}
    for place, delivery in waiting:
        if len(chosen) == most:
            break
        chosen.setdefault(_about(delivery), (place, delivery))
    return list(chosen.values())


def _about(delivery: Delivery) -> str:
    payload = json.loads(delivery.body)
    return next((str(payload[name]) for name in _ABOUT if name in payload), delivery.event)

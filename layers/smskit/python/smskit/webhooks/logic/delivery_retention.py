"""How long deliveries are kept: no longer than the account keeps what they tell of.

What was promised when that was stored goes with the event, and is the delivery's TTL: the sender can't read settings.
Whoever shows a delivery, or is asked to send one again, asks here what is promised now.
"""

from __future__ import annotations

from smskit.accounts.logic import retention


def since(account_id: str, now: int) -> int:
    """What counts from before this time, ms, is no longer kept by the account's days, as they are or were once."""
    policy = retention.to_show(account_id, now)
    return max(policy.shown_since, now - policy.retention_seconds * 1000)

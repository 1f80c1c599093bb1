"""How long a job counts, and how long it and what came in are kept, by the account's settings; nobody sees it longer.

A job is kept for 30 days (`RETENTION_DAYS`) after it was accepted unless its account says otherwise, and in any case an
hour past its deadline. DynamoDB's TTL removes an item some time after its day, so whoever shows one asks here first.
"""

from __future__ import annotations

from dataclasses import dataclass

from smskit.accounts.logic import settings as account_settings
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import Job

DEFAULT_VALIDITY_SECONDS = 86_400
LEAST_AFTER_SECONDS = 3_600
LONGEST_VALIDITY_SECONDS = 259_200
KEPT_MS = 300_000  # every send reads the settings; half a read unit every five minutes is no cost
SHOWN_MS = 5_000


@dataclass(frozen=True, slots=True)
class Policy:
    """An account's choices. `validity_seconds` is for jobs that name none.

    What is older than `shown_since`, ms, is kept no longer for the account's days: they were fewer once.
    """

    validity_seconds: int
    retention_seconds: int
    shown_since: int = 0

    def kept_until(self, created_at: int, expires_at: int) -> int:
        """When a job's time is over, seconds since the epoch: so long after it was accepted, and in any case an hour
        longer than it may still be sent."""
        return max(created_at // 1000 + self.retention_seconds, expires_at // 1000 + LEAST_AFTER_SECONDS)

    def shows(self, job: Job, now: int) -> bool:
        """Whether the job may still be seen: no longer than was promised then, and no longer than is promised now."""
        return self.shows_kept(job.created_at, job.expires_at, job.kept_until, now)

    def shows_kept(self, created_at: int, expires_at: int, kept_until: int | None, now: int) -> bool:
        """The same of what is kept as a job with these times is."""
        until = expires_at // 1000 + LEAST_AFTER_SECONDS
        if created_at >= self.shown_since:
            until = self.kept_until(created_at, expires_at)
        return now // 1000 < min(until, kept_until or until)

    def earliest(self, now: int) -> int:
        """No job that was accepted before this time, ms, may still be seen."""
        by_days = max(now - (self.retention_seconds + 1) * 1000, self.shown_since)
        return min(by_days, now - (LONGEST_VALIDITY_SECONDS + LEAST_AFTER_SECONDS + 1) * 1000)

    def received_until(self, stored_at: int) -> int:
        """When the time of a message that came in is over, milliseconds since the epoch."""
        return stored_at + self.retention_seconds * 1000

    def shows_received(self, message: InboundMessage, now: int) -> bool:
        """Whether a message that came in may still be seen by what is promised now. What was promised when it was
        stored is its TTL, which reading it compares."""
        return message.stored_at >= self.shown_since and now < self.received_until(message.stored_at)


def to_show(account_id: str, now: int) -> Policy:
    """The account's policy for whoever shows messages: as it was within the last five seconds."""
    return of_account(account_id, now, SHOWN_MS)


def of_account(account_id: str, now: int, kept_ms: int = KEPT_MS) -> Policy:
    """The account's policy, as it was within the last five minutes, or `kept_ms`."""
    chosen = account_settings.current(account_id, now, kept_ms)
    validity = chosen.default_validity_seconds or DEFAULT_VALIDITY_SECONDS
    return Policy(validity, account_settings.kept_seconds(chosen), chosen.shown_since)

"""What lists of messages are asked for by, and what they give."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.models.job import Job, JobStatus
from smskit.platform.cursors import Page


@dataclass(frozen=True, slots=True)
class Filter:
    """Which messages; None is any. `statuses`: in one of these now. `number` is in its E.164 form; `reference` is the
    client's own; `since` and `until` are when it was accepted, ms."""

    statuses: frozenset[JobStatus] | None = None
    device_id: str | None = None
    number: str | None = None
    reference: str | None = None
    since: int | None = None
    until: int | None = None
    batch_id: str | None = None

    @property
    def looks_inside(self) -> bool:
        """Whether jobs have to be read to know if they are meant."""
        by_both = self.number is not None and self.reference is not None
        return self.statuses is not None or self.device_id is not None or by_both

    @property
    def mark(self) -> str:
        """What tells lists apart: a cursor leads on in its own. Another stretch of time is the same list."""
        chosen = (",".join(sorted(self.statuses or ())), self.device_id, self.number, self.reference)
        of_batch = repr(self.batch_id) if self.batch_id is not None else ""
        return of_batch if not any(chosen) else repr(chosen) + of_batch

    def admits(self, job: Job) -> bool:
        """Whether this job is meant, as far as the index can't tell."""
        is_in_state = self.statuses is None or job.status in self.statuses
        is_to = self.number is None or job.recipient == self.number
        return is_in_state and is_to and (self.device_id is None or self.device_id in _devices(job))

    def admits_of_batch(self, job: Job) -> bool:
        """The same where there is no index: by all that is asked for."""
        is_referred = self.reference is None or job.client_reference == self.reference
        is_after = self.since is None or job.created_at >= self.since
        return self.admits(job) and is_referred and is_after and (self.until is None or job.created_at <= self.until)


def _devices(job: Job) -> set[str]:
    """The phone that has the job, else those that it names."""
    return {job.device_id} if job.device_id else {target.device_id for target in job.targets}


@dataclass(frozen=True, slots=True)
class MessageListPage(Page[Job]):
    """`looked_back_to`: when the job was accepted at which the next page goes on, milliseconds; None at the end, and
    where jobs stand in another order."""

    looked_back_to: int | None = None

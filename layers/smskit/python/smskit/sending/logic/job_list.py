"""Messages as operators look at them: the account's jobs, newest first, in pages that cost the same however many there
are. A filter that no index answers looks at a bounded number of jobs and goes on with the next request.
"""

from __future__ import annotations

from dataclasses import dataclass

from smskit.accounts.logic import retention
from smskit.dispatch.store import job_lists, jobs
from smskit.dispatch.store.job_lists import FAR_MS, JobIndex, Position
from smskit.models.contact import conversation_id
from smskit.models.job import Job, JobStatus, reference_id
from smskit.platform import cursors
from smskit.platform.cursors import Page

EXAMINED = 300
CHUNK = 100
_LIST = "messages"


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

    @property
    def looks_inside(self) -> bool:
        """Whether jobs have to be read to know if they are meant."""
        by_both = self.number is not None and self.reference is not None
        return self.statuses is not None or self.device_id is not None or by_both

    @property
    def mark(self) -> str:
        """What tells lists apart: a cursor leads on in its own. Another stretch of time is the same list."""
        chosen = (",".join(sorted(self.statuses or ())), self.device_id, self.number, self.reference)
        return "" if not any(chosen) else repr(chosen)

    def admits(self, job: Job) -> bool:
        """Whether this job is meant, as far as the index can't tell."""
        is_in_state = self.statuses is None or job.status in self.statuses
        is_to = self.number is None or job.recipient == self.number
        return is_in_state and is_to and (self.device_id is None or self.device_id in _devices(job))


def _devices(job: Job) -> set[str]:
    """The phone that has the job, else those that it names."""
    return {job.device_id} if job.device_id else {target.device_id for target in job.targets}


@dataclass(frozen=True, slots=True)
class MessageListPage(Page[Job]):
    """`looked_back_to`: when the job was accepted at which the next page goes on, milliseconds; None at the end."""

    looked_back_to: int | None = None


def list_page(account_id: str, wanted: Filter, limit: int, cursor: str | None, now: int) -> MessageListPage:
    """A page of the account's messages, newest first. Raises InvalidCursorError for a cursor of another list.

    It may be short, or empty, and have a cursor: then the jobs that were looked at were not meant.
    """
    whole = account_id + wanted.mark
    behind = cursors.read_moment(_LIST, whole, cursor, "job") if cursor is not None else None
    policy = retention.to_show(account_id, now)
    shelf = _shelf(account_id, wanted, policy.earliest(now))
    found: list[Job] = []
    examined = 0
    while examined < EXAMINED:
        size = min(CHUNK, EXAMINED - examined) if wanted.looks_inside else min(CHUNK, limit - len(found))
        places, more = job_lists.list_page(shelf, size, behind)
        read = jobs.get_many([job_id for _, job_id in places], consistent=False)
        for position, place in enumerate(places):
            job = read.get(place[1])
            examined, behind = examined + 1, place
            if job is None or not policy.shows(job, now) or not wanted.admits(job):
                continue
            found.append(job)
            if len(found) == limit:
                rest = more or position + 1 < len(places)
                return _page(whole, found, place if rest else None)
        if not more:
            return _page(whole, found, None)
    return _page(whole, found, behind)


def _page(whole: str, found: list[Job], behind: Position | None) -> MessageListPage:
    if behind is None:
        return MessageListPage(found, None)
    return MessageListPage(found, cursors.write_moment(_LIST, whole, *behind), behind[0])


def _shelf(account_id: str, wanted: Filter, earliest: int) -> JobIndex:
    """Where to look. What is hidden by its age is not walked through: it may be much, for days until TTL takes it."""
    since = max(0, earliest, wanted.since or 0)
    until = FAR_MS if wanted.until is None else min(wanted.until, FAR_MS)
    if wanted.reference is not None:
        return JobIndex("by_reference", reference_id(account_id, wanted.reference), since, until)
    if wanted.number is not None:
        return JobIndex("by_conversation", conversation_id(account_id, wanted.number), since, until)
    return JobIndex("by_account", account_id, since, until)

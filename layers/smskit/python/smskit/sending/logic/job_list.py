"""Messages as operators look at them: the account's jobs, newest first, in pages that cost the same however many there
are. A filter that no index answers looks at a bounded number of jobs and goes on with the next request.
"""

from __future__ import annotations

from smskit.accounts.logic import retention
from smskit.dispatch.store import job_lists, jobs
from smskit.dispatch.store.job_lists import FAR_MS, JobIndex, Position
from smskit.errors import NotFoundError
from smskit.models.contact import conversation_id
from smskit.models.job import Job, reference_id
from smskit.platform import cursors
from smskit.sending.logic import batch_messages, batches
from smskit.sending.logic.filters import Filter, MessageListPage

EXAMINED = 300
CHUNK = 100
_LIST = "messages"


def list_page(account_id: str, wanted: Filter, limit: int, cursor: str | None, now: int) -> MessageListPage:
    """A page of the account's messages, newest first; of a batch, in the order of its rows.

    It may be short, or empty, and have a cursor: then the jobs that were looked at were not meant. Raises
    InvalidCursorError for a cursor of another list.
    """
    if wanted.batch_id is not None:
        return _of_batch(account_id, wanted.batch_id, wanted, limit, cursor, now)
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


def _of_batch(
    account_id: str, batch_id: str, wanted: Filter, limit: int, cursor: str | None, now: int
) -> MessageListPage:
    """Of a batch that isn't there, no messages."""
    try:
        batch = batches.read(account_id, batch_id, now)
    except NotFoundError:
        return MessageListPage([], None)
    return batch_messages.list_page(batch, wanted, limit, cursor, now)


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

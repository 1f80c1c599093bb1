"""The messages of one batch, in the order of its rows: their ids follow from the batch, so no index is needed."""

from __future__ import annotations

from smskit.accounts.logic import retention
from smskit.dispatch.store import jobs
from smskit.models.batch import MOST_ROWS, Batch
from smskit.models.job import Job
from smskit.platform import cursors
from smskit.sending.logic.filters import Filter, MessageListPage

EXAMINED = 300
CHUNK = 100
_LIST = "batch-messages"


def list_page(batch: Batch, wanted: Filter, limit: int, cursor: str | None, now: int) -> MessageListPage:
    """A page of the batch's messages. Raises InvalidCursorError for a cursor of another list.

    It looks at a bounded number of them: a page may be short, or empty, and have a cursor. One that isn't made yet is
    missing.
    """
    whole = batch.batch_id + wanted.mark
    behind = _row_of(whole, cursor) if cursor is not None else -1
    policy = retention.to_show(batch.account_id, now)
    left = [row for row in batch.rows if row > behind]
    found: list[Job] = []
    for start in range(0, min(len(left), EXAMINED), CHUNK):
        rows = left[start : start + CHUNK]
        read = jobs.get_many([batch.job_id(row) for row in rows], consistent=False)
        for row in rows:
            job = read.get(batch.job_id(row))
            if job is None or not policy.shows(job, now) or not wanted.admits_of_batch(job):
                continue
            found.append(job)
            if len(found) == limit:
                return _page(whole, found, row if row != left[-1] else None)
    return _page(whole, found, left[EXAMINED - 1] if len(left) > EXAMINED else None)


def _page(whole: str, found: list[Job], behind: int | None) -> MessageListPage:
    return MessageListPage(found, None if behind is None else cursors.write(_LIST, whole, str(behind)))


def _row_of(whole: str, cursor: str) -> int:
    row = cursors.number(cursors.read(_LIST, whole, cursor))
    if row >= MOST_ROWS:
        cursors.refuse()
    return row

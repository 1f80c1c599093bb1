"""Batches as their account looks at them: which there are, how far each has come, and cancelling what waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from smskit.accounts.logic import audit_log as audit
from smskit.accounts.logic import retention
from smskit.accounts.store import audit_log
from smskit.errors import ConditionFailedError, NotFoundError
from smskit.models.audit import Action
from smskit.models.batch import Batch
from smskit.models.job import JobStatus
from smskit.models.member import Person
from smskit.platform import cursors
from smskit.platform.cursors import Page
from smskit.platform.ids import is_id
from smskit.sending.logic import batch_work
from smskit.sending.store import batch_tallies, batches

_LIST = "batches"


def read(account_id: str, batch_id: str, now: int) -> Batch:
    """The account's batch.

    Raises NotFoundError alike for a malformed or unknown id, another account's batch, and one past its retention.
    """
    batch = batches.get(batch_id) if is_id("bat", batch_id) else None
    if batch is None or batch.account_id != account_id or not _shows(account_id, batch, now):
        raise _not_found()
    return batch


def counts(batch: Batch) -> Mapping[JobStatus, int]:
    """How many of the batch's messages are in each state, as far as the stream has told: of most within a minute.

    What it told nothing of is as it was accepted.
    """
    told = batch_tallies.read(batch.batch_id)
    return Counter(told.get(row, batch.first_status) for row in batch.rows)


def list_page(account_id: str, limit: int, cursor: str | None, now: int) -> Page[Batch]:
    """A page of the account's batches, newest first. Raises InvalidCursorError."""
    behind = cursors.read_moment(_LIST, account_id, cursor, "bat") if cursor is not None else None
    since = max(0, retention.to_show(account_id, now).earliest(now))
    found, more = batches.list_page(account_id, limit, since, behind)
    last = found[-1] if more and found else None
    shown = [batch for batch in found if _shows(account_id, batch, now)]
    return Page(shown, cursors.write_moment(_LIST, account_id, last.created_at, last.batch_id) if last else None)


def cancel(account_id: str, batch_id: str, now: int, by: Person | None = None) -> Batch:
    """Withdraw what is Scheduled or Pending, and what is not even made: within seconds. Noted when a person does it.

    Raises NotFoundError.
    """
    batch = read(account_id, batch_id, now)
    batch_work.withdraw_soon(batch, now)
    noted = audit_log.put_ops(audit.entry_by(by, Action.BATCH_CANCELLED, batch_id, now))
    try:
        return batches.mark_cancelled(batch, now, noted)
    except ConditionFailedError:
        raise _not_found() from None


def _shows(account_id: str, batch: Batch, now: int) -> bool:
    policy = retention.to_show(account_id, now)
    return policy.shows_kept(batch.begins, batch.expires_at, batch.kept_until, now)


def _not_found() -> NotFoundError:
    return NotFoundError("There is no batch with this id in the account")

"""Accepting many messages with one request: each row by the rules of a send, and all that are accepted as one.

The batch is accepted by one write, of its own item. A timer that is set before all else then makes its messages; it
also finds what a request left that died before that write.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from smskit.errors import IdempotencyConflictError, UnavailableError
from smskit.models.batch import PIECE, Batch, Merged, Refused
from smskit.models.job import Job
from smskit.platform.ids import derived_id, new_id
from smskit.sending.logic import batch_work, bulk_rows, targets
from smskit.sending.logic.accept import Order
from smskit.sending.logic.bulk_rows import BulkOrder
from smskit.sending.store import batch_pieces, batches


class BulkAnswer(NamedTuple):
    """The batch, and what is said of the rows that became no messages. A repeated request is told the same."""

    batch: Batch
    refused: Sequence[Refused]
    merged: Sequence[Merged]


def accept_all(order: BulkOrder, now: int) -> BulkAnswer:
    """Accept the rows that a send would accept, one for each recipient. The same request under the same key is told the
    first answer, and goes on where that was cut off.

    Raises InvalidTextError, InvalidSendAtError, ForeignDeviceError, NoEligibleDeviceError, NothingAcceptedError,
    IdempotencyConflictError; nothing is kept then.
    """
    batch_id = _batch_id(order.common, now)
    known = batches.get(batch_id) if order.common.idempotency_key else None
    if known is not None:
        return _first_answer(order, known, now)
    jobs, refused, merged = bulk_rows.sift(order, batch_id, now)
    batch = _batch(order, jobs, len(refused), len(merged), now)
    pieces = [jobs[start : start + PIECE] for start in range(0, len(jobs), PIECE)]
    batch_work.make_soon(batch, now)
    batch_pieces.put(batch_id, batch.attempt, pieces, (refused, merged), batch.kept_until)
    if not batches.create(batch):
        batch_pieces.forget_all(batch_id, batch.attempt, batch.pieces)
        known = batches.get(batch_id)
        if known is None:
            raise UnavailableError("The batch could not be stored; send the same request again")
        return _first_answer(order, known, now)
    return BulkAnswer(batch, refused, merged)


def _first_answer(order: BulkOrder, known: Batch, now: int) -> BulkAnswer:
    """What the first request under this key was answered. Raises IdempotencyConflictError."""
    if known.request_hash != _request_hash(order) or known.account_id != order.common.account_id:
        raise IdempotencyConflictError("The idempotencyKey was used before with another request")
    batch_work.make_soon(known, now)
    if known.refused or known.merged:
        return BulkAnswer(known, *batch_pieces.said(known.batch_id, known.attempt))
    return BulkAnswer(known, [], [])


def _batch_id(common: Order, now: int) -> str:
    if not common.idempotency_key:
        return new_id("bat", now)
    scope = (common.key_scope,) if common.key_scope else ()
    return derived_id("bat", common.account_id, *scope, common.idempotency_key)


def _request_hash(order: BulkOrder) -> str | None:
    """128 bits over what the client asked for."""
    common = order.common
    if common.idempotency_key is None:
        return None
    where = [[target.device_id, target.sim_slot] for target in targets.merge(common.targets)]
    said = common.template.template_id if common.template else None
    asked = [
        said or common.message,
        common.priority,
        where,
        common.validity_seconds,
        common.wait_for_phone,
        common.send_at,
    ]
    rows = [[row.recipient, sorted(row.variables.items()), row.client_reference] for row in order.rows]
    return hashlib.sha256(json.dumps([asked, rows], separators=(",", ":")).encode()).hexdigest()[:32]


def _batch(order: BulkOrder, jobs: Sequence[Job], refused: int, merged: int, now: int) -> Batch:
    first = jobs[0]
    return Batch(
        batch_id=first.batch_id or "",
        account_id=first.account_id,
        client_id=first.client_id,
        attempt=secrets.token_hex(8),
        created_at=now,
        begins=first.created_at,
        expires_at=first.expires_at,
        rows=tuple(job.batch_row or 0 for job in jobs),
        refused=refused,
        merged=merged,
        segments=sum(job.segments for job in jobs),
        priority=first.priority,
        is_later=first.send_at is not None,
        is_quiet=first.is_held_quiet,
        request_hash=_request_hash(order),
        kept_until=first.kept_until,
    )

"""Bulk requests and batches, between what the APIs show and what the rules speak of."""

from __future__ import annotations

from typing import Any

from smskit.accounts.api.callers import Caller
from smskit.models.batch import Batch, Refused, Why
from smskit.models.job import JobStatus
from smskit.models.template import TemplateUse
from smskit.platform.cursors import Page
from smskit.platform.http import problems
from smskit.platform.http.problems import Kind
from smskit.platform.times import rfc3339, time_text
from smskit.sending.api.batch_views import (
    AcceptedRow,
    BatchCounts,
    BatchDetail,
    BatchPage,
    BatchView,
    BulkAccepted,
    MergedRow,
    RefusedRow,
    RowFault,
    RowProblem,
)
from smskit.sending.api.bulk_requests import BulkRequest
from smskit.sending.api.rendering import moment_of, targets_of
from smskit.sending.logic import batches
from smskit.sending.logic.accept import Order
from smskit.sending.logic.bulk import BulkAnswer
from smskit.sending.logic.bulk_rows import BulkOrder, Row

_KINDS: dict[Why, Kind] = {
    Why.INVALID: problems.INVALID_REQUEST,
    Why.OPTED_OUT: problems.RECIPIENT_OPTED_OUT,
    Why.NO_DEVICE: problems.NO_ELIGIBLE_DEVICE,
}


def bulk_order_of(caller: Caller, request: BulkRequest) -> BulkOrder:
    """What the client asks for."""
    common = Order(
        account_id=caller.account_id,
        client_id=caller.client_id,
        recipient="",
        message=request.message or "",
        template=TemplateUse(request.template_id) if request.template_id is not None else None,
        priority=request.priority,
        validity_seconds=request.validity_seconds,
        targets=targets_of(request.devices),
        idempotency_key=request.idempotency_key,
        key_scope=caller.key_scope,
        wait_for_phone=request.wait_for_phone,
        send_at=moment_of(request),
    )
    rows = tuple(Row(each.recipient, each.variables, each.client_reference) for each in request.recipients)
    return BulkOrder(common, rows)


def bulk_view(answer: BulkAnswer) -> BulkAccepted:
    """What became of each row."""
    batch = answer.batch
    return BulkAccepted(
        batch_id=batch.batch_id,
        status=batch.first_status.value,
        send_at=_send_at(batch),
        quiet_hours=True if batch.is_quiet else None,
        accepted=[AcceptedRow(row=row, job_id=batch.job_id(row)) for row in batch.rows],
        refused=[_refused_view(each) for each in answer.refused],
        merged=[MergedRow(row=each.row, into=each.into) for each in answer.merged],
    )


def _refused_view(refused: Refused) -> RefusedRow:
    kind = _KINDS[refused.why]
    fault = problems.row_fault(refused.row, refused.field, refused.detail)
    problem = RowProblem(
        type=problems.TYPE_BASE + kind.slug, title=kind.title, status=kind.status, detail=fault.detail,
        errors=[RowFault(pointer=fault.pointer, detail=fault.detail)],
    )  # fmt: skip
    return RefusedRow(row=refused.row, problem=problem)


def batch_view(batch: Batch) -> BatchView:
    """The batch."""
    return BatchView(**_shown(batch))


def batch_detail(batch: Batch) -> BatchDetail:
    """The batch, and how far it has come."""
    found = batches.counts(batch)
    counts = {status.name.lower(): found.get(status, 0) for status in JobStatus}
    return BatchDetail(**_shown(batch), counts=BatchCounts(**counts))


def batch_page(page: Page[Batch]) -> BatchPage:
    """The page."""
    return BatchPage.of(page, batch_view)


def _shown(batch: Batch) -> dict[str, Any]:
    return {
        "batch_id": batch.batch_id,
        "created_at": rfc3339(batch.created_at),
        "send_at": _send_at(batch),
        "cancelled_at": time_text(batch.cancelled_at),
        "client_id": batch.client_id,
        "priority": batch.priority,
        "accepted": len(batch.rows),
        "refused": batch.refused,
        "merged": batch.merged,
        "segments": batch.segments,
    }


def _send_at(batch: Batch) -> str | None:
    return rfc3339(batch.begins) if batch.is_later else None

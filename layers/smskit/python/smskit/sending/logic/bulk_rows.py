"""The rows of a bulk request, by the rules of a send: which become messages, which are refused, which are merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from smskit.contacts import store as contacts
from smskit.errors import (
    InvalidRecipientError,
    InvalidVariablesError,
    NoEligibleDeviceError,
    NothingAcceptedError,
    OptedOutError,
    RefusedError,
)
from smskit.models import magic_numbers
from smskit.models.batch import Merged, Refused, Why, job_id_of
from smskit.models.contact import Contact
from smskit.models.job import Job, Target
from smskit.models.magic_numbers import Refusal
from smskit.sending.logic import accept, send_times, targets, wording
from smskit.sending.logic.accept import Order
from smskit.sending.logic.variables import Text

MOST_FAULTS = 20
Checked = TypeVar("Checked")


@dataclass(frozen=True, slots=True)
class Row:
    """One recipient, as the client wrote it."""

    recipient: str
    variables: Mapping[str, str]
    client_reference: str | None = None


@dataclass(frozen=True, slots=True)
class BulkOrder:
    """What a client asks for: `common` is what a send of each row would say, but for its recipient and the values of
    its message's variables. An idempotency key is that of the whole."""

    common: Order
    rows: tuple[Row, ...]


class Sifted(NamedTuple):
    """The jobs of the rows that are accepted, and what is said of the others; each in the order of the rows."""

    jobs: list[Job]
    refused: list[Refused]
    merged: list[Merged]


class _RowError(Exception):
    def __init__(self, why: Why, field: str, detail: str) -> None:
        super().__init__(why)
        self.why, self.field, self.detail = why, field, detail


def sift(order: BulkOrder, batch_id: str, now: int) -> Sifted:
    """Look at every row. What a send would say of all of them alike is raised: InvalidTextError, InvalidSendAtError,
    ForeignDeviceError; NoEligibleDeviceError or NothingAcceptedError when no row is left."""
    common, refused = order.common, list[Refused]()
    text = wording.text_of(common.account_id, common.message, common.template)
    if common.send_at is not None:
        send_times.require(common.send_at, now)
    drafts = _kept(range(len(order.rows)), lambda row: _draft(order, text, batch_id, row, now), refused)
    known = contacts.get_many(common.account_id, [job.recipient for job in drafts])
    willing = _kept_jobs(drafts, lambda job: _willing(job, known, now), refused)
    eligible = _Eligible(common.wait_for_phone, now)
    able = _kept_jobs(willing, eligible.checked, refused)
    refused.sort(key=lambda each: each.row)
    if not able:
        raise _nothing(refused)
    kept, merged = _merged(able)
    return Sifted(kept, refused, merged)


def _kept(rows: Iterable[int], check: Callable[[int], Job], refused: list[Refused]) -> list[Job]:
    """What the check makes of the rows that it lets through."""
    kept: list[Job] = []
    for row in rows:
        try:
            kept.append(check(row))
        except _RowError as fault:
            refused.append(Refused(row, fault.why, fault.field, fault.detail))
    return kept


def _kept_jobs(jobs: Sequence[Job], check: Callable[[Job], Job], refused: list[Refused]) -> list[Job]:
    by_row = {job.batch_row or 0: job for job in jobs}
    return _kept(by_row, lambda row: check(by_row[row]), refused)


def _draft(order: BulkOrder, text: Text, batch_id: str, row: int, now: int) -> Job:
    asked = order.rows[row]
    message = _message(text, asked.variables)
    own = replace(
        order.common, recipient=asked.recipient, message=message, client_reference=asked.client_reference,
        idempotency_key=None, template=None,
    )  # fmt: skip
    try:
        job = accept.job_of(own, now)
    except InvalidRecipientError as invalid:
        # Every such detail begins with the name of the field.
        raise _RowError(Why.INVALID, "recipient", invalid.detail.removeprefix("recipient ")) from None
    return replace(job, job_id=job_id_of(batch_id, row), batch_id=batch_id, batch_row=row)


def _message(text: Text, given: Mapping[str, str]) -> str:
    try:
        return wording.filled(text, given)
    except InvalidVariablesError as invalid:
        raise _RowError(Why.INVALID, invalid.field, invalid.rule) from None


def _willing(job: Job, known: Mapping[str, Contact], now: int) -> Job:
    try:
        return accept.of_willing(job, known.get(job.recipient) or Contact(job.recipient), now)
    except OptedOutError:
        raise _RowError(Why.OPTED_OUT, "recipient", "has opted out of messages from this account") from None


class _Eligible:
    """Whether a phone may take the rows: they differ by their segments and by the SIMs of their routing rules, so each
    number of them is asked once. In a test world they differ by what their numbers play besides."""

    def __init__(self, wait_for_phone: bool | None, now: int) -> None:
        self._wait_for_phone, self._now = wait_for_phone, now
        self._refusals: dict[tuple[int, bool, tuple[Target, ...]], str | None] = {}

    def checked(self, job: Job) -> Job:
        kind = (job.segments, magic_numbers.refuses(job, Refusal.NO_PHONE), job.targets)
        if kind not in self._refusals:
            self._refusals[kind] = self._refusal(job)
        refusal = self._refusals[kind]
        if refusal is not None:
            raise _RowError(Why.NO_DEVICE, "message", refusal)
        return job

    def _refusal(self, job: Job) -> str | None:
        try:
            targets.require_eligible(job, self._now, waits=targets.waits(job, self._wait_for_phone, self._now))
        except NoEligibleDeviceError as none:
            return none.detail
        return None


def _merged(able: Sequence[Job]) -> tuple[list[Job], list[Merged]]:
    """One job for each recipient: that of the first row."""
    first: dict[str, Job] = {}
    merged: list[Merged] = []
    for job in able:
        kept = first.setdefault(job.recipient, job)
        if kept is not job:
            merged.append(Merged(job.batch_row or 0, kept.batch_row or 0))
    return list(first.values()), merged


def _nothing(refused: Sequence[Refused]) -> RefusedError:
    reasons = {each.detail for each in refused}
    if all(each.why is Why.NO_DEVICE for each in refused) and len(reasons) == 1:
        return NoEligibleDeviceError(reasons.pop())
    faults = [(each.row, each.field, each.detail) for each in refused[:MOST_FAULTS]]
    return NothingAcceptedError("Every row is refused; nothing is sent", faults)

"""Messages as CSV (RFC 4180, UTF-8), in pieces that fit a Lambda answer.

A spreadsheet takes a cell that begins with one of `= + - @`, a tab or a line break for a formula, and a message's text
is anybody's: such cells get an apostrophe in front, also where something invisible stands before the sign. A telephone
number, `+` and digits, is let through as it is.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence

from smskit.models.job import Job
from smskit.platform.times import time_text

# 250 messages of 1,600 characters, each written as \uXXXX\uXXXX in Lambda's JSON, and half as much besides: under 6 MB.
ROWS = 250
COLUMNS = (
    "jobId", "createdAt", "recipient", "status", "message", "segments", "priority", "deviceId", "simSlot", "attempts",
    "sentAt", "deliveredAt", "failedAt", "errorCode", "errorMessage", "clientReference", "clientId",
    "clientName",
)  # fmt: skip
_FORMULA = "=+-@\t\r\n＝＋－＠"
_NUMBER = re.compile(r"\+\d{1,15}", re.ASCII)


def text(jobs: Sequence[Job], names: Mapping[str, str], *, header: bool) -> str:
    """Rows for these messages, behind a header or not; `names` are those of their authors."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    if header:
        writer.writerow(COLUMNS)
    for job in jobs:
        writer.writerow([cell(value) for value in _row(job, names)])
    return out.getvalue()


def cell(value: str | int | None) -> str:
    """A cell that no spreadsheet computes."""
    if value is None:
        return ""
    shown = str(value)
    if isinstance(value, str) and _begins_formula(shown) and not _NUMBER.fullmatch(shown):
        return f"'{shown}"
    return shown


def _begins_formula(text: str) -> bool:
    for character in text:
        if character in _FORMULA:
            return True
        if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf"):
            return False
    return False


def _row(job: Job, names: Mapping[str, str]) -> tuple[str | int | None, ...]:
    error = (job.error.code, job.error.message) if job.error else (None, None)
    times = (time_text(job.sent_at), time_text(job.delivered_at), time_text(job.failed_at))
    return (
        job.job_id, time_text(job.created_at), job.recipient, job.status.value, job.message, job.segments,
        job.priority, job.device_id, job.sim_slot, job.attempts, *times, *error, job.client_reference, job.client_id,
        names.get(job.client_id),
    )  # fmt: skip

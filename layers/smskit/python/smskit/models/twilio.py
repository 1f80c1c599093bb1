"""Our ids, states and errors in the words of Twilio's messaging API, and back.

https://www.twilio.com/docs/messaging/api/message-resource has the states, https://www.twilio.com/docs/api/errors the
codes.
"""

from __future__ import annotations

import re
from enum import StrEnum

from smskit.models.job import OUTCOME_UNKNOWN, Job, JobStatus
from smskit.platform.ids import decode, encode

API_VERSION = "2010-04-01"
RECEIVED = "received"
_SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}", re.ASCII)
_BODY_LENGTH = 20
UNKNOWN_ERROR = 30008


class SidKind(StrEnum):
    """How a SID begins. What is sent and what came in are both messages to Twilio, and part by the eighth digit."""

    ACCOUNT = "AC0000000"
    SENT = "SM0000000"
    RECEIVED = "SM0000001"


_PREFIXES = {SidKind.ACCOUNT: "acc", SidKind.SENT: "job", SidKind.RECEIVED: "msg"}
_STATES = {
    JobStatus.SCHEDULED: "scheduled",
    JobStatus.PENDING: "queued",
    JobStatus.ASSIGNED: "sending",
    JobStatus.SENT: "sent",
    JobStatus.DELIVERED: "delivered",
    JobStatus.DEAD_LETTER: "failed",
    JobStatus.CANCELLED: "canceled",
}
_CODES = {
    "expired": 30036,
    "opted-out": 21610,
    "invalid_number": 30005,
    "short_code_refused": 30004,
    "fdn_blocked": 30004,
}


def sid_of(kind: SidKind, id_: str) -> str:
    """The SID of one of our ids: 34 characters, as Twilio's are, that hold the id's 100 bits."""
    return f"{kind}{decode(id_.partition('_')[2]):025x}"


def id_of(kind: SidKind, sid: str) -> str | None:
    """The id that a SID stands for; None for what `sid_of` didn't write."""
    if not _SID.fullmatch(sid) or not sid.startswith(kind):
        return None
    return f"{_PREFIXES[kind]}_{encode(int(sid.removeprefix(kind), 16), _BODY_LENGTH)}"


def state_of(job: Job) -> str:
    """The job's state in Twilio's words. What failed behind its Sent, or may be out, is undelivered."""
    if job.status is not JobStatus.FAILED:
        return _STATES[job.status]
    may_be_out = job.sent_at is not None or (job.error is not None and job.error.code == OUTCOME_UNKNOWN)
    return "undelivered" if may_be_out else "failed"


def error_code_of(job: Job) -> int | None:
    """Twilio's code for the job's error; None while it has none."""
    return _CODES.get(job.error.code, UNKNOWN_ERROR) if job.error else None

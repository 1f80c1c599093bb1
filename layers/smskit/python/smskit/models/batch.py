"""A batch: the messages of one bulk request."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from smskit.models.job import JobStatus
from smskit.platform.ids import derived_id

MOST_ROWS = 1_000
PIECE = 25  # messages that are made together


class Why(StrEnum):
    """Why a row is refused: the slug of the problem that a send would have been answered."""

    INVALID = "invalid-request"
    OPTED_OUT = "recipient-opted-out"
    NO_DEVICE = "no-eligible-device"


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that became no message. `field` is where the fault is within it, `variables/name`; `detail` is the rule."""

    row: int
    why: Why
    field: str
    detail: str


@dataclass(frozen=True, slots=True)
class Merged:
    """A row to the same number as the earlier row `into`, which is sent in its place."""

    row: int
    into: int


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as stored. Times are milliseconds since the epoch, but for `kept_until`, seconds.

    `rows`: those of the request, counted from 0, that became messages. `attempt` names the request that was accepted,
    of several under one key. Its messages count from `begins` and are `later` ones if that was not at once.
    """

    batch_id: str
    account_id: str
    client_id: str
    attempt: str
    created_at: int
    begins: int
    expires_at: int
    rows: tuple[int, ...]
    refused: int
    merged: int
    segments: int
    priority: int
    is_later: bool = False
    is_quiet: bool = False
    request_hash: str | None = None
    cancelled_at: int | None = None
    kept_until: int | None = None

    @property
    def pieces(self) -> int:
        """How many pieces its messages are made in."""
        return -(-len(self.rows) // PIECE)

    def rows_of(self, piece: int) -> tuple[int, ...]:
        """The rows of a piece."""
        return self.rows[piece * PIECE : (piece + 1) * PIECE]

    def job_id(self, row: int) -> str:
        """The job of a row."""
        return job_id_of(self.batch_id, row)

    @property
    def first_status(self) -> JobStatus:
        """What its messages begin as."""
        return JobStatus.SCHEDULED if self.is_later else JobStatus.PENDING


def job_id_of(batch_id: str, row: int) -> str:
    """The job of a row: the same however often it is made, so it is made once."""
    return derived_id("job", batch_id, str(row))

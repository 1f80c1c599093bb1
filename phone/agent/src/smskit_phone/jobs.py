"""Jobs as the phone knows them."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Claimed → Cleared (`go` came) → Sending (at the radio) → Sent → Delivered, or Failed, or Unknown."""

    CLAIMED = "Claimed"
    CLEARED = "Cleared"
    SENDING = "Sending"
    SENT = "Sent"
    DELIVERED = "Delivered"
    FAILED = "Failed"
    UNKNOWN = "Unknown"


class Key(NamedTuple):
    """One hand-out of a job to this phone: the same job may come again under another token."""

    job_id: str
    token: str


class Failure(NamedTuple):
    """An error of the protocol: a code that it lists, and words for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A job that the phone may claim. Times are seconds since the epoch, by the server's clock."""

    key: Key
    sim_slot: int
    recipient: str
    message: str = field(repr=False)
    segments: int
    priority: int
    expires_at: float
    claim_by: float


@dataclass(frozen=True, slots=True)
class Job:
    """A journaled job. The text is erased once the radio has answered."""

    key: Key
    sim_slot: int
    recipient: str
    message: str = field(repr=False)
    segments: int
    priority: int
    expires_at: float
    state: State
    state_at: str
    failure: Failure | None


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a job, on its way to the server."""

    key: Key
    state: State
    at: str
    failure: Failure | None

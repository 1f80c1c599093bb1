"""A job: one SMS on its way from a client to a phone's radio."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from smskit.models.lane import LaneKey
from smskit.platform.ids import derived_id

OUTCOME_UNKNOWN = "outcome_unknown"
SCHEDULED, QUIET = "scheduled", "quiet_hours"  # in a timeline: when it is due, and why
URGENT = 9  # from this priority on: OTPs


class JobStatus(StrEnum):
    """The states of a job, as the API shows them."""

    SCHEDULED = "Scheduled"
    PENDING = "Pending"
    ASSIGNED = "Assigned"
    SENT = "Sent"
    DELIVERED = "Delivered"
    FAILED = "Failed"
    DEAD_LETTER = "DeadLetter"
    CANCELLED = "Cancelled"


class Rank:
    """What beats what, so that reports may come twice, late or out of order: a change must raise the rank.

    A guess (`UNKNOWN`, shown as Failed/outcome_unknown) is beaten by any word of the phone.
    """

    SCHEDULED = -10
    PENDING = 0
    ASSIGNED = 10
    UNKNOWN = 20
    SENT = 30
    FAILED = 40
    DELIVERED = 50
    CLOSED = 90  # Cancelled and DeadLetter: nothing was handed to a phone


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """A phone that may take the job; with `sim_slot`, only that SIM of it."""

    device_id: str
    sim_slot: int | None = None


@dataclass(frozen=True, slots=True)
class Route:
    """The routing rule that holds for a job, by its name, and the SIMs that are asked first, in this order."""

    rule: str
    sims: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job ended badly."""

    code: str
    message: str

    @property
    def may_have_been_sent(self) -> bool:
        """Nobody knows whether the message went out: who sends it again may send it twice."""
        return self.code == OUTCOME_UNKNOWN


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened to a job. `at` is milliseconds since the epoch; `offered_at` is when the offer was made
    that this came of, where nothing else tells of it."""

    event: str
    at: int
    device_id: str | None = None
    sim_slot: int | None = None
    detail: str | None = None
    offered_at: int | None = None


@dataclass(frozen=True, slots=True)
class Erased:
    """What stays of a job that was erased: by this it is known again, and nothing says what it said or to whom."""

    job_id: str
    account_id: str
    request_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Callback:
    """Where a job's states are told besides the account's endpoints: the URL, and the endpoint whose line it shares."""

    endpoint_id: str
    url: str


TIMELINE_LIMIT = 24


def reference_id(account_id: str, client_reference: str) -> str:
    """What stands for an account's own reference: as short for every one, and no other account's."""
    return derived_id("ref", account_id, client_reference)


@dataclass(frozen=True, slots=True)
class Job:
    """All that is known of a job. Times are milliseconds since the epoch, but for `kept_until`, seconds: TTL's own.

    `created_at` is when it was accepted. A job that is to be sent later counts as made when it is due: its validity,
    its order in the pool, how long it is kept, and its place in lists go by that. `accepted_at` is when that one was
    accepted, and None for any other.
    `reference_id`: what stands for the account and its `client_reference` where jobs are looked up by that.
    `batch_id` and `batch_row`: the bulk request that it is of, and its row there.
    `targets`: the only SIMs that may take it, if any are named: by its sender, or those of its `route`.
    `heard_at`: when SMSKit last heard what became of it. The times of its states are the phone's word.
    `exempt_from_opt_out`: an answer to STOP, START or HELP, which goes out also to who has opted out.
    """

    job_id: str
    account_id: str
    client_id: str
    recipient: str
    message: str
    segments: int
    priority: int
    created_at: int
    expires_at: int
    status: JobStatus = JobStatus.PENDING
    rank: int = Rank.PENDING
    targets: tuple[Target, ...] = ()
    preferred: Target | None = None
    route: Route | None = None
    attempts: int = 0
    device_id: str | None = None
    sim_slot: int | None = None
    token: str | None = None
    assigned_at: int | None = None
    connection_id: str | None = None
    sent_at: int | None = None
    delivered_at: int | None = None
    failed_at: int | None = None
    heard_at: int | None = None
    error: JobError | None = None
    accepted_at: int | None = None
    client_reference: str | None = None
    reference_id: str | None = None
    request_hash: str | None = None
    conversation_id: str | None = None
    batch_id: str | None = None
    batch_row: int | None = None
    exempt_from_opt_out: bool = False
    callback: Callback | None = None
    kept_until: int | None = None
    avoid: dict[str, int] = field(default_factory=dict)
    timeline: tuple[TimelineEntry, ...] = ()

    @property
    def lane(self) -> LaneKey | None:
        """The SIM that has the job; None while none has."""
        if self.device_id is None or self.sim_slot is None:
            return None
        return LaneKey(self.account_id, self.device_id, self.sim_slot)

    @property
    def send_at(self) -> int | None:
        """When it is due, or was; None for a job that was to be sent at once."""
        return None if self.accepted_at is None else self.created_at

    @property
    def is_held_quiet(self) -> bool:
        """Whether it is due, or was, at the end of the account's quiet hours."""
        told = [entry.event for entry in self.timeline if entry.event in (SCHEDULED, QUIET)]
        return told[-1:] == [QUIET]

    @property
    def asked_at(self) -> int:
        """When it was accepted."""
        return self.created_at if self.accepted_at is None else self.accepted_at

    @property
    def is_urgent(self) -> bool:
        """OTPs: they may use the reserve of a SIM's hourly budget, and need no credit of it."""
        return self.priority >= URGENT

    def avoids(self, device_id: str, sim_slot: int, now: int) -> bool:
        """Whether the job stays away from this SIM because it failed there a moment ago."""
        return self.avoid.get(f"{device_id}#{sim_slot}", 0) > now

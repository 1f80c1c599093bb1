"""The pool: jobs that wait for a lane.

A lane holds a job first and takes its entry out second; back it goes the other way round, the entry first and the
release second. So a Pending job is in the pool or held by a lane, at times in both; in neither only until the timer of
its offer (`dispatch.logic.due_offers`). Whoever removes the entry has the job, and no transaction stands in its way.

One entry a scope (the account, a phone, or a SIM); the sort key is the order in which jobs go out: highest priority
first, then the oldest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice

from smskit.dispatch.store.jobs import create_op
from smskit.errors import AnswerLostError, ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.models.job import URGENT, Job
from smskit.models.lane import LaneKey
from smskit.phones.store.pending_counts import END, scope_of
from smskit.platform import table
from smskit.platform.codec import Item

PAGE = 25  # entries of one read unit
NEXT_PAGE = 100
MOST_SEEN = 225  # entries of one look
_KEPT_S = 86_400  # an entry that nobody meets any more goes a day after the job's deadline


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the pool; `order` is its sort key."""

    scope: str
    order: str
    job_id: str
    segments: int

    @property
    def priority(self) -> int:
        """The job's priority, 0 to 10."""
        return 10 - int(self.order[:2])

    @property
    def is_urgent(self) -> bool:
        """Whether the job is an urgent one."""
        return self.priority >= URGENT


def scopes(job: Job) -> list[str]:
    """Where the job waits: the account's pool, or one pool for each of its targets."""
    if not job.targets:
        return [f"pool#{job.account_id}"]
    return [scope_of(target.device_id, target.sim_slot) for target in job.targets]


def scope_for(job: Job, lane: LaneKey) -> str:
    """The scope of the job in which this lane looks."""
    own = {scope_of(lane.device_id, None), scope_of(lane.device_id, lane.sim_slot)}
    return next((scope for scope in scopes(job) if scope in own), scopes(job)[0])


def order_of(job: Job) -> str:
    """Inverted priority, then time, then id."""
    return f"{10 - job.priority:02d}#{job.created_at:013d}#{job.job_id}"


def _items(job: Job) -> list[Item]:
    entry = {"sk": order_of(job), "jobId": job.job_id, "segments": job.segments}
    entry |= {"ttl": job.expires_at // 1000 + _KEPT_S}
    return [{"pk": scope} | entry for scope in scopes(job)]


def put_ops(jobs: Sequence[Job]) -> list[Item]:
    """Operations that add the jobs' entries, for a transaction that stores or requeues a job."""
    return [table.put_op("pool", item) for job in jobs for item in _items(job)]


def publish(jobs: Sequence[Job]) -> None:
    """Put jobs into the pool; one that is there already stays.

    The first entry of a job comes last: by it `contains` knows that all are there.
    """
    items = [_items(job) for job in jobs]
    table.put_many("pool", [item for own in items for item in own[1:]])
    table.put_many("pool", [own[0] for own in items])


def publish_new(job: Job) -> bool:
    """Store a new job and put it into the pool, as one; False when there is a job with its id."""
    try:
        table.transact([create_op(job), *put_ops([job])])
    except TransactionRefusedError as refused:
        if refused.reasons[0] == "ConditionalCheckFailed":
            return False
        raise
    return True


def take(scope: str, job: Job) -> bool | None:
    """Take out the job by its entry in this scope; False when that is gone: then somebody else has the job.

    None when the pool is busy, and the entry may be there: to wait for one while others take what stands around it
    helps nobody.
    Where the answer is lost and the entry is gone, two may have the job: the first claim wins.
    """
    key = {"pk": scope, "sk": order_of(job)}
    try:
        table.delete("pool", key, "attribute_exists(pk)", waits=False)
    except AnswerLostError:
        if table.get("pool", key) is not None:
            return None
    except ConditionFailedError:
        return False
    except ContentionError:
        return None
    _delete(job, [other for other in scopes(job) if other != scope])
    return True


def withdraw(job: Job) -> None:
    """Take the job out of the pool if it is there. Only for a job that can't be Pending again."""
    _delete(job, scopes(job))


def _delete(job: Job, found: Sequence[str]) -> None:
    """The first entry last: by it `contains` knows that the job waits."""
    if found[1:]:
        table.delete_many("pool", [{"pk": scope, "sk": order_of(job)} for scope in found[1:]])
    if found:
        table.delete("pool", {"pk": found[0], "sk": order_of(job)})


def contains(job: Job) -> bool:
    """Whether the job waits in the pool."""
    return table.get("pool", {"pk": scopes(job)[0], "sk": order_of(job)}) is not None


def remove_entry(entry: Entry) -> None:
    """Remove an entry whose job no longer exists."""
    table.delete("pool", {"pk": entry.scope, "sk": entry.order})


def entries(lane: LaneKey, urgent_only: bool, first: int) -> Iterator[Entry]:
    """The entries that the lane may take, in order, from its three pools; the account's, where most look, is read last.

    Each pool's `first` entries are read at once, more only as far as they are asked for, up to a bound.
    """
    own = [scope_of(lane.device_id, None), scope_of(lane.device_id, lane.sim_slot), f"pool#{lane.account_id}"]
    below = f"{10 - URGENT + 1:02d}" if urgent_only else END
    found = merge(*(_entries(scope, below, first) for scope in own), key=lambda entry: entry.order)
    return islice(found, MOST_SEEN)


def _entries(scope: str, below: str, first: int) -> Iterator[Entry]:
    after, limit, more = "", first, True
    while more:
        page_of_it, more = list_page(scope, after, limit, below)
        yield from page_of_it
        after, limit = page_of_it[-1].order if page_of_it else "", NEXT_PAGE


def list_page(scope: str, after: str, limit: int, below: str = END) -> tuple[list[Entry], bool]:
    """Entries of one scope in order, from behind `after` to before `below`; and whether there may be more."""
    condition, values = "pk = :pk AND sk BETWEEN :from AND :to", {":pk": scope, ":from": f"{after}!", ":to": below}
    items, more = table.query("pool", condition, values, limit=limit)
    return [Entry(scope, item["sk"], item["jobId"], item["segments"]) for item in items], more and bool(items)

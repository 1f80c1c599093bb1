"""Random schedules of bulk requests: clients that repeat and cancel, beside all else that may happen.

The requests and the timers that make and withdraw their messages are invocations as the others: they die before or
after any of their AWS calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from smskit.dispatch.store import jobs
from smskit.errors import RefusedError, UnavailableError
from smskit.models.batch import Batch
from smskit.models.job import Job, JobStatus
from smskit.sending.logic import accept, batches, bulk
from smskit.sending.logic.bulk import BulkAnswer
from smskit.sending.logic.bulk_rows import BulkOrder, Row
from tests.model.events import ACCOUNT, Climate
from tests.model.invocations import Handler
from tests.model.later import AHEAD_MS, Later


@dataclass
class BulkWish:
    """Messages that a client wants sent, and what it was told."""

    order: BulkOrder
    answers: list[BulkAnswer] = field(default_factory=list)
    is_refused: bool = False
    asked_to_cancel: bool = False
    is_cancelled: bool = False
    is_asking: bool = False


def order_of(count: int, key: str, first: int = 0, *, is_good: bool = False, **more: Any) -> BulkOrder:
    """A bulk request of so many rows. Unless all are good, every tenth is of a number that another one has, and every
    seventh has no name."""
    common = accept.Order(
        ACCOUNT, "cli_0", "", "Hi {name}", more.pop("priority", 0), None, idempotency_key=key, wait_for_phone=True,
        **more,
    )  # fmt: skip
    rows = [
        Row(
            f"+2547{first + row - (row % 10 == 9 and not is_good):08d}",
            {} if row % 7 == 6 and not is_good else {"name": f"N{row}"},
            f"r{row}",
        )
        for row in range(count)
    ]
    return BulkOrder(common, tuple(rows))


class Many(Later):
    """A random run with bulk requests."""

    def __init__(self, seed: int, functions: dict[str, Any], climate: Climate) -> None:
        super().__init__(seed, functions, climate)
        self.bulk_wishes = [BulkWish(self._bulk_order(number)) for number in range(self.random.randint(1, 3))]

    def _bulk_order(self, number: int) -> BulkOrder:
        rng = self.random
        send_at = rng.choice([None, None, self.now + rng.choice(AHEAD_MS)])
        count, priority = rng.choice([1, 5, 26]), rng.choice([0, 5, 10])
        return order_of(count, f"key {number}", 1_000 * number, priority=priority, send_at=send_at)

    def one(self) -> None:
        """A client, now and then."""
        if self.random.random() < 0.05:
            self._bulk_client_acts(self.random.choice(self.bulk_wishes))
        else:
            super().one()

    def _bulk_client_acts(self, wish: BulkWish) -> None:
        if wish.is_asking or wish.is_refused:
            return
        if wish.answers and self.random.random() < 0.4:
            wish.asked_to_cancel = True
            batch_id = wish.answers[0].batch.batch_id
            self._ask_bulk(wish, lambda: batches.cancel(ACCOUNT, batch_id, self.now))
        else:
            self._ask_bulk(wish, lambda: bulk.accept_all(wish.order, self.now))

    def _ask_bulk(self, wish: BulkWish, request: Callable[[], Any]) -> None:
        wish.is_asking = True

        def answered(handler: Handler) -> None:
            wish.is_asking = False
            match handler.result:
                case BulkAnswer() as answer:
                    wish.answers.append(answer)
                case Batch():
                    wish.is_cancelled = True
                case RefusedError() as refused if not isinstance(refused, UnavailableError):
                    wish.is_refused = not wish.answers
                case _:
                    pass

        self._start("client", request, answered)

    def drain(self) -> None:
        """Who has no answer asks again."""
        for wish in self.bulk_wishes:
            if not wish.answers:
                self._bulk_client_acts(wish)
        super().drain()

    def is_quiet(self) -> bool:
        """Whether every client has its answer, every message is made, and every job is at its end."""
        is_told = all(wish.answers or wish.is_refused for wish in self.bulk_wishes)
        return is_told and not self.pieces() and super().is_quiet()

    def pieces(self) -> list[str]:
        """What still stands in for messages."""
        return [place[0] for place in self.dynamodb.tables["batches"] if place[1] == "piece"]

    def wrongs(self) -> Iterator[str]:
        """What doesn't hold of bulk requests."""
        told = {(job.job_id, "") for job in self.jobs} | {(wish.job_id, "") for wish in self.wishes if wish.job_id}
        for wish in self.bulk_wishes:
            if wish.answers:
                told |= {(job_id, "") for job_id in _job_ids(wish.answers[0].batch)}
                yield from self._wrongs_of_bulk(wish)
        kept = set(self.dynamodb.tables["jobs"])
        if kept != told:
            yield f"jobs {sorted(kept ^ told)[:3]} that nobody was told of, or that are gone"
        if self.pieces():
            yield f"pieces are left: {self.pieces()}"

    def _wrongs_of_bulk(self, wish: BulkWish) -> Iterator[str]:
        first, *others = wish.answers
        if any(_said(other) != _said(first) for other in others):
            yield "a repeated request was told something else"
        found = jobs.get_many(_job_ids(first.batch)).values()
        for job in found:
            yield from self._wrongs_of_job(wish, job)

    def _wrongs_of_job(self, wish: BulkWish, job: Job) -> Iterator[str]:
        if job.status is JobStatus.CANCELLED and not wish.asked_to_cancel:
            yield f"{job.job_id} was cancelled, which nobody asked for"
        if job.status is JobStatus.SCHEDULED or (job.status is JobStatus.CANCELLED and self.world.radio[job.job_id]):
            yield f"{job.job_id} is {job.status}, at the radio {self.world.radio[job.job_id]} times"


def _said(answer: BulkAnswer) -> object:
    return answer.batch.batch_id, answer.batch.rows, list(answer.refused), list(answer.merged)


def _job_ids(batch: Batch) -> list[str]:
    return [batch.job_id(row) for row in batch.rows]

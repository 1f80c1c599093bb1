"""Random schedules of messages that are to be sent later: clients that repeat, move and cancel, and a janitor.

The janitor and the clients' requests are invocations as the others: they die before or after any of their AWS calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from smskit.dispatch.store import jobs
from smskit.errors import RefusedError, UnavailableError
from smskit.models.job import Job, JobStatus
from smskit.sending.logic import accept, cancel, reschedule
from tests.model.events import ACCOUNT, Climate
from tests.model.invocations import Handler
from tests.model.phones import Phone
from tests.model.schedules import Schedule

MINUTE_MS = 60_000
HEARTBEAT_MS = 5 * MINUTE_MS
AHEAD_MS = (0, 900, 5_000, 30_000, 119_000, 121_000, 400_000)
TICK = {"source": "aws.events"}


@dataclass
class Wish:
    """A message that a client wants sent, and what it was told."""

    order: accept.Order
    job_id: str | None = None
    is_refused: bool = False
    is_cancelled: bool = False
    is_asking: bool = False


class Later(Schedule):
    """A random run with messages that are sent later."""

    def __init__(self, seed: int, functions: dict[str, Any], climate: Climate) -> None:
        super().__init__(seed, functions | {"client": _CLIENT}, climate)
        self.ticked = self.now
        self.heard: dict[Phone, int] = {}
        self.wishes = [Wish(self._order(number)) for number in range(self.random.randint(1, 6))]

    def _order(self, number: int) -> accept.Order:
        rng = self.random
        return accept.Order(
            ACCOUNT, "cli_0", f"+2547{number:08d}", "x", rng.choice([0, 5, 10]), rng.choice([None, None, 40]),
            idempotency_key=f"key {number}", wait_for_phone=True, send_at=self.now + rng.choice(AHEAD_MS),
        )  # fmt: skip

    # -- what may happen besides ---------------------------------------------------------------------------------

    def one(self) -> None:
        """A client or the janitor, now and then."""
        chance = self.random.random()
        if chance < 0.06:
            self._client_acts(self.random.choice(self.wishes))
        elif chance < 0.09:
            self._tick()
        else:
            super().one()

    def _tick(self) -> None:
        self.ticked = self.now
        self._start("janitor", TICK, lambda handler: None)

    def _client_acts(self, wish: Wish) -> None:
        if wish.is_asking or wish.is_refused:
            return
        if wish.job_id is None:
            self._ask(wish, lambda: accept.accept(wish.order, self.now))
        elif self.random.random() < 0.3:
            self._ask(wish, lambda: cancel.cancel(ACCOUNT, str(wish.job_id), self.now))
        else:
            moved = self.now + self.random.choice(AHEAD_MS)
            self._ask(wish, lambda: reschedule.reschedule(ACCOUNT, str(wish.job_id), moved, self.now))

    def _ask(self, wish: Wish, request: Callable[[], Any]) -> None:
        """A request that dies leaves its client without an answer; it may ask again."""
        wish.is_asking = True

        def answered(handler: Handler) -> None:
            wish.is_asking = False
            match handler.result:
                case accept.Accepted(job_id=job_id):
                    wish.job_id = job_id
                case Job(status=JobStatus.CANCELLED):
                    wish.is_cancelled = True
                case RefusedError() as refused if not isinstance(refused, UnavailableError):
                    wish.is_refused = wish.job_id is None
                case _:
                    pass

        self._start("client", request, answered)

    # -- the calm ------------------------------------------------------------------------------------------------

    def drain(self) -> None:
        """Who has no answer asks again, and the janitor comes by once a minute."""
        for wish in self.wishes:
            if wish.job_id is None:
                self._client_acts(wish)
        if self.now - self.ticked >= MINUTE_MS:
            self._tick()
        super().drain()

    def _live(self, phone: Phone) -> None:
        """A phone is heard every five minutes, or the janitor takes it offline for its silence."""
        super()._live(phone)
        if self.now - self.heard.get(phone, 0) >= HEARTBEAT_MS and phone.connection is not None:
            self.heard[phone] = self.now
            phone.heartbeat()

    def is_quiet(self) -> bool:
        """Whether every client has its answer, and every job is at its end."""
        rows = self.dynamodb.tables["jobs"].values()
        is_told = all(wish.job_id or wish.is_refused for wish in self.wishes)
        return is_told and super().is_quiet() and all(row["status"] != JobStatus.SCHEDULED for row in rows)

    def wrongs(self) -> Iterator[str]:
        """What doesn't hold of messages that were to be sent later."""
        kept = set(self.dynamodb.tables["jobs"])
        answered = {(wish.job_id, "") for wish in self.wishes if wish.job_id}
        answered |= {(job.job_id, "") for job in self.jobs}  # those that were to be sent at once
        if kept != answered:
            yield f"jobs {kept ^ answered} that nobody was told of, or that are gone"
        for wish in self.wishes:
            if wish.job_id is not None and (job := jobs.get(wish.job_id)) is not None:
                yield from _wrongs_of(wish, job, self.world.radio[job.job_id])
        notes = [place for place in self.dynamodb.tables["pool"] if place[0].startswith("due#")]
        if notes:
            yield f"notes are left: {notes}"


def _wrongs_of(wish: Wish, job: Job, hand_overs: int) -> Iterator[str]:
    due = [entry.at for entry in job.timeline if entry.event == "due"]
    taken = [entry.at for entry in job.timeline if entry.event in ("offered", "assigned")]
    if job.status is JobStatus.SCHEDULED:
        yield f"{job.job_id} is still Scheduled"
    if wish.is_cancelled and hand_overs:
        yield f"{job.job_id} was cancelled and sent"
    if hand_overs and len(due) != 1:
        yield f"{job.job_id} was due {len(due)} times"
    if any(at < job.created_at for at in [*due, *taken]):
        yield f"{job.job_id} went before its time {job.created_at}: {job.timeline}"


def _handle(request: Callable[[], Any], _: object) -> Any:
    """A client's request, as the API's handler runs it: a refusal is an answer."""
    try:
        return request()
    except RefusedError as refused:
        return refused


_CLIENT = SimpleNamespace(lambda_handler=_handle)

"""Bulk requests that are cut off: each row becomes one message, sent once, whoever dies and whenever.

SMSKIT_SCHEDULES sets how many random schedules, SMSKIT_BULK at how many of its AWS calls a bulk of 1,000 is
killed.
"""

from __future__ import annotations

import json
import os
import random
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from smskit.models.job import JobStatus
from smskit.sending.logic import batches, bulk
from smskit.sending.logic.bulk import BulkAnswer
from smskit.sending.logic.bulk_rows import BulkOrder
from tests.model.chunks import chunks, name_of
from tests.model.events import ACCOUNT, TIMERS, VISIBILITY_MS
from tests.model.invocations import Handler
from tests.model.many import Many, order_of
from tests.model.running import Runner
from tests.model.series import Series

KILLS = int(os.environ.get("SMSKIT_BULK") or "6")


@pytest.fixture
def many(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Series[Many]:
    """Random schedules of the kind."""
    return Series(runner, monkeypatch, Many)


@pytest.mark.parametrize("seeds", chunks(15), ids=name_of)
def test_each_row_goes_once_whoever_dies(many: Series[Many], seeds: range) -> None:
    many.run(seeds)
    assert not many.bad, many.say()
    assert len(seeds) < 40 or {"Cancelled", "Sent"} < many.ended.keys(), many.ended


class Course:
    """A bulk request from its client to the queues, of which some AWS calls, counted over all invocations, are deadly:
    of each, whether it is done by then."""

    def __init__(self, made: Many, order: BulkOrder, deadly: Mapping[int, bool]) -> None:
        self.made, self.order, self.deadly = made, order, deadly
        self.answers: list[BulkAnswer] = []
        self.calls = self.died = 0
        self.cancels_at = 0
        made.weather.is_calm = True

    def run(self) -> None:
        """Until no timer is left: the client asks till it has an answer, and once more."""
        while len(self.answers) < 2:
            asked = self._invoke(lambda: bulk.accept_all(self.order, self.made.now))
            if isinstance(asked.result, BulkAnswer):
                self.answers.append(asked.result)
            self._pass_seconds(1)
        self._pass_seconds(150 + len(self.deadly) * VISIBILITY_MS // 1_000)
        assert not [one for one in self.made.queues.messages if one["queue"] in TIMERS]

    def _pass_seconds(self, seconds: int) -> None:
        for _ in range(seconds):
            while waiting := [one for one in self.made.visible() if one["queue"] in TIMERS][:10]:
                self._deliver(waiting)
            self.made.world.now += 1_000

    def _deliver(self, waiting: list[dict[str, Any]]) -> None:
        for message in waiting:
            message["received"] += 1
            message["visible"] = self.made.now + VISIBILITY_MS
        records = [
            {"messageId": one["id"], "body": one["body"], "eventSourceARN": one["queue"],
             "attributes": {"ApproximateReceiveCount": str(one["received"])}}
            for one in waiting
        ]  # fmt: skip
        ran = self._invoke(lambda: self.made.functions["timekeeper"].lambda_handler({"Records": records}, None))
        if ran.failed is None:
            assert ran.result == {"batchItemFailures": []}
            done = {one["id"] for one in waiting}
            self.made.queues.messages = [one for one in self.made.queues.messages if one["id"] not in done]

    def _invoke(self, request: Callable[[], Any]) -> Handler:
        handler = Handler(request, self.made.now)
        while not handler.done:
            self.calls += 1
            if self.calls in self.deadly:
                is_done = self.deadly[self.calls]
                handler.dies_before, handler.dies_after = not is_done, is_done
            if self.calls == self.cancels_at:
                self._cancel()
            handler.step()
        self.died += handler.failed == "died"
        return handler

    def _cancel(self) -> None:
        """Somebody cancels in the middle of another invocation, as another process would."""
        batches.cancel(ACCOUNT, self.answers[0].batch.batch_id, self.made.now)

    def wrongs(self) -> list[str]:
        """What doesn't hold in the end."""
        batch = self.answers[0].batch
        want = {batch.job_id(row) for row in batch.rows}
        queued = [json.loads(one["body"]) for one in self.made.queues.messages if one["queue"] not in TIMERS]
        first = Counter(body["pk"] for body in queued if not body.get("again"))
        checks = {
            "every accepted row is a job, and nothing else is": {pk for pk, _ in self.made.dynamodb.tables["jobs"]}
            == want,
            "all go": {body["pk"] for body in queued} == want,
            "and none twice": max(first.values(), default=0) <= 1,
            "nothing is left of the pieces": not self.made.pieces(),
            "one batch": sum(sk == "batch" for _, sk in self.made.dynamodb.tables["batches"]) == 1,
            "the same answer": len({(each.batch.batch_id, each.batch.rows) for each in self.answers}) == 1,
        }
        return [name for name, holds in checks.items() if not holds]


def course(many: Series[Many], order: BulkOrder, deadly: Mapping[int, bool] | None = None) -> Course:
    """A bulk request that has run to its end."""
    made = Course(many.begin(1), order, deadly or {})
    made.run()
    return made


@pytest.mark.parametrize("is_done", [False, True], ids=["before the call", "after the call"])
def test_a_raise_at_each_aws_call_in_turn_leaves_each_message_once(many: Series[Many], is_done: bool) -> None:
    order = order_of(35, "k")
    calm = course(many, order)
    assert calm.wrongs() == [] and calm.died == 0
    died = 0
    for deadly in range(1, calm.calls + 1):
        cut = course(many, order, {deadly: is_done})
        assert cut.wrongs() == [], f"killed at call {deadly} of {calm.calls}"
        died += cut.died
    assert died >= calm.calls * 9 // 10
    print(f"\n{calm.calls} calls, killed at each: each message once")


def test_a_thousand_rows_killed_and_repeated_are_exactly_their_jobs(many: Series[Many]) -> None:
    order = order_of(1_000, "k")
    calm = course(many, order)
    assert calm.wrongs() == [] and len(calm.answers[0].batch.rows) == len(calm.made.dynamodb.tables["jobs"])
    every = max(1, calm.calls // KILLS)
    for number, deadly in enumerate(range(1 + every // 2, calm.calls + 1, every)):
        cut = course(many, order, {deadly: number % 2 == 1})
        assert cut.died == 1 and cut.wrongs() == [], f"killed at call {deadly} of {calm.calls}"


def test_a_thousand_recipients_are_a_thousand_messages_however_often_it_is_killed(many: Series[Many]) -> None:
    order = order_of(1_000, "k", is_good=True)
    calm = course(many, order)
    for seed in range(max(1, KILLS // 3)):
        rng = random.Random(seed)
        places = rng.sample(range(1, calm.calls + 1), 5)
        cut = course(many, order, {place: rng.random() < 0.5 for place in places})
        assert cut.died == 5 and cut.wrongs() == [], f"seed {seed}, killed at calls {sorted(places)} of {calm.calls}"
        (kept,) = {len(each.made.dynamodb.tables["jobs"]) for each in (calm, cut)}
        queued = [one for one in cut.made.queues.messages if one["queue"] == "bulk.fifo"]
        assert (kept, len(cut.answers[0].batch.rows), len({one["body"] for one in queued})) == (1_000,) * 3


def test_a_cancel_at_each_step_of_the_worker_withdraws_every_message(many: Series[Many]) -> None:
    order = order_of(30, "k")
    calm = course(many, order)
    met: set[bool] = set()
    for place in range(1, calm.calls + 1):
        made = Course(many.begin(1), order, {})
        asked = made._invoke(lambda: bulk.accept_all(made.order, made.made.now))  # noqa: B023 - run at once
        made.answers.append(asked.result)
        made.cancels_at = made.calls + place
        made._pass_seconds(150)
        made.calls, made.cancels_at = 0, 0
        rows = made.made.dynamodb.tables["jobs"].values()
        batch = batches.read(ACCOUNT, made.answers[0].batch.batch_id, made.made.now)
        if batch.cancelled_at is None:
            break  # the worker had come to its end
        assert len(rows) == len(batch.rows), "each row is a job all the same"
        assert {row["status"] for row in rows} == {JobStatus.CANCELLED.value}, f"cancelled at call {place}"
        assert not made.made.pieces() and not made.made.dynamodb.tables["pool"]
        met.add(any(one["queue"] == "bulk.fifo" for one in made.made.queues.messages))
    assert met == {False, True}, "some were queued by then, and some not"

"""Messages that are to be sent later, over random schedules: each goes once, not before its time, and none is lost.

SMSKIT_SCHEDULES sets how many, SMSKIT_DUE how many are due in the one minute.
"""

from __future__ import annotations

import json
import os
from collections import Counter

import pytest

from smskit.dispatch.logic import schedules
from smskit.dispatch.store import jobs, schedule
from smskit.models.job import Job, JobStatus, Rank
from tests.model.chunks import chunks, name_of
from tests.model.events import ACCOUNT, TIMERS, VISIBILITY_MS
from tests.model.invocations import Handler
from tests.model.later import MINUTE_MS, TICK, Later
from tests.model.running import Runner
from tests.model.series import Series

DUE = int(os.environ.get("SMSKIT_DUE") or "300")


@pytest.fixture
def later(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> Series[Later]:
    """Random schedules of the kind."""
    return Series(runner, monkeypatch, Later)


@pytest.mark.parametrize("seeds", chunks(50), ids=name_of)
def test_each_goes_once_at_its_time_whoever_dies(later: Series[Later], seeds: range) -> None:
    later.run(seeds)
    assert not later.bad, later.say()
    assert len(seeds) < 50 or {"Cancelled", "DeadLetter"} < later.ended.keys(), later.ended


def test_all_that_is_due_in_one_minute_goes_and_none_twice(later: Series[Later]) -> None:
    made = later.begin(1)
    start = made.now + 5 * MINUTE_MS
    kept = {_keep(made, number, start).job_id for number in range(DUE)}
    told = _let_minutes_pass(made, 12)
    made.weather.is_calm = True
    told += _let_minutes_pass(made, 5)
    queued = [json.loads(message["body"]) for message in made.queues.messages if message["queue"] not in TIMERS]
    assert {body["pk"] for body in queued} == kept, "all go"
    # One that was queued once more says so, and the dispatcher looks whether it has it.
    first = Counter(body["pk"] for body in queued if not body.get("again"))
    assert max(first.values()) == 1, "and none twice"
    found = jobs.get_many(sorted(kept))
    assert {job.status for job in found.values()} == {JobStatus.PENDING}
    dues = {job.job_id: [entry.at for entry in job.timeline if entry.event == "due"] for job in found.values()}
    assert all(len(at) == 1 and at[0] >= found[job_id].created_at for job_id, at in dues.items())
    assert told["killed"] >= DUE // 100
    behind = sorted(at[0] - found[job_id].created_at for job_id, at in dues.items())
    print(f"\n{DUE} jobs due in one minute, {told['killed']} of {told['runs']} runs killed: half of them within "
          f"{behind[DUE // 2]} ms, the last {behind[-1]} ms behind its time")  # fmt: skip


def _keep(made: Later, number: int, start: int) -> Job:
    at = start + made.random.randrange(MINUTE_MS)
    job = Job(f"job_{number:020d}", ACCOUNT, "cli_0", f"+2547{number:08d}", "x", 1, number % 11, at, at + 86_400_000,
              status=JobStatus.SCHEDULED, rank=Rank.SCHEDULED, accepted_at=made.now)  # fmt: skip
    assert schedule.create(job)
    return job


def _let_minutes_pass(made: Later, minutes: int) -> Counter[str]:
    """The janitor once a minute, the timers as they come; until the calm each dies at any of its calls now and then."""
    told: Counter[str] = Counter()
    for second in range(minutes * 60):
        if second % 60 == 0:
            _run(made, "janitor", TICK, told)
        while waiting := [one for one in made.visible() if one["queue"] in TIMERS][:10]:
            for message in waiting:
                message["received"] += 1
                message["visible"] = made.now + VISIBILITY_MS
            records = [
                {"messageId": one["id"], "body": one["body"], "eventSourceARN": one["queue"],
                 "attributes": {"ApproximateReceiveCount": str(one["received"])}}
                for one in waiting
            ]  # fmt: skip
            ran = _run(made, "timekeeper", {"Records": records}, told)
            if ran.failed is None:
                again = {entry["itemIdentifier"] for entry in ran.result["batchItemFailures"]}
                done = {one["id"] for one in waiting} - again
                made.queues.messages = [one for one in made.queues.messages if one["id"] not in done]
        made.world.now += 1_000
    return told


def _run(made: Later, function: str, event: object, told: Counter[str]) -> Handler:
    handler = Handler(lambda: made.functions[function].lambda_handler(event, None), made.now)
    told["runs"] += 1
    while not handler.done:
        if not made.weather.is_calm and made.random.random() < 0.005:
            handler.dies_before, handler.dies_after = made.random.choice([(True, False), (False, True)])
        handler.step()
    told["killed"] += handler.failed == "died"
    return handler


@pytest.mark.parametrize("waiting", [10, 10 * DUE])
def test_a_round_of_the_janitor_costs_the_same_however_many_wait(
    later: Series[Later], monkeypatch: pytest.MonkeyPatch, waiting: int
) -> None:
    made = later.begin(1)
    for number in range(waiting):
        _keep(made, number, made.now + 86_400_000)
    calls: Counter[str] = Counter()
    plain = made.dynamodb.query

    def query(**arguments: object) -> object:
        calls["Query"] += 1
        return plain(**arguments)

    monkeypatch.setattr(made.dynamodb, "query", query)
    assert schedules.hand_over(made.now, made.now + MINUTE_MS) == 0
    assert calls == {"Query": schedule.SHARDS} and made.queues.count == 0

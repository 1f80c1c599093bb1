"""Usage figures: what each change of a job counts as, and that every record counts once, however it comes again."""

from __future__ import annotations

import random
import zoneinfo
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from smskit import aws as smskit_aws
from smskit.dispatch.store.job_items import job_item
from smskit.models.job import Job, JobError, JobStatus, Rank
from smskit.platform import table, zones
from smskit.platform.codec import encode_item
from smskit.platform.ids import new_id
from smskit.usage import logic as usage
from smskit.usage import store as usage_store
from smskit.usage.figures import SLOT_MS, Figures
from tests.support import functions
from tests.support.aws import Cloud
from tests.support.meter import Meter

NOON = 1_782_208_800_000 + 7_200_000  # 2026-06-23T12:00:00Z
DAY = date(2026, 6, 23)
ACCOUNTS = ("acc_7H2K9M4P1Q6R3T8V5W0X", "acc_0000000000000000000A")
Record = dict[str, Any]


@pytest.fixture(autouse=True)
def _clock(cloud: Cloud) -> Iterator[None]:
    with time_machine.travel("2026-06-23T12:00:00Z", tick=False):
        yield


class Shard:
    """A stretch of the stream: records in order, with numbers that grow."""

    def __init__(self, name: str, first: int = 100_000_000_000_000_000_000) -> None:
        self.name, self.number = name, first
        self.records: list[Record] = []

    def add(self, old: Job | None, new: Job | None, **more: Any) -> Record:
        self.number += random.randint(1, 10**12)
        change: Record = {"SequenceNumber": str(self.number)}
        if old is not None:
            change["OldImage"] = encode_item(job_item(old))
        if new is not None:
            change["NewImage"] = encode_item(job_item(new))
        name = "INSERT" if old is None else "REMOVE" if new is None else "MODIFY"
        self.records.append({"eventID": str(self.number), "eventName": name, "dynamodb": change} | more)
        return self.records[-1]

    def story(self, *states: Job) -> None:
        """The records of one job that goes through these states."""
        for old, new in zip((None, *states), states, strict=False):
            self.add(old, new)


def a_job(at: int = NOON, account: str = ACCOUNTS[0], **changes: Any) -> Job:
    job = Job(new_id("job", at), account, "cli_0", "+254712345678", "Hello", 2, 5, at, at + 86_400_000)
    return replace(job, **changes)


def sent(job: Job, at: int) -> Job:
    return replace(job, status=JobStatus.SENT, rank=Rank.SENT, sent_at=at, error=None, failed_at=None)


def delivered(job: Job, at: int) -> Job:
    return replace(job, status=JobStatus.DELIVERED, rank=Rank.DELIVERED, delivered_at=at, error=None, failed_at=None)


def ended(job: Job, at: int, status: JobStatus = JobStatus.FAILED) -> Job:
    return replace(job, status=status, failed_at=at, error=JobError("x", "y"))


def feed(shard: Shard, records: list[Record] | None = None) -> dict[str, Any]:
    batch = shard.records if records is None else records
    return functions.load("usage_counter").lambda_handler({"Records": batch, "shardId": shard.name}, None)


def figures(account: str = ACCOUNTS[0], day: date = DAY, zone: str = "UTC") -> Figures:
    return usage.by_day(account, day, day, zone)[0][1]


def test_a_jobs_way_is_counted() -> None:
    shard, job = Shard("one"), a_job()
    first = sent(job, NOON + 1000)
    shard.story(job, first, delivered(first, NOON + 2000))
    shard.story(other := a_job(), ended(other, NOON))
    shard.story(third := a_job(), ended(third, NOON, JobStatus.DEAD_LETTER))
    assert feed(shard) == {"state": {}, "batchItemFailures": []}
    assert figures() == Figures(accepted=3, segments=6, sent=1, delivered=1, failed=1, dead=1)
    assert figures(ACCOUNTS[1]) == Figures()


def test_a_guess_that_the_phone_corrects_is_taken_back_where_it_was_counted() -> None:
    shard, job = Shard("one"), a_job()
    guess = ended(job, NOON + 600_000)
    shard.story(job, guess, sent(guess, NOON + 86_400_000))
    feed(shard)
    assert figures() == Figures(accepted=1, segments=2)
    assert figures(day=date(2026, 6, 24)) == Figures(sent=1)


def test_a_sent_behind_its_delivered_counts_once() -> None:
    shard, job = Shard("one"), a_job()
    done = delivered(job, NOON + 5000)
    shard.story(job, done, replace(done, sent_at=NOON + 1000))
    feed(shard)
    assert figures() == Figures(accepted=1, segments=2, sent=1, delivered=1)


def test_what_leaves_by_age_or_by_request_stays_counted_and_what_was_taken_back_does_not() -> None:
    shard, kept, back = Shard("one"), a_job(), a_job()
    done = delivered(kept, NOON)
    shard.story(kept, done)
    shard.add(done, None)
    shard.add(None, back)
    shard.add(back, None, userIdentity={"type": "Service", "principalId": "dynamodb.amazonaws.com"})
    feed(shard)
    assert figures().accepted == 2
    shard.add(back, None)
    feed(shard, shard.records[-1:])
    assert figures() == Figures(accepted=1, segments=2, sent=1, delivered=1)


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", date(2026, 6, 23)), ("Africa/Nairobi", date(2026, 6, 24)), ("Asia/Kathmandu", date(2026, 6, 24)),
     ("America/New_York", date(2026, 6, 23)), ("Asia/Kolkata", date(2026, 6, 24))],
)  # fmt: skip
def test_days_are_those_of_the_accounts_time_zone(zone: str, day: date) -> None:
    shard = Shard("one")
    late = NOON + 10 * 3_600_000  # 22:00 UTC, the next day from +02:00 on
    shard.story(a_job(late))
    feed(shard)
    days = dict(usage.by_day(ACCOUNTS[0], date(2026, 6, 22), date(2026, 6, 25), zone))
    assert {at for at, counted in days.items() if counted.accepted} == {day}
    assert len(days) == 4


def test_a_day_of_25_hours_holds_all_of_them() -> None:
    shard = Shard("one")
    midnight = 1_792_879_200_000  # 2026-10-25T00:00 in Berlin
    for hour in range(26):
        shard.story(a_job(midnight + hour * 3_600_000))
    feed(shard)
    assert figures(day=date(2026, 10, 25), zone="Europe/Berlin").accepted == 25


def random_story(chance: random.Random, shard: Shard) -> None:
    job = a_job(NOON + chance.randint(-8, 8) * 3_600_000, chance.choice(ACCOUNTS), segments=chance.randint(1, 9))
    states = [job]
    for _ in range(chance.randint(0, 4)):
        last, at = states[-1], NOON + chance.randint(-8, 8) * 3_600_000
        step = chance.choice([sent, delivered, ended])
        states.append(step(last, at))
    shard.story(*states)


@pytest.mark.parametrize("seed", range(25))
def test_random_replays_with_other_borders_count_each_record_once(seed: int) -> None:
    """Batches of several shards side by side; each may come again from any place that its shard has passed, cut anew.

    A source never skips a record, and never goes on behind a batch that failed; that is all that is relied on.
    """
    chance = random.Random(seed)
    random.seed(seed)
    shards = [Shard(f"shard-{number}", 10 ** (19 + 4 * number)) for number in range(3)]
    for _ in range(20):
        random_story(chance, chance.choice(shards))
    done = dict.fromkeys([shard.name for shard in shards], 0)
    while any(done[shard.name] < len(shard.records) for shard in shards):
        shard = chance.choice(shards)
        if chance.random() < 0.4:
            done[shard.name] = chance.randint(0, done[shard.name])
        size = chance.randint(1, 12)
        batch = shard.records[done[shard.name] : done[shard.name] + size]
        for _ in range(chance.choice([1, 1, 2])):
            feed(shard, batch)
        done[shard.name] += len(batch)
    last: dict[str, Job] = {}
    for shard in shards:
        for record in shard.records:
            change = usage_change(record)
            last[change.job_id] = change
    for account in ACCOUNTS:
        wanted = sum((of_job(job) for job in last.values() if job.account_id == account), Figures())
        days = usage.by_day(account, date(2026, 6, 22), date(2026, 6, 25), "UTC")
        assert sum((counted for _, counted in days), Figures()) == wanted


def usage_change(record: Record) -> Job:
    from smskit.dispatch.store.job_items import job_of
    from smskit.platform.codec import decode_item

    return job_of(decode_item(record["dynamodb"]["NewImage"]))


def of_job(job: Job) -> Figures:
    """The figures of a job by its last state, written down a second time."""
    return Figures(
        accepted=1,
        segments=job.segments,
        sent=int(job.sent_at is not None or job.delivered_at is not None),
        delivered=int(job.delivered_at is not None),
        failed=int(job.status is JobStatus.FAILED),
        dead=int(job.status is JobStatus.DEAD_LETTER),
    )


def test_a_slow_run_that_is_still_going_counts_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its batch came again in two halves while it waited for its first write."""
    shard = Shard("one")
    for _ in range(6):
        shard.story(a_job())
    update = table.update

    def overtaken(*arguments: Any, **more: Any) -> Any:
        monkeypatch.setattr(table, "update", update)
        feed(shard, shard.records[:3])
        return update(*arguments, **more)

    monkeypatch.setattr(table, "update", overtaken)
    feed(shard)
    feed(shard, shard.records[3:])
    assert figures().accepted == 6


def test_what_could_not_be_counted_comes_again_and_the_rest_stays_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    shard = Shard("one")
    for number in range(8):
        shard.story(a_job(account=ACCOUNTS[number % 2]))
    count, failing = usage.usage_store.count, [True]

    def fails(account_id: str, *arguments: Any) -> None:
        if account_id == ACCOUNTS[1] and failing.pop():
            raise TimeoutError
        count(account_id, *arguments)

    monkeypatch.setattr(usage.usage_store, "count", fails)
    answer = feed(shard)
    assert answer["batchItemFailures"] == [{"itemIdentifier": shard.records[1]["dynamodb"]["SequenceNumber"]}]
    assert (figures(ACCOUNTS[0]).accepted, figures(ACCOUNTS[1]).accepted) == (4, 0)
    failing.append(False)
    assert feed(shard, shard.records[1:])["batchItemFailures"] == []
    assert (figures(ACCOUNTS[0]).accepted, figures(ACCOUNTS[1]).accepted) == (4, 4)


def test_a_record_that_nobody_can_read_stops_nothing() -> None:
    shard = Shard("one")
    shard.add(None, a_job())
    shard.records.append(
        {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "5", "NewImage": {"pk": {"S": "job_1"}}}}
    )
    assert feed(shard)["batchItemFailures"] == []
    assert figures().accepted == 1


def test_a_batch_of_an_account_is_one_write(cloud: Cloud) -> None:
    meter = Meter(smskit_aws.session())
    smskit_aws.client.cache_clear()
    shard = Shard("one")
    for _ in range(33):
        job = a_job()
        shard.story(job, sent(job, NOON + 1000), delivered(sent(job, NOON + 1000), NOON + 2000))
    feed(shard)
    assert dict(meter.requests) == {"dynamodb.UpdateItem": 1} and meter.wru == 1
    (item,) = cloud.items("usage")
    assert item["ttl"] > NOON // 1000 + 399 * 86_400


@pytest.fixture(params=[True, False], ids=["a machine with zones", "a machine without"])
def _machines_zones(request: pytest.FixtureRequest) -> Iterator[None]:
    def anew(path: list[str] | None) -> None:
        zoneinfo.reset_tzpath(path)
        zoneinfo.ZoneInfo.clear_cache()
        zones.find.cache_clear()

    anew(None if request.param else [])
    yield
    anew(None)


@pytest.mark.usefixtures("_machines_zones")
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Africa/Cairo", date(2026, 4, 24)),
        ("Africa/Cairo", date(2026, 10, 30)),
        ("America/Havana", date(2026, 3, 8)),
        ("America/Santiago", date(2026, 9, 6)),
        ("Asia/Beirut", date(2026, 3, 29)),
    ],
)
def test_every_quarter_around_a_clock_change_at_midnight_is_in_one_day(zone: str, day: date) -> None:
    noon = int(datetime.combine(day, time(12), UTC).timestamp() * 1000) // SLOT_MS
    for slot in range(noon - 96, noon + 96):
        usage_store.count(ACCOUNTS[0], usage_store.block_of(slot), "one", [(slot, {(slot, "accepted"): 1})])
    days = [day + timedelta(days=number) for number in range(-3, 4)]
    alone = [figures(day=day, zone=zone).accepted for day in days]
    assert sum(alone) == 192
    assert alone == [counted.accepted for _, counted in usage.by_day(ACCOUNTS[0], days[0], days[-1], zone)]


def test_a_months_figures_are_one_query() -> None:
    shard = Shard("one")
    for day in range(31):
        shard.story(a_job(NOON + day * 86_400_000))
    feed(shard)
    meter = Meter(smskit_aws.session())
    smskit_aws.client.cache_clear()
    days = usage.by_day(ACCOUNTS[0], date(2026, 6, 23), date(2026, 7, 23), "UTC")
    assert [counted.accepted for _, counted in days] == [1] * 31
    assert dict(meter.requests) == {"dynamodb.Query": 1}


def hours(day: date = DAY, zone: str = "UTC", now: int = NOON) -> dict[str, Figures]:
    """What the hours of a day show, by when they begin in UTC."""
    shown = usage.by_hour(ACCOUNTS[0], day, zone, now)
    return {datetime.fromtimestamp(begin / 1000, UTC).strftime("%d %H:%M"): figures for begin, figures in shown}


def test_hours_of_today_end_with_the_present_one_and_add_up_to_the_day() -> None:
    shard = Shard("one")
    for at in (NOON - 13 * 3_600_000, NOON - 3_600_000, NOON - 1, NOON + 600_000):
        shard.story(job := a_job(at), sent(job, at))
    feed(shard)
    shown = hours(now=NOON + 900_000)
    assert list(shown) == [f"23 {hour:02d}:00" for hour in range(13)]
    assert {hour: figures.sent for hour, figures in shown.items() if figures.sent} == {"23 11:00": 2, "23 12:00": 1}
    assert sum(shown.values(), Figures()) == figures()
    assert list(hours(date(2026, 6, 22)))[-1] == "22 23:00" and list(hours(date(2026, 6, 24))) == []


@pytest.mark.parametrize(
    ("zone", "day", "first", "count"),
    [
        ("Africa/Nairobi", date(2026, 6, 22), "21 21:00", 24),
        ("Asia/Kathmandu", date(2026, 6, 22), "21 18:15", 24),
        ("Europe/Berlin", date(2026, 3, 29), "28 23:00", 23),
        ("Europe/Berlin", date(2025, 10, 26), "25 22:00", 25),
    ],
)
def test_hours_are_those_of_the_accounts_clock(zone: str, day: date, first: str, count: int) -> None:
    shown = list(hours(day, zone))
    assert (shown[0], len(shown)) == (first, count)

"""What a row of a bulk request costs until it is queued, beside a send: AWS requests and capacity units, counted.

And what counting its states costs: what many records tell of one batch shares its writes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
import time_machine

from smskit import aws
from smskit.dispatch.store.job_items import job_item
from smskit.models.job import JobStatus, Rank
from smskit.platform.codec import encode_item
from smskit.platform.times import now_ms
from smskit.sending.logic import batches
from smskit.sending.store import batch_pieces
from tests.support import aws as aws_support
from tests.support import bulk, functions
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.meter import Meter
from tests.support.world import World

WORDS = "x" * 140
ROWS = 1_000 if os.environ.get("SMSKIT_BENCHMARK") else 200


class Each(NamedTuple):
    """Of one message: write units, read units, requests."""

    wru: float
    rru: float
    requests: float


class Counted:
    """A client and its phone, whose requests are counted."""

    def __init__(self, cloud: Cloud, clock: time_machine.Coordinates) -> None:
        self.meter = Meter(aws.session())  # before any client is made: clients copy the session's hooks
        self.api = ClientApi(cloud, limit=10_000)
        self.world = World(cloud, clock, self.api.account_id)
        self.world.add_phone().connect()
        assert self.api.send().status == 202  # what a process remembers is known from here on
        self.meter.reset()

    def each(self, count: int, title: str) -> Each:
        """The figures of each of `count` messages, printed."""
        found = Each(self.meter.wru / count, self.meter.rru / count, sum(self.meter.requests.values()) / count)
        print(f"\n{title}: {found.wru:.2f} WRU, {found.rru:.2f} RRU, {found.requests:.2f} requests a message")
        for name, requests in sorted(self.meter.requests.items()):
            print(f"  {name:<40}{requests / count:8.3f}")
        self.meter.reset()
        return found

    def bulk(self, count: int) -> str:
        """A bulk request of messages of 160 characters; its batch."""
        rows = [{"recipient": bulk.number(row), "variables": {"n": f"{row:020d}"}} for row in range(count)]
        answer = bulk.send(self.api, rows, message=WORDS + "{n}")
        assert answer.status == 202
        return str(answer.body["batchId"])


@pytest.fixture
def counted(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    aws_support.one_call_at_a_time(monkeypatch)
    with time_machine.travel("2026-06-23T10:10:00Z", tick=False) as clock:
        yield Counted(cloud, clock)


def test_a_row_of_a_bulk_costs_little_more_than_a_write_of_its_job(counted: Counted) -> None:
    for number in range(5):
        assert counted.api.send(recipient=bulk.number(number), message=WORDS + "0" * 20).status == 202
    single = counted.each(5, "A send")
    counted.bulk(ROWS)
    asked = counted.each(ROWS, f"A row of a bulk of {ROWS}, in the request")
    counted.world.clock.shift(1)
    counted.world.pump("background")
    made = counted.each(ROWS, f"A row of a bulk of {ROWS}, behind it")
    assert asked.wru + made.wru <= single.wru + 0.6
    assert asked.rru + made.rru <= single.rru
    assert asked.requests < 0.06 and asked.requests + made.requests <= single.requests / 2


def test_a_bulk_of_few_costs_a_fixed_number_of_requests_in_its_request(counted: Counted) -> None:
    counted.bulk(1)
    one = counted.each(1, "A bulk of one, in the request").requests
    counted.bulk(100)
    assert counted.each(1, "A bulk of a hundred, in the request, as a whole").requests <= one + 1


def test_what_many_records_tell_of_a_batch_shares_its_writes(counted: Counted) -> None:
    batch = batches.read(counted.api.account_id, counted.bulk(1_000), now_ms())
    jobs = [job for piece in range(40) for job in batch_pieces.get(batch.batch_id, batch.attempt, piece)]
    records = []
    for number, job in enumerate(jobs):
        sent = replace(job, status=JobStatus.SENT, rank=Rank.SENT, sent_at=now_ms())
        images = {"OldImage": encode_item(job_item(job)), "NewImage": encode_item(job_item(sent))}
        records.append({"eventName": "MODIFY", "dynamodb": {"SequenceNumber": str(10**20 + number)} | images})
    counted.meter.reset()
    functions.load("usage_counter").lambda_handler({"Records": records, "shardId": "one"}, None)
    assert counted.each(1_000, "A state of a row, told with all others").wru < 0.05
    assert batches.counts(batch) == {JobStatus.SENT: 1_000}
    assert counted.each(1, "The counts of a batch of 1,000").requests == 1

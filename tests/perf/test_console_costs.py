"""What looking at many messages costs: requests counted, and the same on the first page as on the last. One batch read
of each is for the names of who wrote them.

1,000 messages, where a page holds 100 and a request reads 300; 5,000 with SMSKIT_BENCHMARK, as `make bench` does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from math import ceil
from urllib.parse import parse_qs

import pytest
import time_machine

from smskit import aws
from smskit.dispatch.store.job_items import job_item
from smskit.models.contact import conversation_id
from smskit.models.job import Job, JobStatus
from smskit.platform import table
from smskit.platform.ids import new_id
from tests.support import console
from tests.support.aws import Cloud
from tests.support.console import Console
from tests.support.meter import Meter

JOBS = 5_000 if os.environ.get("SMSKIT_BENCHMARK") else 1_000
PAGE, READ, LINES = 100, 300, 250
NOON = 1_782_216_000_000
CLIENT = "cli_" + "0" * 20
NUMBER, RARE = "+254712345678", "+254712345679"


class Counted:
    """Each request of the console with what it took: reads of the membership aside."""

    def __init__(self, home: Console, meter: Meter) -> None:
        self.home, self.meter = home, meter
        self.queries: list[int] = []
        self.batches: list[int] = []

    def get(self, path: str, query: str) -> object:
        self.meter.reset()
        answer = self.home.get(path, query)
        assert answer.status == 200, answer.text
        self.queries.append(self.meter.requests["dynamodb.Query"])
        self.batches.append(self.meter.requests["dynamodb.BatchGetItem"])
        assert self.meter.requests["dynamodb.Scan"] == 0
        return answer

    def show(self, title: str) -> None:
        each = [f"{sum(made)} {name} (at most {max(made)})" for name, made in
                (("queries", self.queries), ("batch reads", self.batches))]  # fmt: skip
        print(f"\n{title}: {len(self.queries)} requests, {', '.join(each)}, last page {self.meter.rru:.1f} RRU")


@pytest.fixture
def counted(cloud: Cloud) -> Iterator[Counted]:
    with time_machine.travel("2026-06-23T14:00:00Z", tick=False):
        home = console.owner()
        rows = []
        for number in range(JOBS):
            at, recipient = NOON + number, RARE if number % 500 == 0 else NUMBER
            status = JobStatus.FAILED if number % 1000 == 0 else JobStatus.DELIVERED
            thread = conversation_id(home.account_id, recipient)
            job = Job(new_id("job", at), home.account_id, CLIENT, recipient, f"Text {number}", 1, 0, at,
                      at + 86_400_000, status=status, rank=50, conversation_id=thread)  # fmt: skip
            rows.append(job_item(job))
        table.put_many("jobs", rows)
        meter = Meter(aws.session())
        aws.client.cache_clear()
        yield Counted(home, meter)


def in_steps(size: int) -> tuple[int, int]:
    """How many requests may take the messages, so many each: the last may be empty."""
    return ceil(JOBS / size), ceil(JOBS / size) + 1


def pages(counted: Counted, query: str) -> int:
    found, cursor = 0, ""
    while True:
        answer = counted.get("/console/messages", query + (f"&cursor={cursor}" if cursor else ""))
        found += len(answer.body["messages"])
        cursor = answer.body.get("cursor", "")
        if not cursor:
            return found


def test_the_list_and_its_filters(counted: Counted) -> None:
    assert pages(counted, "limit=100") == JOBS
    assert len(counted.queries) in in_steps(PAGE) and max(counted.queries) == 1 and max(counted.batches) == 2
    counted.show(f"{JOBS} messages, 100 a page")
    counted.queries.clear(), counted.batches.clear()
    assert pages(counted, "limit=100&status=Failed") == JOBS // 1000
    assert len(counted.queries) in in_steps(READ) and max(counted.queries) <= 3 and max(counted.batches) <= 4
    counted.show(f"{JOBS // 1000} of {JOBS} by status")
    counted.queries.clear(), counted.batches.clear()
    assert pages(counted, f"limit=100&number=%2B{RARE[1:]}") == JOBS // 500
    assert counted.queries == [1]
    counted.show(f"{JOBS // 500} of {JOBS} by number")
    counted.queries.clear(), counted.batches.clear()
    assert pages(counted, "limit=100&until=2026-06-23T12:00:00.099Z") == 100
    assert counted.queries[0] == 1 and len(counted.queries) <= 2
    counted.show(f"100 of {JOBS} by time")


def test_the_export(counted: Counted) -> None:
    query, lines = "", 0
    while True:
        answer = counted.get("/console/messages/export.csv", query)
        lines += answer.text.count("\r\n")
        link = answer.headers.get("link", "")
        if not link:
            break
        query = link.partition("?")[2].partition(">")[0]
        assert parse_qs(query)["cursor"]
    assert lines == JOBS + 1
    assert len(counted.queries) in in_steps(LINES) and max(counted.queries) <= 3 and max(counted.batches) <= 4
    counted.show(f"{JOBS} messages as CSV")

"""What an overview costs that stays open: ten minutes of it are counted, an hour with SMSKIT_BENCHMARK."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import time_machine

from smskit import aws
from smskit.dispatch.store.job_items import job_item
from smskit.models.job import Job, JobStatus
from smskit.platform import table
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support import open_overview
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.console import Console, person
from tests.support.meter import Meter
from tests.support.webhooks import Webhooks
from tests.support.world import World

# Dollars, us-east-1, of aws.amazon.com/api-gateway/pricing (HTTP API), /lambda/pricing and /dynamodb/pricing/on-demand.
# The time of an invocation costs about as much as the invocation (docs/deploy.md). CloudFront, which is before them,
# has ten million requests a month for nothing: twenty such pages.
REQUEST = (1.00 + 2 * 0.20) / 1e6
WRITE, READ = 0.625e-6, 0.125e-6
A_DAY = 0.05
MESSAGES, PHONES = 400, 8
MINUTES = 60 if os.environ.get("SMSKIT_BENCHMARK") else 10


@pytest.fixture
def hooks(cloud: Cloud) -> Iterator[Webhooks]:
    """An account with messages, phones and an endpoint, at noon."""
    with time_machine.travel("2026-06-23T12:00:00Z", tick=False) as clock:
        made = Webhooks(cloud, clock, ClientApi(cloud))
        made.api.post("/api/webhooks", {"url": "https://93.184.215.14/hooks", "events": ["sms:delivered"]})
        world = World(cloud, clock, made.account_id)
        for _ in range(PHONES):
            world.add_phone().connect()
        table.put_many("jobs", [_job(made.account_id, number) for number in range(MESSAGES)])
        yield made
        made.close()


def _job(account_id: str, number: int) -> dict[str, object]:
    at = now_ms() - number * 60_000
    status = JobStatus.FAILED if number % 100 == 0 else JobStatus.DELIVERED
    return job_item(Job(new_id("job", at), account_id, "cli_" + "0" * 20, "+254712345678", f"Text {number}", 1, 0, at,
                        at + 86_400_000, status=status, rank=50))  # fmt: skip


class Overview:
    """An open overview."""

    def __init__(self, home: Console) -> None:
        self.home = home
        self.requests = 0
        self.asked: set[str] = set()
        self.known: dict[str, str] = {}
        self.follows = open_overview.follows()

    def poll(self) -> None:
        """Ask whether anything changed, and fetch what has."""
        seen = self.get(open_overview.QUESTION, f"unnotedSeconds={open_overview.unnoted_seconds()}")
        changed = [part for part, value in seen.items() if self.known.get(part, value) != value]
        self.known = seen
        old = set().union(*(self.follows[part] for part in changed))
        self.asked |= old & set(open_overview.SHOWN)
        for name in old & set(open_overview.SHOWN):
            self.get(*open_overview.SHOWN[name])

    def get(self, path: str, query: str) -> dict[str, str]:
        self.requests += 1
        answer = self.home.get(path, query)
        assert answer.status == 200, answer.text
        return answer.body


@pytest.mark.parametrize("is_busy", [False, True], ids=["quiet", "busy"])
def test_an_open_overview_costs_less_than_five_cents_a_day(hooks: Webhooks, is_busy: bool) -> None:
    assert hooks.clock is not None
    meter = Meter(aws.session())
    aws.client.cache_clear()
    overview = Overview(Console(person("viewer", hooks.account_id)))
    overview.poll()
    overview.requests = 0
    meter.reset()
    pace = open_overview.pace_seconds()
    for poll in range(60 * MINUTES // pace):
        if is_busy and poll % (60 // pace) == 0:
            hooks.fan_out([hooks.delivered()])
        hooks.clock.shift(pace)
        overview.poll()
    for _ in range(MINUTES // 10):  # and as often a message fails
        for asked in open_overview.SELDOM.values():
            overview.get(*asked)
    day = 24 * 60 / MINUTES * (overview.requests * REQUEST + meter.rru * READ + meter.wru * WRITE)
    counted = f"{overview.requests} requests, {meter.rru:.0f} RRU, {meter.wru:.0f} WRU"
    print(f"\n{MINUTES} minutes of an open overview: {counted}; ${day:.3f} a day")
    assert overview.asked == set(open_overview.SHOWN), "all that it shows stays fresh"
    assert day < A_DAY

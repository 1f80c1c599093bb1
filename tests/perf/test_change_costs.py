"""What a page costs that stays open: counted for an hour of polls, one every three seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from smskit import aws
from tests.support import console
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.meter import Meter
from tests.support.webhooks import Webhooks

EVERY, POLLS = 3, 1200
WRITE, READ = 0.625e-6, 0.125e-6  # dollars a unit, us-east-1


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        yield clock


def test_an_hour_of_a_quiet_account(cloud: Cloud, clock: time_machine.Coordinates) -> None:
    meter = Meter(aws.session())
    aws.client.cache_clear()
    viewer = console.owner()
    asked, seen = 0, ""
    meter.reset()
    for _ in range(POLLS):
        answer = viewer.get("/console/changes").body["messages"]
        asked += answer != seen
        seen = answer
        clock.shift(EVERY)
    print(f"\n{POLLS} polls: {dict(meter.requests)}, {meter.rru} RRU, {meter.wru} WRU, {asked} times changed")
    # One read of the membership, as with each request of the console, and one of what has changed.
    assert meter.requests["dynamodb.GetItem"] == 2 * POLLS and meter.rru <= 1.5 * POLLS
    assert meter.wru <= 2 * POLLS * EVERY / 150 + 2
    assert asked <= POLLS * EVERY / 30 + 3
    assert 24 * (meter.rru * READ + meter.wru * WRITE) < 0.01


def test_a_busy_account_is_noted_once_in_two_seconds(cloud: Cloud, clock: time_machine.Coordinates) -> None:
    meter = Meter(aws.session())
    aws.client.cache_clear()
    hooks = Webhooks(cloud, clock, ClientApi(cloud))
    page = Console(console.person("viewer", hooks.account_id))
    page.get("/console/changes")
    meter.reset()
    for _ in range(100):
        hooks.fan_out([hooks.delivered()])
        clock.shift(0.1)
    assert meter.requests["dynamodb.UpdateItem"] == 5, "ten seconds"
    assert meter.requests["dynamodb.Query"] == 100, "the endpoints, which are read with each batch anyway"
    hooks.close()

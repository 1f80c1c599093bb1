"""What a list of endpoints costs: it grows with those that something waits for or that miss something, not with how
many there are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from smskit import aws
from tests.support.aws import Cloud
from tests.support.hooks import Hook
from tests.support.meter import Meter
from tests.support.webhooks import Webhooks, on_a_still_clock


@pytest.fixture
def hooks(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhooks]:
    with on_a_still_clock(cloud, monkeypatch) as made:
        yield made


def queries_of_a_list(hooks: Webhooks, meter: Meter) -> int:
    meter.reset()
    answer = hooks.api.get("/api/webhooks")
    assert len(answer.body["webhooks"]) == 20
    print(f"20 endpoints: {dict(meter.requests)}, {meter.rru:.1f} RRU")
    return meter.requests["dynamodb.Query"]


def register(hooks: Webhooks, number: int, event: str) -> tuple[Hook, str]:
    hook, webhook_id, _ = hooks.hook(event, *(["sms:sent"] if number % 2 else []))
    return hook, webhook_id


def test_a_list_of_twenty_endpoints_asks_once_and_once_more_for_each_that_misses_something(hooks: Webhooks) -> None:
    sick, _ = register(hooks, 0, "sms:delivered")
    poisoned, poisoned_id = register(hooks, 1, "sms:failed")
    for number in range(18):
        register(hooks, number, "sms:received")
    meter = Meter(aws.session())
    aws.client.cache_clear()
    assert queries_of_a_list(hooks, meter) == 1

    # One is down and comes back, which leaves it as cheap as it was.
    sick.rule = 500
    hooks.happen()
    assert queries_of_a_list(hooks, meter) == 2
    sick.rule = 200
    hooks.recover()
    assert queries_of_a_list(hooks, meter) == 1

    # One is Active while an event that it refuses is set aside, until its tries are used up.
    poisoned.rule = lambda call: 200 if call.payload["event"] == "ping" else 400
    hooks.fan_out([hooks.failed()])
    hooks.send()
    seen = []

    def look(_: int) -> None:
        seen.append((hooks.get(poisoned_id)["status"], queries_of_a_list(hooks, meter)))

    hooks.recover(on_wait=look)
    assert set(seen) == {("Recovering", 2), ("Active", 2)}
    assert queries_of_a_list(hooks, meter) == 1

    # One is given up.
    poisoned.rule = 410
    hooks.fan_out([hooks.failed()])
    hooks.send()
    assert hooks.status(poisoned_id) == "Suspended"
    assert queries_of_a_list(hooks, meter) == 2, "what it misses is counted"

"""An endpoint that hangs holds up nobody else."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support import aws
from tests.support.aws import Cloud
from tests.support.hooks import Answer, Call
from tests.support.webhooks import Webhooks


@pytest.fixture
def live(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Webhooks]:
    """Webhooks on a clock that runs."""
    monkeypatch.setenv("WEBHOOK_LOCAL", "true")
    aws.forget()
    aws.one_call_at_a_time(monkeypatch)
    made = Webhooks(cloud)
    yield made
    made.close()


def test_while_one_endpoint_hangs_the_same_process_serves_the_others(live: Webhooks) -> None:
    """One sender, no other: every message behind the hanging one is taken and sent meanwhile."""
    released = threading.Event()

    def hang(call: Call) -> Answer:
        released.wait(10)
        return 200

    sick, sick_id, _ = live.hook("sms:delivered", rule=hang)
    healthy, healthy_id, _ = live.hook("sms:delivered")
    live.fan_out([live.delivered() for _ in range(20)])
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        sender = pool.submit(live.hand_over, live.receive())
        while len(healthy.taken) < 20 and time.monotonic() - began < 8:
            time.sleep(0.02)
        took = time.monotonic() - began
        released.set()
        assert sender.result() == []
    live.send()
    assert len(healthy.taken) == 20, "while the sick endpoint was still hanging"
    assert took < 5
    assert live.statuses(healthy_id) == ["Delivered"] * 20
    assert live.statuses(sick_id) == ["Delivered"] * 20
    assert len(sick.taken) == 20

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
    arrived = threading.Semaphore(0)

    def note(call: Call) -> Answer:
        arrived.release()
        return 200

    _, healthy_id, _ = live.hook("sms:delivered", rule=note)
    live.fan_out([live.delivered() for _ in range(20)])
    with ThreadPoolExecutor(1) as pool:
        deadline = time.monotonic() + 8  # the sick endpoint hangs for longer
        sender = pool.submit(live.hand_over, live.receive())
        served = [arrived.acquire(timeout=max(0, deadline - time.monotonic())) for _ in range(20)]
        released.set()
        assert sender.result() == []
    live.send()
    assert all(served), "while the sick endpoint was still hanging"
    assert live.statuses(healthy_id) == ["Delivered"] * 20
    assert live.statuses(sick_id) == ["Delivered"] * 20
    assert len(sick.taken) == 20

"""The feed's promise over random schedules: nothing missed, nothing repeated, one order for all readers.

SMSKIT_SCHEDULES sets how many schedules, SMSKIT_SEED where to begin.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from smskit import aws, settings
from smskit.inbox.logic import feed, receive
from smskit.platform import times
from tests.model.chunks import chunks, name_of
from tests.model.feed_schedules import FeedSchedule


@pytest.fixture
def schedule_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], FeedSchedule]:
    for name in ("devices", "jobs", "pool", "accounts", "contacts", "messages"):
        monkeypatch.setenv(f"TABLE_{name.upper()}", name)
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "model")
    monkeypatch.setenv("LOG_LEVEL", "CRITICAL")
    settings.forget()
    monkeypatch.setattr(receive, "time", SimpleNamespace(sleep=lambda seconds: None))

    def make(seed: int) -> FeedSchedule:
        schedule = FeedSchedule(seed)
        monkeypatch.setattr(times, "time", SimpleNamespace(time_ns=lambda: schedule.clock() * 1_000_000))
        monkeypatch.setattr(aws, "client", lambda *_: schedule.gate)
        schedule.prepare()
        return schedule

    return make


def check(schedule: FeedSchedule, seed: int) -> None:
    sent = sorted(line["content"] for writer in schedule.writers for frame in writer.frames for line in frame)
    for reader in schedule.readers:
        assert sorted(reader.seen) == sent, f"seed {seed}: missed or repeated"
        assert reader.seen == schedule.readers[0].seen, f"seed {seed}: two orders"
    unread = sum(item.get("unread", 0) for item in schedule.dynamodb.tables["contacts"].values())
    assert unread == len(sent), f"seed {seed}: contacts counted {unread} of {len(sent)}"


@pytest.mark.parametrize("seeds", chunks(300), ids=name_of)
def test_nothing_is_missed_or_repeated_and_all_readers_see_one_order(
    schedule_of: Callable[[int], FeedSchedule], seeds: range
) -> None:
    waits = 0
    for seed in seeds:
        schedule = schedule_of(seed)
        schedule.weather(250)
        schedule.calm()
        check(schedule, seed)
        waits += sum("closed" in item for item in schedule.dynamodb.tables["messages"].values())
    assert waits > 0 or len(seeds) < 50, "the schedules never left a number empty"


@pytest.mark.parametrize("broken", ["passes gaps", "closes without looking"])
def test_the_schedules_find_a_reader_that_is_wrong(
    schedule_of: Callable[[int], FeedSchedule], monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """The proof is worth something only if it fails without each rule."""
    if broken == "passes gaps":
        monkeypatch.setattr(feed, "_pass_gap", lambda walk, entry: None)
    else:
        original = feed.inbound_messages.close

        def blind(account_id: str, seq: int, previous_at: int, now: int) -> Any:
            found = original(account_id, seq, previous_at, now)
            return type(found)(found.seq, found.previous_at, None)

        monkeypatch.setattr(feed.inbound_messages, "close", blind)

    def run_all() -> None:
        for seed in range(1, 301):
            schedule = schedule_of(seed)
            schedule.weather(250)
            schedule.calm()
            check(schedule, seed)

    with pytest.raises(AssertionError, match=r"missed or repeated|two orders"):
        run_all()

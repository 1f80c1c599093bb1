"""What waits goes out once an endpoint takes events again: side by side, in order, and nothing twice."""

from __future__ import annotations

from collections import Counter
from itertools import count
from threading import Barrier

import pytest

from smskit.webhooks.logic.recovery import suspension
from tests.support.hooks import Answer, Call, job_ids
from tests.support.webhooks import Webhooks

NUMBERS = [f"+2547123456{index:02}" for index in range(8)]


def happen_in_turn(hooks: Webhooks, events: int) -> dict[str, list[str]]:
    """Events of eight recipients, one after the other; each one's jobs in order."""
    happened: dict[str, list[str]] = {number: [] for number in NUMBERS}
    for index in range(events):
        job = hooks.job(recipient=NUMBERS[index % 8])
        happened[job.recipient].append(job.job_id)
        hooks.clock.shift(1)
        hooks.fan_out([hooks.delivered(job)])
        hooks.send()
    return happened


def test_events_of_one_recipient_stay_in_order_while_those_of_others_go_side_by_side(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook(rule=500)
    happened = happen_in_turn(hooks, 32)
    together = Barrier(8, timeout=30)
    arrived = count(1)

    def answer(_: Call) -> int:
        # The probe takes the first; then a whole wave must be on its way before any of it is answered.
        if 1 < next(arrived) <= 9:
            together.wait()
        return 200

    hook.rule = answer
    hooks.recover()
    taken = hook.events("sms:delivered")
    assert len(taken) == 32 and not together.broken
    for number in NUMBERS:
        assert [event["jobId"] for event in taken if event["recipient"] == number] == happened[number]


@pytest.mark.parametrize("older", [200, 503])
def test_410_in_the_middle_of_a_wave_suspends_and_each_of_the_wave_is_in_the_log_once(
    hooks: Webhooks, older: int
) -> None:
    """Also where an older one of the wave has failed: that alone would only end the walk."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    happened = happen_in_turn(hooks, 24)
    before = len(hook.calls)
    together = Barrier(8, timeout=30)
    arrived = count(1)

    answers: dict[str, Answer] = {NUMBERS[2]: (older, {"Retry-After": "20"}), NUMBERS[4]: 410}

    def answer(call: Call) -> Answer:
        # The probe takes the oldest; of the wave behind it, whose eight are on their way at once, one is told to go.
        if 1 < next(arrived) <= 9:
            together.wait()
            return answers.get(call.payload["recipient"], 200)
        return 200

    hook.rule = answer
    hooks.recover()

    assert hooks.get(webhook_id)["suspendedReason"] == suspension.GONE_REASON
    sent = hook.calls[before:]
    assert len(sent) == 9 and not together.broken, "nobody is asked any more behind the 410"
    assert max(Counter(call.event_id for call in sent).values()) == 1
    for number in NUMBERS:
        taken = [event["jobId"] for event in hook.events("sms:delivered") if event["recipient"] == number]
        assert taken == happened[number][: len(taken)], "in order"
    by_event = {entry["eventId"]: entry for entry in hooks.log(webhook_id)}
    for call in sent:
        entry = by_event[call.event_id]
        status = {NUMBERS[2]: older, NUMBERS[4]: 410}.get(call.payload["recipient"], 200)
        assert entry["attempts"][-1]["status"] == status
        assert entry["status"] == ("Delivered" if status == 200 else "Skipped")
    delivered = 8 if older == 200 else 7
    assert Counter(hooks.statuses(webhook_id)) == {"Delivered": delivered, "Skipped": 24 - delivered}


def test_nobody_is_asked_behind_a_410_that_an_event_gets_at_its_second_try(hooks: Webhooks) -> None:
    """Refused twice, any other event would be held while those behind it are tried."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(12)
    before, asked = len(hook.calls), count()
    hook.rule = lambda _: dict(enumerate((200, 500, 410))).get(next(asked), 200)
    hooks.recover()
    assert hooks.get(webhook_id)["suspendedReason"] == suspension.GONE_REASON
    assert len(hook.calls) - before == 3


def test_a_burst_over_a_sporadic_failure_is_drained_without_a_wait_for_each(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(100)
    hook.rule = lambda call: 500 if len(hook.calls) % 3 == 0 else 200
    played = hooks.recover()
    assert hooks.statuses(webhook_id) == ["Delivered"] * 100
    assert len([wait for wait in played.waits if wait]) <= 2


def test_an_endpoint_that_goes_down_during_the_drain_is_waited_for_again(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    happened = hooks.happen(40)
    hook.rule = lambda call: 200 if len(hook.taken) < 20 else 503

    def come_back(wait: int) -> None:
        if wait == 5:
            hook.rule = 200

    played = hooks.recover(on_wait=come_back)
    assert job_ids(hook) == happened
    assert 5 <= played.waits[1] <= 10, "from the first step"
    assert hooks.status(webhook_id) == "Active"

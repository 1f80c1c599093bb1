"""Events that are refused, or get no answer, while others are taken."""

from __future__ import annotations

import pytest

from smskit.webhooks.logic.recovery import drain, retry_schedule
from smskit.webhooks.store import deliveries
from tests.support.hooks import Answer, Call, job_ids
from tests.support.webhooks import Webhooks


def test_a_poison_event_holds_up_nobody_and_fails_after_its_tries(hooks: Webhooks) -> None:
    poison: list[str] = []
    hook, webhook_id, _ = hooks.hook()

    def refuse(call: Call) -> Answer:
        return 500 if call.payload.get("jobId") in poison else 200

    hook.rule = refuse
    good = hooks.happen(10)
    first = hooks.job()
    poison.append(first.job_id)
    hooks.fan_out([hooks.delivered(first)])
    hooks.send()
    hooks.clock.shift(1)
    good += hooks.happen(90)

    def look(wait: int) -> None:
        if wait == 2:
            taken = job_ids(hook)
            assert sorted(taken) == sorted(good), "all others are through after the first wait"
            assert taken[10:] == good[10:], "and those that waited in order"
            assert hooks.status(webhook_id) == "Active"

    played = hooks.recover(on_wait=look)

    tried = [call for call in hook.calls if call.payload.get("jobId") == first.job_id]
    assert len(tried) == 11
    assert sorted(hooks.statuses(webhook_id)) == ["Delivered"] * 100 + ["Failed"]
    assert hooks.status(webhook_id) == "Active"
    assert len(hooks.executions()) == 1
    assert played.waits[1] <= 30 and played.waits[-1] <= 36_000 and len(played.waits) == 10
    assert deliveries.line(webhook_id, 10, deliveries.LINE) == []


def test_a_poison_event_with_nobody_behind_it_is_told_from_an_outage_by_a_ping(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=lambda call: 200 if call.payload["event"] == "ping" else 400)
    hooks.happen()
    hooks.recover()
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Failed"]
    assert len(hook.events("ping")) == 1


@pytest.mark.parametrize(("bad", "good"), [(2, 0), (4, 0), (5, 20), (7, 3)])
def test_no_number_of_poison_events_suspends_an_endpoint_that_takes_others(
    hooks: Webhooks, bad: int, good: int
) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    poison, wanted = hooks.happen(bad), hooks.happen(good)
    hook.rule = lambda call: 500 if call.payload.get("jobId") in poison else 200
    hooks.recover()
    assert hooks.status(webhook_id) == "Active"
    assert job_ids(hook) == wanted
    assert hooks.statuses(webhook_id) == ["Failed"] * bad + ["Delivered"] * good


def test_an_event_that_gets_no_answer_holds_up_nobody_either(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    (bad,) = hooks.happen()
    good = hooks.happen(20)
    hook.rule = lambda call: None if call.payload.get("jobId") == bad else 200
    played = hooks.recover()
    assert hooks.status(webhook_id) == "Active"
    assert hooks.statuses(webhook_id) == ["Failed"] + ["Delivered"] * 20
    assert job_ids(hook) == good
    assert len(hook.events("ping")) == 1
    assert played.waits[1] <= 30, "after two failures without an answer"


def test_an_endpoint_that_answers_nothing_gets_the_oldest_event_and_a_ping_in_a_probe(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=None)
    (first, *_) = hooks.happen(5)
    before = len(hook.calls)
    hooks.recover()
    assert hooks.status(webhook_id) == "Suspended"
    probed = [call.payload.get("jobId") for call in hook.calls[before:]]
    assert probed.count(first) > 40
    assert probed.count(None) in (probed.count(first), probed.count(first) - 1)
    assert set(probed) == {first, None}


def test_an_event_that_stands_aside_needs_nothing_when_it_happens_again_or_is_replayed(hooks: Webhooks) -> None:
    poison: list[str] = []
    hook, webhook_id, _ = hooks.hook(rule=lambda call: 500 if call.payload.get("jobId") in poison else 200)
    bad = hooks.job()
    poison.append(bad.job_id)
    record = hooks.delivered(bad)
    hooks.fan_out([record])
    hooks.send()
    seen = []

    def repeat(wait: int) -> None:
        if wait == 2:
            assert hooks.status(webhook_id) == "Active"
            (entry,) = [entry for entry in hooks.log(webhook_id) if entry["event"] != "ping"]
            hooks.fan_out([record])
            hooks.api.post(f"/api/webhooks/{webhook_id}/deliveries/{entry['deliveryId']}/replay")
            hooks.send()
            seen.append(hooks.status(webhook_id))

    hooks.recover(on_wait=repeat)
    assert seen == ["Active"]
    assert list(hooks.executions()) == [f"{webhook_id}-1"]
    assert hooks.statuses(webhook_id) == ["Failed"]
    assert len([call for call in hook.calls if call.payload.get("jobId") == bad.job_id]) == 11


def test_a_ping_that_is_refused_too_leaves_the_endpoint_on_its_way_to_suspended(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    hooks.happen(7)
    played = hooks.recover()
    assert hooks.status(webhook_id) == "Suspended"
    pings = [call for call in hook.calls if call.payload["event"] == "ping"]
    assert len(pings) == len(played.waits), "one in each probe"


def test_several_poison_events_in_a_row(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    bad = hooks.happen(3)
    good = hooks.happen(5)
    hook.rule = lambda call: 422 if call.payload.get("jobId") in bad else 200
    hooks.recover()
    assert job_ids(hook) == good
    assert hooks.statuses(webhook_id) == ["Failed"] * 3 + ["Delivered"] * 5


def test_a_poison_event_that_is_taken_in_the_end_is_delivered(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook(rule=500)
    (bad,) = hooks.happen()
    hooks.happen(3)
    refused = [bad]
    hook.rule = lambda call: 500 if call.payload.get("jobId") in refused else 200

    def mend(wait: int) -> None:
        if wait == 4:
            refused.clear()

    hooks.recover(on_wait=mend)
    assert hooks.statuses(webhook_id) == ["Delivered"] * 4
    assert job_ids(hook)[-1] == bad


def test_what_waits_is_told_while_the_endpoint_is_active_and_probes_are_marked(hooks: Webhooks) -> None:
    _hook, webhook_id, _ = hooks.hook(rule=lambda call: 200 if call.payload["event"] == "ping" else 400)
    hooks.happen()
    (entry,) = hooks.log(webhook_id)
    seen = []

    def look(wait: int) -> None:
        if wait == 2:
            seen.append(hooks.get(webhook_id))

    hooks.recover(on_wait=look)
    (shown,) = seen
    assert (shown["status"], shown["backlog"], shown["oldestWaitingAt"]) == ("Active", 1, entry["occurredAt"])
    assert shown["nextAttemptAt"] > shown["oldestWaitingAt"]
    after = hooks.get(webhook_id)
    assert after["backlog"] == 0 and "oldestWaitingAt" not in after and "nextAttemptAt" not in after
    assert [(line["event"], line.get("probe")) for line in hooks.log(webhook_id)] == [
        ("ping", True), ("sms:delivered", None),
    ]  # fmt: skip
    page = hooks.api.get(f"/api/webhooks/{webhook_id}/deliveries", query="probes=false").body
    assert [line["event"] for line in page["deliveries"]] == ["sms:delivered"]


def test_what_one_outage_set_aside_is_still_told_when_a_later_one_is_over(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook()
    poison = hooks.job()

    def refuse(call: Call) -> Answer:
        return 400 if call.payload.get("jobId") == poison.job_id else 200

    hook.rule = refuse
    hooks.fan_out([hooks.delivered(poison)])
    hooks.send()
    seen = []

    def fail_again(wait: int) -> None:
        if wait == 2:
            hook.rule = 500
            hooks.happen(2)
            hook.rule = refuse
            hooks.recover(name=f"{webhook_id}-2")
            seen.append(hooks.get(webhook_id))

    hooks.recover(on_wait=fail_again)
    (shown,) = seen
    assert (shown["status"], shown["backlog"]) == ("Active", 1) and shown["nextAttemptAt"]
    assert hooks.statuses(webhook_id) == ["Failed", "Delivered", "Delivered"]
    assert hooks.get(webhook_id)["backlog"] == 0


def test_what_failed_as_the_head_of_a_long_outage_does_not_count_once_the_endpoint_takes_others(
    hooks: Webhooks,
) -> None:
    """It has all its own tries before it: as the head of the line it failed as often as the endpoint was probed."""
    hook, webhook_id, _ = hooks.hook(rule=500)
    (bad,) = hooks.happen()
    good = hooks.happen(3)
    tried: list[int] = []

    def come_back(wait: int) -> None:
        if wait == 30:
            tried.append(len([call for call in hook.calls if call.payload.get("jobId") == bad]))
            hook.rule = lambda call: 500 if call.payload.get("jobId") == bad else 200
        if wait == 31:
            assert hooks.status(webhook_id) == "Active"
            assert hooks.statuses(webhook_id) == ["Waiting"] + ["Delivered"] * 3

    hooks.recover(on_wait=come_back)

    assert job_ids(hook) == good
    assert tried[0] > retry_schedule.MAX_TRIES
    own = len([call for call in hook.calls if call.payload.get("jobId") == bad]) - tried[0] - 1
    assert own == retry_schedule.MAX_TRIES - drain.FAILURES, "behind the probe that let it step aside"
    assert hooks.statuses(webhook_id)[0] == "Failed"

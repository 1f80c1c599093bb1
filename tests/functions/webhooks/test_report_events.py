"""What phones report, late, out of order or with a wrong clock, and what webhooks are told of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from smskit.entrypoints import event_fanout
from smskit.models.job import Job, JobStatus, Rank
from smskit.webhooks.logic import events
from tests.support.hooks import Hook
from tests.support.webhooks import Webhooks
from tests.support.world import World


class Reporter:
    """A phone that holds a job, and an endpoint that hears what it reports. The job is assigned at 10:00:05."""

    def __init__(self, hooks: Webhooks) -> None:
        assert hooks.clock is not None
        self.hooks, self.clock = hooks, hooks.clock
        self.world = World(hooks.cloud, hooks.clock, hooks.account_id)
        hook, webhook_id, _ = hooks.hook("sms:sent", "sms:delivered", "sms:failed")
        self.hook: Hook = hook
        self.webhook_id = webhook_id
        self.phone = self.world.add_phone()
        self.phone.connect()
        self.job, self.offer = self.take()

    def take(self) -> tuple[Job, dict[str, Any]]:
        """A job that the phone claims five seconds after it was made."""
        job = self.world.job()
        self.world.pump()
        (offer,) = self.phone.take_offers()
        self.clock.shift(5)
        assert self.phone.claim(offer)[0]["verdict"] == "go"
        return job, offer

    def report(self, *reports: tuple[str, str], error: str | None = None) -> None:
        """One frame of reports: state and the phone's time."""
        self.phone.seq += 1
        about = {"jobId": self.offer["jobId"], "token": self.offer["token"]}
        more = {"error": {"code": error, "message": "as scripted"}} if error else {}
        items = [about | {"state": state, "at": at} | more for state, at in reports]
        assert self.phone.say({"type": "report", "seq": self.phone.seq, "items": items})["type"] == "ack"

    def tell(self, records: list[dict[str, Any]] | None = None) -> list[str]:
        """Hand over what the stream has; the names of all the events so far."""
        assert self.hooks.fan_out(self.hooks.stream() if records is None else records) == []
        self.hooks.send()
        return sorted(event["event"] for event in self.hook.events())

    def event(self, name: str) -> dict[str, Any]:
        (event,) = self.hook.events(name)
        return event


@pytest.fixture
def reporter(hooks: Webhooks) -> Iterator[Reporter]:
    yield Reporter(hooks)


def test_sent_is_told_also_when_its_report_is_handled_behind_delivered(reporter: Reporter) -> None:
    reporter.clock.shift(60)
    reporter.report(("Delivered", "2026-06-23T10:00:12Z"))
    reporter.clock.shift(1)
    reporter.report(("Sent", "2026-06-23T10:00:09Z"))
    records = reporter.hooks.stream()
    assert reporter.tell(records) == ["sms:delivered", "sms:sent"]
    sent = reporter.event("sms:sent")
    assert (sent["status"], sent["sentAt"]) == ("Sent", "2026-06-23T10:00:09Z")
    assert "deliveredAt" not in sent
    event_fanout.forget()
    assert reporter.tell(records) == ["sms:delivered", "sms:sent"], "a record that comes again is no other event"
    reporter.report(("Sent", "2026-06-23T10:00:10Z"))
    assert reporter.tell() == ["sms:delivered", "sms:sent"]


def test_sent_is_the_same_event_in_either_order(reporter: Reporter) -> None:
    """The id is of job and state alone."""
    job = replace(reporter.world.stored(reporter.job), sent_at=1_782_208_809_000)
    sent = replace(job, status=JobStatus.SENT, rank=Rank.SENT)
    delivered = replace(job, status=JobStatus.DELIVERED, rank=Rank.DELIVERED, delivered_at=1_782_208_812_000)
    in_order = events.job_changed(replace(job, sent_at=None), sent)
    behind = events.job_changed(replace(delivered, sent_at=None), delivered)
    assert in_order is not None and in_order == behind


WRONG = ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:00:00Z", "2026-06-23T10:00:04.999Z"]


@pytest.mark.parametrize("at", WRONG)
@pytest.mark.parametrize("state", ["Sent", "Delivered", "Failed", "Unknown"])
def test_what_is_dated_before_the_assignment_counts_as_said_then(reporter: Reporter, state: str, at: str) -> None:
    reporter.clock.shift(60)
    reporter.report((state, at), error="invalid_number" if state == "Failed" else None)
    job = reporter.world.stored(reporter.job)
    assert job.assigned_at == reporter.job.created_at + 5_000
    assert job.assigned_at in (job.sent_at, job.delivered_at, job.failed_at)
    name = {"Unknown": "sms:failed"}.get(state, f"sms:{state.lower()}")
    assert reporter.tell() == [name]
    assert "2026-06-23T10:00:05Z" in reporter.event(name).values()
    (entry,) = reporter.hooks.log(reporter.webhook_id)
    assert entry["status"] == "Delivered"


def test_a_sent_behind_its_delivered_is_no_older_than_the_assignment_either(reporter: Reporter) -> None:
    reporter.report(("Delivered", "0001-01-01T00:00:00Z"), ("Sent", "0001-01-01T00:00:00Z"))
    job = reporter.world.stored(reporter.job)
    assert job.sent_at == job.delivered_at == job.assigned_at


def test_what_is_dated_in_the_future_counts_as_said_now(reporter: Reporter) -> None:
    reporter.clock.shift(60)
    reporter.report(("Delivered", "9999-12-31T23:59:59Z"))
    reporter.tell()
    assert reporter.event("sms:delivered")["deliveredAt"] == "2026-06-23T10:01:05Z"


def test_a_job_that_failed_for_a_moment_goes_on_whatever_the_clock_says(reporter: Reporter) -> None:
    reporter.report(("Failed", "0001-01-01T00:00:00Z"), error="no_service")
    assert reporter.world.stored(reporter.job).status is JobStatus.PENDING


def test_a_repetition_with_a_wrong_clock_changes_nothing(reporter: Reporter) -> None:
    reporter.report(("Delivered", "2026-06-23T10:00:05Z"))
    before = reporter.world.stored(reporter.job)
    reporter.report(("Delivered", "0001-01-01T00:00:00Z"))
    assert reporter.world.stored(reporter.job) == before


def test_what_a_phone_reports_late_is_replayed_since_the_time_it_was_skipped(reporter: Reporter) -> None:
    reporter.hook.rule = 410
    reporter.clock.shift(7_200)
    reporter.hooks.happen(1)
    since = reporter.hooks.get(reporter.webhook_id)["suspendedAt"]
    reporter.clock.shift(60)
    reporter.report(("Delivered", "2026-06-23T10:00:20Z"))
    reporter.tell()
    assert reporter.hooks.statuses(reporter.webhook_id).count("Skipped") == 1
    reporter.hook.rule = 200
    path = f"/api/webhooks/{reporter.webhook_id}"
    for action, asked in (("enable", None), ("replay", {"since": since})):
        reporter.clock.shift(60)
        assert reporter.hooks.api.post(f"{path}/{action}", asked).status == 202
        reporter.hooks.send()
    told = [event for event in reporter.hook.events("sms:delivered") if event["jobId"] == reporter.job.job_id]
    assert [event["deliveredAt"] for event in told] == ["2026-06-23T10:00:20Z"], "its time is the phone's word"
    (entry,) = [entry for entry in reporter.hooks.log(reporter.webhook_id) if entry["eventId"] == told[0]["eventId"]]
    assert entry["status"] == "Delivered" and entry["occurredAt"] == "2026-06-23T12:01:06.001Z"


def test_sent_and_what_came_of_it_wait_in_order_also_when_one_frame_says_both(reporter: Reporter) -> None:
    reporter.hook.rule = 503
    reporter.hooks.happen(1)
    for _ in range(8):
        reporter.report(("Sent", "2026-06-23T10:00:05Z"), ("Delivered", "2026-06-23T10:00:05Z"))
        reporter.job, reporter.offer = reporter.take()
    assert reporter.hooks.fan_out(reporter.hooks.stream()) == []
    reporter.hooks.send()
    reporter.hook.rule = 200
    reporter.hooks.recover()
    assert [event["event"] for event in reporter.hook.events()][1:] == ["sms:sent", "sms:delivered"] * 8


def test_a_record_that_comes_again_has_its_place_in_the_log(reporter: Reporter) -> None:
    reporter.clock.shift(600)
    reporter.report(("Sent", "2026-06-23T10:00:09Z"), ("Delivered", "2026-06-23T10:00:12Z"))
    records = reporter.hooks.stream()
    reporter.tell(records)
    log = reporter.hooks.log(reporter.webhook_id)
    event_fanout.forget()
    reporter.clock.shift(600)
    reporter.tell(records)
    assert reporter.hooks.log(reporter.webhook_id) == log
    assert [entry["event"] for entry in log] == ["sms:delivered", "sms:sent"]

"""What phones report, late, out of order or with a wrong clock, and what webhooks are told of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from smskit.edge import changes
from smskit.logic import events
from smskit.models.job import Job, JobStatus, Rank
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
    changes.forget()
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

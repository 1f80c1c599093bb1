"""Every way to send in quiet hours: what senders and people write is held, what the gateway itself answers isn't."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.dispatch.store import jobs
from smskit.models.account_settings import QuietHours
from smskit.models.job import JobStatus
from tests.support import bulk, console
from tests.support.console import Console
from tests.support.http_events import Answer
from tests.support.inbox import ALICE, BOB, Inbox, sms
from tests.support.twilio import TwilioApi, job_id_of
from tests.support.world import FakeRadioPhone

END, HELD = "2026-06-23T12:00:00Z", {"status": "Scheduled", "sendAt": "2026-06-23T12:00:00Z", "quietHours": True}


@pytest.fixture
def phone(inbox: Inbox) -> FakeRadioPhone:
    """Online while it is quiet from 09:00 to 12:00; it is 10:00, and Alice has written."""
    made = inbox.phone()
    made.receive(sms())
    account_settings.change(inbox.account_id, SettingsChange(quiet_hours=(QuietHours(9 * 60, 12 * 60),)))
    return made


def offered(inbox: Inbox, phone: FakeRadioPhone) -> list[str]:
    inbox.world.pump()
    return [offer["message"] for offer in phone.take_offers()]


def agent(inbox: Inbox) -> Console:
    return Console(console.person("operator", inbox.account_id))


def written(inbox: Inbox, **changes: Any) -> dict[str, Any]:
    return {"recipient": ALICE, "message": "Good morning"} | changes


def reply(path: str) -> Callable[[Any, Inbox, dict[str, Any]], Answer]:
    """A reply to Alice by the API of a path."""

    def ask(by: Any, inbox: Inbox, changes: dict[str, Any]) -> Answer:
        answer: Answer = by.post(
            f"{path}/conversations/{inbox.conversation()['conversationId']}/reply",
            {"message": "Good morning"} | changes,
        )
        return answer

    return ask


WAYS: dict[str, Callable[[Inbox, dict[str, Any]], Answer]] = {
    "a send": lambda inbox, more: inbox.api.post("/api/sms/send", written(inbox) | more),
    "a reply": lambda inbox, more: reply("/api")(inbox.api, inbox, more),
    "a person's send": lambda inbox, more: agent(inbox).post("/console/messages", written(inbox) | more),
    "a person's reply": lambda inbox, more: reply("/console")(agent(inbox), inbox, more),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_is_held_to_their_end(inbox: Inbox, phone: FakeRadioPhone, way: str) -> None:
    answer = WAYS[way](inbox, {})
    assert answer.status == 202 and answer.body.items() >= HELD.items()
    later = WAYS[way](inbox, {"sendAt": "2026-06-24T09:00:00Z"})
    assert later.body["sendAt"] == "2026-06-24T12:00:00Z" and later.body["quietHours"] is True
    assert offered(inbox, phone) == []
    urgent = WAYS[way](inbox, {"priority": 9, "message": "Your code is 1"})
    assert urgent.body["status"] == "Pending" and "quietHours" not in urgent.body
    assert offered(inbox, phone) == ["Your code is 1"]


def test_a_batch_of_a_person_is_held(inbox: Inbox, phone: FakeRadioPhone) -> None:
    answer = agent(inbox).post("/console/batches", {"message": bulk.TEXT, "recipients": bulk.rows(2)})
    assert answer.status == 202, answer.body
    inbox.world.advance(5)
    assert {item["status"] for item in inbox.cloud.items("jobs")} == {JobStatus.SCHEDULED}
    assert offered(inbox, phone) == []


def test_what_programs_of_twilio_send_is_held(inbox: Inbox, phone: FakeRadioPhone) -> None:
    twilio = TwilioApi(inbox.api)
    message = twilio.sent()
    assert message["status"] == "scheduled"
    assert inbox.api.status(job_id_of(message)).body["sendAt"] == END
    assert offered(inbox, phone) == []


def test_what_is_answered_to_words_goes_out_at_once(inbox: Inbox, phone: FakeRadioPhone) -> None:
    account_settings.change(inbox.account_id, SettingsChange(help_text="Acme, +254 700 000 000"))
    for word in ("HELP", "STOP", "START"):
        phone.receive(sms(word, sender=BOB))
        assert len(offered(inbox, phone)) == 1, word
    found = [jobs.get(item["pk"]) for item in inbox.cloud.items("jobs")]
    assert [(job.recipient, job.is_held_quiet) for job in found if job is not None] == [(BOB, False)] * 3

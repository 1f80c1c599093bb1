"""Numbers without a leading plus are the account's own country's, wherever somebody writes one."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.dispatch.store import jobs
from tests.support import console
from tests.support.console import Console
from tests.support.inbox import Inbox, sms

LONDON, WRITTEN = "+447400123456", "07400 123456"


@pytest.fixture
def home(inbox: Inbox) -> Console:
    account_settings.change(inbox.account_id, SettingsChange(country="GB"))
    return Console(console.person("owner", inbox.account_id))


def test_what_is_sent_received_listed_and_opted_out_is_one_number(inbox: Inbox, home: Console) -> None:
    phone = inbox.phone()
    sent = inbox.api.send(recipient=WRITTEN)
    assert sent.status == 202
    job = jobs.get(sent.body["jobId"])
    assert job is not None and job.recipient == LONDON
    inbox.clock.shift(1)
    phone.receive(sms("Who is this?", "7400123456"))
    (conversation,) = inbox.conversations()["conversations"]
    assert conversation["number"] == LONDON
    assert len(inbox.thread_to_end(conversation["conversationId"])) == 2
    (looked_up,) = inbox.api.get("/api/conversations", query=f"number={quote(WRITTEN)}").body["conversations"]
    assert looked_up == conversation
    inbox.clock.shift(1)
    phone.receive(sms("STOP", "447400123456"))
    assert inbox.api.send(recipient=LONDON).slug == inbox.api.send(recipient=WRITTEN).slug == "recipient-opted-out"
    assert home.get(f"/console/opt-outs/{quote(WRITTEN)}").body["number"] == LONDON
    confirmation, found = home.get("/console/messages", f"number={quote(WRITTEN)}").body["messages"]
    assert found["jobId"] == sent.body["jobId"] and confirmation["recipient"] == LONDON
    listed = inbox.api.get("/api/sms", query=f"recipient={quote(WRITTEN)}").body["jobs"]
    assert [job["jobId"] for job in listed] == [confirmation["jobId"], found["jobId"]]


def test_what_people_note_and_erase_is_that_number(inbox: Inbox, home: Console) -> None:
    assert home.post("/console/contacts", {"number": WRITTEN, "name": "Ada"}).body["number"] == LONDON
    assert home.get(f"/console/contacts/{LONDON}").body["name"] == "Ada"
    assert home.get(f"/console/contacts/{quote(WRITTEN)}").body["name"] == "Ada"
    added = home.post("/console/opt-outs", {"number": WRITTEN, "reason": "asked by phone"})
    assert added.body["number"] == LONDON
    assert home.get(f"/console/opt-outs/{quote(WRITTEN)}/history").body["number"] == LONDON
    assert home.delete(f"/console/opt-outs/{quote(WRITTEN)}").status == 204
    assert home.post("/console/erasures", {"number": WRITTEN}).body["number"] == LONDON
    preview = home.post("/console/messages/preview", {"recipient": WRITTEN, "message": "Hello"}).body
    assert preview["recipient"] == {"number": LONDON, "country": "GB", "optedOut": False}


def test_a_number_of_kenya_needs_its_plus_there_and_is_refused_without(inbox: Inbox, home: Console) -> None:
    inbox.phone()
    refused = inbox.api.send(recipient="254712345678")
    assert (refused.status, refused.pointers) == (400, ["#/recipient"])
    assert inbox.api.send(recipient="+254712345678").status == 202


def test_a_repeated_key_is_told_the_first_job_however_its_number_is_written(inbox: Inbox, home: Console) -> None:
    inbox.phone()
    written = [WRITTEN, LONDON, "447400 123456"]
    answers = {inbox.api.send(recipient=way, idempotencyKey="otp-1").body["jobId"] for way in written}
    assert len(answers) == 1


def test_names_and_short_codes_stay_what_the_network_said(inbox: Inbox, home: Console) -> None:
    phone = inbox.phone()
    for sender in ("MPESA", "22141", "+254712345678"):
        phone.receive(sms("Hello", sender))
        inbox.clock.shift(1)
    numbers = {entry["number"] for entry in inbox.conversations()["conversations"]}
    assert numbers == {"MPESA", "22141", "+254712345678"}

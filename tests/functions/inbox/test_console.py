"""Two-way messaging by the console's door: what people read, answer and opt out, and whose name it bears."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.accounts.logic import audit_log
from smskit.dispatch.store import jobs
from smskit.errors import UnavailableError
from tests.support import console
from tests.support.console import Console
from tests.support.inbox import ALICE, BOB, Inbox, sms


@pytest.fixture
def agent(inbox: Inbox) -> Console:
    return Console(console.person("operator", inbox.account_id))


def source(of: Console) -> str:
    assert of.who is not None
    return f"operator:{of.who.person_id}"


def noted(inbox: Inbox) -> list[tuple[str, str]]:
    """Actions and subjects of the audit log, but for the invitations."""
    found = [item for item in inbox.cloud.items("accounts") if item["pk"] == f"{inbox.account_id}#audit"]
    told = [(item["at"], item["action"], item["subject"]) for item in found if item["action"] != "member.invited"]
    return [(action, subject) for _, action, subject in sorted(told)]


def test_the_console_shows_what_the_client_api_shows(inbox: Inbox, agent: Console) -> None:
    phone = inbox.phone()
    for number in (ALICE, BOB):
        phone.receive(sms("one", number), sms("two", number))
        inbox.clock.shift(1)
    conversation = inbox.conversation()["conversationId"]
    inbox.reply(conversation)
    paths = ("conversations", f"conversations/{conversation}", f"conversations/{conversation}/messages")
    for path in paths:
        for query in ("", "limit=1")[: 1 if path == paths[1] else 2]:
            shown = agent.get(f"/console/{path}", query)
            sent = [entry for entry in shown.body.get("messages", ()) if entry["direction"] == "out"]
            assert [entry.pop("clientName") for entry in sent] == ["backend"] * len(sent), "programs see no names"
            assert shown.status == 200 and shown.body == inbox.api.get(f"/api/{path}", query=query).body
    page = agent.get("/console/conversations", "limit=1").body
    behind = agent.get("/console/conversations", f"limit=1&cursor={page['cursor']}").body
    assert [entry["number"] for entry in (*page["conversations"], *behind["conversations"])] == [ALICE, BOB]


def test_a_reply_goes_out_by_the_sim_that_was_written_to_and_names_its_author(inbox: Inbox, agent: Console) -> None:
    inbox.phone()
    phone = inbox.phone()
    phone.receive(sms("Are you open?"))
    conversation = inbox.conversation()["conversationId"]
    inbox.clock.shift(1)
    answer = agent.post(f"/console/conversations/{conversation}/reply", {"message": "Until 5", "priority": 9})
    assert answer.status == 202 and answer.body["status"] == "Pending"
    job_id = answer.body["jobId"]
    inbox.world.pump()
    (offer,) = phone.take_offers()
    assert (offer["jobId"], offer["message"]) == (job_id, "Until 5")
    shown = agent.get(f"/console/messages/{job_id}").body
    assert (shown["clientId"], shown["conversationId"]) == (source(agent), conversation)
    written = agent.get(f"/console/conversations/{conversation}/messages").body["messages"][0]
    assert (written["clientId"], written["segments"]) == (source(agent), 1)
    assert agent.get(f"/console/conversations/{conversation}").body["lastMessage"]["jobId"] == job_id
    assert noted(inbox) == [("reply.queued", job_id)]


def test_a_reply_under_one_key_is_one_job(inbox: Inbox, agent: Console) -> None:
    inbox.phone().receive(sms())
    path = f"/console/conversations/{inbox.conversation()['conversationId']}/reply"
    wanted = {"message": "Hi", "idempotencyKey": "k1"}
    first, again = agent.post(path, wanted), agent.post(path, wanted)
    assert first.status == again.status == 202 and first.body == again.body
    conflict = agent.post(path, wanted | {"message": "Bye"})
    assert (conflict.status, conflict.slug) == (409, "idempotency-conflict")
    assert len(inbox.cloud.items("jobs")) == 1


def test_replies_that_cannot_be_sent_are_refused_and_not_noted(inbox: Inbox, agent: Console) -> None:
    phone = inbox.phone()
    phone.receive(sms(), sms("Your balance", "MPESA"), sms("Hello", BOB))
    alice, mpesa, bob = (inbox.conversation(name)["conversationId"] for name in (ALICE, "MPESA", BOB))
    assert inbox.api.post("/api/opt-outs", {"number": BOB}).status == 201
    for conversation, slug in ((mpesa, "not-replyable"), (bob, "recipient-opted-out")):
        answer = agent.post(f"/console/conversations/{conversation}/reply", {"message": "Hi"})
        assert (answer.status, answer.slug) == (422, slug)
    phone.drop()
    answer = agent.post(f"/console/conversations/{alice}/reply", {"message": "Hi"})
    assert (answer.status, answer.slug) == (422, "no-eligible-device")
    inbox.phone()
    answer = agent.post(f"/console/conversations/{alice}/reply", {"message": "Hi", "fallback": True})
    assert answer.status == 202
    assert noted(inbox) == [("reply.queued", answer.body["jobId"])]


def test_a_queued_reply_is_no_error_when_it_cannot_be_noted(
    inbox: Inbox, agent: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.phone().receive(sms())
    path = f"/console/conversations/{inbox.conversation()['conversationId']}/reply"
    inbox.clock.shift(1)

    def fail(*_: Any, **__: Any) -> None:
        raise UnavailableError("no")

    monkeypatch.setattr(audit_log, "note", fail)
    answer = agent.post(path, {"message": "Hi"})
    assert answer.status == 202, "an error would have it sent twice"
    job = jobs.get(answer.body["jobId"])
    assert job is not None and job.client_id == source(agent)
    assert inbox.conversation()["lastMessage"]["direction"] == "out", "the conversation moves all the same"


def test_reading_counts_up_to_what_was_shown(inbox: Inbox, agent: Console) -> None:
    phone = inbox.phone()
    phone.receive(sms("one"), sms("two"))
    path = f"/console/conversations/{inbox.conversation()['conversationId']}"
    shown = agent.get(f"{path}/messages").body["messages"][0]["at"]
    inbox.clock.shift(1)
    phone.receive(sms("three"))
    late = agent.post(f"{path}/read", {"until": shown})
    assert (late.status, late.body["unreadCount"]) == (200, 3)
    assert noted(inbox) == []
    newest = agent.get(f"{path}/messages").body["messages"][0]["at"]
    read = agent.post(f"{path}/read", {"until": newest})
    assert (read.status, read.body["unreadCount"]) == (200, 0) and read.body == agent.get(path).body
    assert [action for action, _ in noted(inbox)] == ["conversation.read"]
    for wrong in ("now", "2026-06-23", "2026-06-23T10:00:00", "", 1, None):
        refused = agent.post(f"{path}/read", {"until": wrong})
        assert (refused.status, refused.slug, refused.pointers) == (400, "invalid-request", ["#/until"])


@pytest.mark.parametrize("path", [ALICE, "0712 345 678", "%2B254712345678"])
def test_numbers_are_opted_out_and_in_by_a_person(inbox: Inbox, agent: Console, path: str) -> None:
    number = {"number": "0712345678", "reason": "Asked on the phone"}
    first, again = agent.post("/console/opt-outs", number), agent.post("/console/opt-outs", number)
    assert (first.status, again.status) == (201, 200) and first.body == again.body
    assert first.body == {
        "number": ALICE, "optedOutAt": "2026-06-23T10:00:00Z", "reason": "Asked on the phone", "source": source(agent),
    }  # fmt: skip
    assert agent.get("/console/opt-outs").body == {"optOuts": [first.body], "hasMore": False}
    inbox.phone()
    assert inbox.api.send(recipient=ALICE).slug == "recipient-opted-out"
    inbox.clock.shift(1)
    removed = agent.call("DELETE", f"/console/opt-outs/{path}", query="reason=Changed%20their%20mind")
    assert removed.status == 204 and not removed.text
    assert agent.delete(f"/console/opt-outs/{path}").slug == "not-found"
    history = agent.get(f"/console/opt-outs/{path}/history").body
    assert [(entry["change"], entry["reason"], entry["source"]) for entry in history["entries"]] == [
        ("opted-in", "Changed their mind", source(agent)), ("opted-out", "Asked on the phone", source(agent)),
    ]  # fmt: skip
    assert noted(inbox) == [("opt-out.added", "…678"), ("opt-out.removed", "…678")]
    assert inbox.api.send(recipient=ALICE).status == 202


def test_what_is_no_number_is_refused(inbox: Inbox, agent: Console) -> None:
    for answer in (
        agent.post("/console/opt-outs", {"number": "MPESA"}),
        agent.delete("/console/opt-outs/MPESA"),
        agent.get("/console/opt-outs/MPESA/history"),
    ):
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/number"])
    assert noted(inbox) == []

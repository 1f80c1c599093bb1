"""Conversations: one thread for an account and a number, what is listed and in which order, and replies."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.contacts import store as contacts
from smskit.inbox.logic import conversations
from smskit.models.contact import conversation_id
from tests.support.inbox import ALICE, BOB, Inbox, sms

UNKNOWN = "cnv_4N8R2T6W0X3Z7B1D5F9H"


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message["content"] for message in messages]


def test_a_conversation_holds_what_came_in_and_what_went_out_before_and_after(inbox: Inbox) -> None:
    phone = inbox.phone()
    for text in ("first", "second"):
        assert inbox.api.send(recipient="0712 345 678", message=text, clientReference=text).status == 202
        inbox.clock.shift(1)
    assert inbox.conversations()["conversations"] == [], "nobody has written yet"
    phone.receive(sms("who is this?", "0712345678"))
    inbox.clock.shift(1)
    conversation = inbox.conversation()
    reply = inbox.reply(conversation["conversationId"], "It's Acme", clientReference="r")
    assert reply.status == 202 and reply.headers["location"] == f"/api/sms/{reply.body['jobId']}/status"
    found = inbox.thread_to_end(conversation["conversationId"])
    assert [(entry["direction"], entry["content"]) for entry in found] == [
        ("out", "It's Acme"), ("in", "who is this?"), ("out", "second"), ("out", "first"),
    ]  # fmt: skip
    assert found[0] == {
        "direction": "out", "at": "2026-06-23T10:00:03Z", "content": "It's Acme", "jobId": reply.body["jobId"],
        "status": "Pending", "segments": 1, "clientId": inbox.api.tenant.client_id, "clientReference": "r",
    }  # fmt: skip
    assert found[1] == {
        "direction": "in", "at": "2026-06-23T10:00:02Z", "content": "who is this?", "deviceId": phone.device_id,
        "simSlot": 0, "receivedAt": "2026-06-23T10:00:00Z", "messageId": inbox.feed()["messages"][0]["messageId"],
    }  # fmt: skip


def test_the_status_of_what_went_out_is_always_the_jobs(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms())
    conversation = inbox.conversation()["conversationId"]
    inbox.reply(conversation)
    inbox.world.pump()
    (offer,) = phone.take_offers()
    phone.claim(offer)
    phone.report("Delivered", offer)
    (sent, _) = inbox.thread_to_end(conversation)
    assert (sent["status"], sent["deviceId"], sent["simSlot"]) == ("Delivered", phone.device_id, 0)
    assert sent["deliveredAt"] == "2026-06-23T10:00:00Z"
    assert inbox.conversation()["lastMessage"]["status"] == "Delivered"


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 100])
def test_pages_of_a_conversation_are_newest_first_over_both_sources_with_equal_times(inbox: Inbox, limit: int) -> None:
    """All of three moments: nothing is left out or shown twice at the edge of a page."""
    phone = inbox.phone()
    expected: list[str] = []
    for moment in range(3):
        moments = [f"{moment} in {number}" for number in range(3)]
        phone.receive(*[sms(text) for text in moments])
        for number in range(3):
            assert inbox.api.send(message=f"{moment} out {number}").status == 202
        expected = [*[f"{moment} out"] * 3, *reversed(moments), *expected]
        inbox.clock.shift(1)
    found = texts(inbox.thread_to_end(inbox.conversation()["conversationId"], limit))
    assert [text if " in " in text else text[:5] for text in found] == expected
    assert len(set(found)) == 18


def test_what_arrives_while_somebody_pages_is_not_mixed_in(inbox: Inbox) -> None:
    phone = inbox.phone()
    for number in range(4):
        phone.receive(sms(str(number)))
        inbox.clock.shift(1)
    conversation = inbox.conversation()["conversationId"]
    page = inbox.thread(conversation, limit=2)
    phone.receive(sms("new"))
    inbox.api.send(message="also new")
    assert texts(inbox.thread(conversation, page["cursor"])["messages"]) == ["1", "0"]


def test_the_list_is_newest_first_and_pages(inbox: Inbox) -> None:
    phone = inbox.phone()
    numbers = [f"+2547123456{number:02d}" for number in range(7)]
    for number in numbers:
        phone.receive(sms(f"from {number}", number))
        if number != numbers[3]:
            inbox.clock.shift(1)  # two at one moment
    phone.receive(sms("again", numbers[0]))
    cursor, seen, pages = None, list[str](), 0
    while pages == 0 or cursor:
        page = inbox.conversations(cursor, limit=2)
        assert page["hasMore"] is ("cursor" in page)
        seen += [entry["number"] for entry in page["conversations"]]
        cursor, pages = page.get("cursor"), pages + 1
    assert pages == 4 and sorted(seen) == sorted(numbers)
    assert seen[0] == numbers[0] and seen[1:3] == [numbers[6], numbers[5]] and set(seen[3:5]) == set(numbers[3:5])


def test_a_line_of_the_list_says_how_the_conversation_stands(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms("x" * 200), sms("y" * 200))
    line = inbox.conversation()
    assert line == {
        "conversationId": conversation_id(inbox.account_id, ALICE), "number": ALICE, "unreadCount": 2,
        "unreadSince": "2026-06-23T10:00:00Z", "optedOut": False, "owner": {"deviceId": phone.device_id, "simSlot": 0},
        "lastMessage": {"direction": "in", "at": "2026-06-23T10:00:00Z", "preview": "y" * 160,
                        "messageId": inbox.feed()["messages"][1]["messageId"]},
    }  # fmt: skip
    assert inbox.api.get(f"/api/conversations/{line['conversationId']}").body == line


def test_a_reply_moves_the_conversation_up_and_leaves_it_unread_and_other_sends_dont(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms("from Alice"))
    inbox.clock.shift(1)
    phone.receive(sms("from Bob", BOB))
    inbox.clock.shift(1)
    assert inbox.api.send(recipient=ALICE, message="a campaign").status == 202
    assert [entry["number"] for entry in inbox.conversations()["conversations"]] == [BOB, ALICE]
    answer = inbox.reply(inbox.conversation()["conversationId"], "a reply")
    first = inbox.conversations()["conversations"][0]
    assert (first["number"], first["unreadCount"]) == (ALICE, 1)
    assert first["lastMessage"] == {
        "direction": "out", "at": "2026-06-23T10:00:02Z", "jobId": answer.body["jobId"], "status": "Pending",
        "preview": "a reply",
    }  # fmt: skip
    inbox.clock.shift(1)
    phone.receive(sms("thanks"))
    assert inbox.conversation()["lastMessage"]["preview"] == "thanks"


def test_reading_marks_as_read_unless_something_came_in_meanwhile(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms(), sms())
    conversation = inbox.conversation()["conversationId"]
    seen = contacts.get(inbox.account_id, ALICE).inbound_at
    inbox.clock.shift(1)
    phone.receive(sms())
    assert conversations.mark_read(inbox.account_id, conversation, seen) is False
    assert inbox.conversation()["unreadCount"] == 3
    assert conversations.mark_read(inbox.account_id, conversation, seen + 1000) is True
    assert inbox.conversation()["unreadCount"] == 0
    phone.receive(sms())
    assert inbox.conversation()["unreadCount"] == 1


def test_an_unknown_malformed_or_foreign_conversation_is_not_found(inbox: Inbox) -> None:
    other = Inbox(inbox.cloud, inbox.clock)
    other.phone().receive(sms())
    inbox.phone()
    foreign = other.conversation()["conversationId"]
    for conversation in (foreign, UNKNOWN, "cnv_1", "x", ALICE):
        for answer in (
            inbox.api.get(f"/api/conversations/{conversation}"),
            inbox.api.get(f"/api/conversations/{conversation}/messages"),
            inbox.reply(conversation),
        ):
            assert (answer.status, answer.slug) == (404, "not-found")
    assert inbox.cloud.items("jobs") == []


def test_a_number_that_was_only_written_to_is_no_conversation_yet(inbox: Inbox) -> None:
    inbox.phone()
    inbox.api.send(recipient=ALICE)
    answer = inbox.api.get(f"/api/conversations/{conversation_id(inbox.account_id, ALICE)}/messages")
    assert answer.status == 404


def test_cursors_of_other_conversations_and_made_up_ones_are_refused(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms(), sms(), sms(sender=BOB), sms(sender=BOB))
    alice, bob = inbox.conversation(ALICE)["conversationId"], inbox.conversation(BOB)["conversationId"]
    cursor = inbox.thread(alice, limit=1)["cursor"]
    for made_up in (cursor, "x", "a" * 129, inbox.conversations(limit=1)["cursor"]):
        answer = inbox.api.get(f"/api/conversations/{bob}/messages", query=f"cursor={made_up}")
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/cursor"])


def test_what_has_expired_is_not_shown(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms("old"))
    inbox.api.send(message="sent", validitySeconds=30)
    inbox.clock.shift(31 * 86_400)
    line = inbox.conversation()
    assert "preview" not in line["lastMessage"]
    assert inbox.thread(line["conversationId"]) == {"messages": [], "hasMore": False}


def test_texts_are_stored_once(inbox: Inbox) -> None:
    """What is removed from the messages is gone."""
    phone = inbox.phone()
    phone.receive(sms("the secret words"))
    inbox.reply(inbox.conversation()["conversationId"], "the secret reply")
    assert "secret" not in str(inbox.cloud.items("contacts"))
    assert str(inbox.cloud.items("messages")).count("secret") == 1


def test_the_client_api_sets_the_unread_count_back_unless_something_came_in_later(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms())
    shown = inbox.conversation()
    inbox.clock.shift(1)
    phone.receive(sms())
    path = f"/api/conversations/{shown['conversationId']}/read"
    late = inbox.api.post(path, {"until": shown["lastMessage"]["at"]})
    assert (late.status, late.body["unreadCount"]) == (200, 2)
    read = inbox.api.post(path, {"until": inbox.conversation()["lastMessage"]["at"]})
    assert (read.status, read.body["unreadCount"]) == (200, 0)
    assert inbox.api.post(path, {"until": "yesterday"}).status == 400

"""What nobody has read: the list of it, how many wait and since when, and the conversation with one number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smskit import aws
from smskit.contacts import store as contacts
from smskit.inbox.logic import conversations, feed
from smskit.models.contact import conversation_id
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.support import console
from tests.support.console import Console
from tests.support.inbox import ALICE, BOB, Inbox, sms
from tests.support.meter import Meter

CAROL = "+254733000222"


@pytest.fixture
def agent(inbox: Inbox) -> Console:
    return Console(console.person("operator", inbox.account_id))


def listed(who: Console, query: str) -> list[str]:
    """Numbers in the list, page by page."""
    found, cursor = list[str](), ""
    for _ in range(20):
        answer = who.get("/console/conversations", query + (f"&cursor={cursor}" if cursor else ""))
        assert answer.status == 200, answer.text
        found += [entry["number"] for entry in answer.body["conversations"]]
        cursor = answer.body.get("cursor", "")
        if not cursor:
            return found
    raise AssertionError("the list never ends")


def waiting(who: Console) -> dict[str, Any]:
    return who.get("/console/conversations/unread").body


def read_all(who: Console, inbox: Inbox, number: str) -> None:
    path = f"/console/conversations/{conversation_id(inbox.account_id, number)}/read"
    assert who.post(path, {"until": "2999-01-01T00:00:00Z"}).status == 200


def test_what_is_unread_is_counted_and_listed_until_it_is_read(inbox: Inbox, agent: Console) -> None:
    assert waiting(agent) == {"count": 0, "hasMore": False}
    phone = inbox.phone()
    for number in (ALICE, BOB, CAROL):
        phone.receive(sms("Hello", number))
        inbox.clock.shift(60)
    phone.receive(sms("Are you there?", ALICE))
    assert listed(agent, "") == [ALICE, CAROL, BOB]
    assert listed(agent, "unread=true") == listed(agent, "unread=true&limit=1") == [CAROL, BOB, ALICE]
    assert listed(agent, "unread=false") == listed(agent, "")
    assert waiting(agent) == {"count": 3, "hasMore": False, "oldestSince": "2026-06-23T10:00:00Z"}
    assert inbox.conversation(ALICE)["unreadSince"] == "2026-06-23T10:00:00Z", "not of its second message"
    read_all(agent, inbox, ALICE)
    assert listed(agent, "unread=true") == [CAROL, BOB]
    assert waiting(agent) == {"count": 2, "hasMore": False, "oldestSince": "2026-06-23T10:01:00Z"}
    assert "unreadSince" not in inbox.conversation(ALICE)
    phone.receive(sms("Thanks", ALICE))
    assert listed(agent, "unread=true") == [ALICE, CAROL, BOB]
    assert inbox.api.get("/api/conversations", query="unread=true&limit=1").body["conversations"][0]["number"] == ALICE


def test_what_came_in_meanwhile_leaves_it_where_it_stands(inbox: Inbox, agent: Console) -> None:
    phone = inbox.phone()
    phone.receive(sms())
    inbox.clock.shift(60)
    phone.receive(sms("and another"))
    path = f"/console/conversations/{conversation_id(inbox.account_id, ALICE)}/read"
    agent.post(path, {"until": "2026-06-23T10:00:30Z"})
    assert waiting(agent) == {"count": 1, "hasMore": False, "oldestSince": "2026-06-23T10:00:00Z"}


def test_a_message_that_is_stored_late_is_unread_like_any_other(inbox: Inbox, agent: Console) -> None:
    """It is noted behind a later one that somebody has read already."""
    phone = inbox.phone()
    phone.receive(sms())
    read_all(agent, inbox, ALICE)
    contact = contacts.get(inbox.account_id, ALICE, consistent=True)
    assert contact.last is not None and contact.unread_since is None
    late = replace(feed.list_page(inbox.account_id, None, 1, now_ms()).messages[0], stored_at=now_ms() - 1000)
    table.transact([contacts.received_op([late], known=contact)])
    assert waiting(agent)["count"] == 1 and listed(agent, "unread=true") == [ALICE]


def test_several_messages_of_one_frame_wait_since_the_first(inbox: Inbox, agent: Console) -> None:
    inbox.phone().receive(sms("one"), sms("two"), sms("three", BOB))
    assert waiting(agent)["count"] == 2
    assert inbox.conversation(ALICE)["unreadCount"] == 2


def test_a_forgotten_number_waits_no_more(inbox: Inbox, agent: Console) -> None:
    phone = inbox.phone()
    phone.receive(sms("one"), sms("STOP", BOB))
    for number in (ALICE, BOB):
        contacts.forget(inbox.account_id, number, contacts.get(inbox.account_id, number).inbound_at)
    assert waiting(agent) == {"count": 0, "hasMore": False} and listed(agent, "unread=true") == []


def test_the_count_is_one_read_and_says_when_there_are_more(
    inbox: Inbox, agent: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = inbox.phone()
    for number in range(5):
        phone.receive(sms("Hello", f"+25471234567{number}"))
        inbox.clock.shift(1)
    meter = Meter(aws.session())
    aws.client.cache_clear()
    assert waiting(agent)["count"] == 5
    assert dict(meter.requests) == {"dynamodb.GetItem": 1, "dynamodb.Query": 1}, "the membership, and the count"
    monkeypatch.setattr(conversations, "MOST_COUNTED", 3)
    assert waiting(agent) == {"count": 3, "hasMore": True, "oldestSince": "2026-06-23T10:00:00Z"}


def test_conversations_that_began_to_wait_at_one_moment_are_each_listed_once(inbox: Inbox, agent: Console) -> None:
    numbers = [f"+25471234567{number}" for number in range(7)]
    inbox.phone().receive(*[sms("Hello", number) for number in numbers])
    assert sorted(listed(agent, "unread=true&limit=2")) == numbers


def test_a_cursor_of_one_list_leads_nowhere_in_another(inbox: Inbox, agent: Console) -> None:
    inbox.phone().receive(sms(), sms("Hello", BOB))
    unread = agent.get("/console/conversations", "unread=true&limit=1").body["cursor"]
    every = agent.get("/console/conversations", "limit=1").body["cursor"]
    for query in (f"cursor={unread}", f"unread=true&cursor={every}", f"number=0712345678&cursor={every}"):
        answer = agent.get("/console/conversations", query)
        assert (answer.status, answer.pointers) == (400, ["#/cursor"]), query


@pytest.mark.parametrize("written", ["%2B254712345678", "+254712345678", "0712%20345%20678", "254-712-345678"])
def test_the_conversation_with_a_number_however_it_is_written(inbox: Inbox, agent: Console, written: str) -> None:
    phone = inbox.phone()
    phone.receive(sms(), sms("Hello", BOB), sms("Your balance", "MPESA"))
    assert listed(agent, f"number={written}") == listed(agent, f"number={written}&unread=true") == [ALICE]
    assert listed(agent, "number=MPESA") == ["MPESA"]
    assert listed(agent, "number=0799999999") == listed(agent, "number=nobody") == []
    assert listed(Console(console.person()), f"number={written}") == []
    read_all(agent, inbox, ALICE)
    assert listed(agent, f"number={written}&unread=true") == [] and listed(agent, f"number={written}") == [ALICE]
    assert inbox.api.send(recipient="0799999999").status == 202
    assert listed(agent, "number=0799999999") == [], "it has never written"


@pytest.mark.parametrize("query", ["unread=yes", "unread=1", "unread=", "number="])
def test_what_is_asked_otherwise_is_refused(agent: Console, query: str) -> None:
    answer = agent.get("/console/conversations", query)
    assert (answer.status, answer.pointers) == (400, [f"#/{query.partition('=')[0]}"])

"""Two phones that receive at once: what took its place first may be stored last, and nothing moves back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from smskit.contacts import store as contacts
from smskit.inbox.store import inbound_messages
from smskit.models.contact import Contact
from smskit.models.job import Target
from tests.support.inbox import ALICE, BOB, Inbox, sms


def before_it_is_stored(patch: pytest.MonkeyPatch, act: Callable[[], Any]) -> None:
    """Let something happen after the messages got their numbers."""
    original, begun = inbound_messages.store, []

    def store(*arguments: Any) -> None:
        if not begun:
            begun.append(True)
            act()
        original(*arguments)

    patch.setattr(inbound_messages, "store", store)


def contact(inbox: Inbox, number: str = ALICE) -> Contact:
    return contacts.get(inbox.account_id, number)


def order(inbox: Inbox) -> list[str]:
    """The conversation, newest first, as its own pages show it."""
    return [entry["content"] for entry in inbox.thread(inbox.conversation()["conversationId"])["messages"]]


@pytest.mark.parametrize("seconds", [0, 0.3])
def test_a_message_that_is_stored_late_does_not_become_the_last_one(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    one, two = inbox.phone(), inbox.phone()

    def second() -> None:
        inbox.clock.shift(seconds)
        two.receive(sms("second"))

    before_it_is_stored(monkeypatch, second)
    one.receive(sms("first"), sms("of Bob", BOB))
    assert order(inbox) == ["second", "first"]
    alice, bob = inbox.conversation(ALICE), inbox.conversation(BOB)
    assert (alice["lastMessage"]["preview"], alice["unreadCount"]) == ("second", 2)
    assert (bob["lastMessage"]["preview"], bob["unreadCount"]) == ("of Bob", 1)
    assert contact(inbox).owner == Target(two.device_id, 0)
    assert contact(inbox, BOB).owner == Target(one.device_id, 0)
    last = contact(inbox).last
    assert last and contact(inbox).inbound_at == last.at


def test_who_has_read_up_to_the_later_message_has_read_it(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = inbox.phone(), inbox.phone()

    def second() -> None:
        inbox.clock.shift(1)
        two.receive(sms("second"))

    before_it_is_stored(monkeypatch, second)
    one.receive(sms("first"))
    last = contact(inbox).last
    assert last
    assert not contacts.mark_read(inbox.account_id, ALICE, last.at - 1)
    assert contacts.mark_read(inbox.account_id, ALICE, last.at)


def test_a_message_that_is_stored_after_a_reply_leaves_the_reply_the_last(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = inbox.phone(), inbox.phone()
    one.receive(sms("before"))
    conversation = inbox.conversation()["conversationId"]
    inbox.clock.shift(1)

    def reply() -> None:
        inbox.clock.shift(1)
        assert inbox.reply(conversation, "the reply").status == 202

    before_it_is_stored(monkeypatch, reply)
    two.receive(sms("meanwhile"))
    assert order(inbox) == ["the reply", "meanwhile", "before"]
    shown, known = inbox.conversation(), contact(inbox)
    assert (shown["lastMessage"]["preview"], shown["unreadCount"]) == ("the reply", 2)
    assert known.last and known.inbound_at == known.last.at - 1000
    assert known.owner == Target(two.device_id, 0), "the SIM that the number wrote to last"


@pytest.mark.parametrize("word", ["STOP", "HELP"])
def test_a_keyword_that_is_stored_late_does_what_it_says_and_does_not_become_the_last_message(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, word: str
) -> None:
    one, two = inbox.phone(), inbox.phone()

    def second() -> None:
        inbox.clock.shift(1)
        two.receive(sms("second"))

    before_it_is_stored(monkeypatch, second)
    one.receive(sms(word))
    shown, known = inbox.conversation(), contact(inbox)
    assert (shown["lastMessage"]["preview"], shown["unreadCount"]) == ("second", 2)
    assert known.opted_out == (word == "STOP")
    assert known.owner == Target(two.device_id, 0)


def test_a_message_that_is_stored_after_its_conversation_was_erased_begins_a_new_one(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found to be behind the last message, and that one is gone when it is tried again."""
    one, two = inbox.phone(), inbox.phone()
    original, read = contacts.get, []

    def second() -> None:
        inbox.clock.shift(1)
        two.receive(sms("second"))

    def read_then_erased(account_id: str, number: str, *, consistent: bool = False) -> Contact:
        found = original(account_id, number, consistent=consistent)
        if not read:
            read.append(found)
            contacts.forget(account_id, number, found.inbound_at)
        return found

    before_it_is_stored(monkeypatch, second)
    with monkeypatch.context() as patch:
        patch.setattr(contacts, "get", read_then_erased)
        one.receive(sms("first"))
    assert read and read[0].last is not None
    shown = inbox.conversation()
    assert (shown["lastMessage"]["preview"], shown["unreadCount"]) == ("first", 1)
    assert contact(inbox).owner == Target(one.device_id, 0)

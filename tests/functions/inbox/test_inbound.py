"""SMS that phones receive: stored once by the phone's own id, told to webhooks, acknowledged when stored."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from smskit.contacts import store as contacts
from smskit.platform import table
from tests.support.aws import Cloud
from tests.support.inbox import ALICE, BOB, Inbox, sms
from tests.support.webhooks import Webhooks


def stored(inbox: Inbox) -> list[dict[str, Any]]:
    return [item for item in inbox.cloud.items("messages") if item.get("direction") == "in"]


def test_a_received_sms_is_in_the_feed_with_the_fields_of_the_public_reference(inbox: Inbox) -> None:
    phone = inbox.phone()
    assert phone.receive(sms("YES", receivedAt="2026-06-23T09:59:00.250Z")) == {"type": "ack", "seq": 1}
    page = inbox.feed()
    (message,) = page["messages"]
    assert list(message) == [
        "messageId", "from", "to", "content", "deviceId", "simSlot", "receivedAt", "conversationId",
    ]  # fmt: skip
    assert message | {"messageId": "", "conversationId": ""} == {
        "messageId": "", "from": ALICE, "to": "+254700000000", "content": "YES", "deviceId": phone.device_id,
        "simSlot": 0, "receivedAt": "2026-06-23T09:59:00.250Z", "conversationId": "",
    }  # fmt: skip
    assert page["hasMore"] is False and inbox.feed(page["cursor"])["messages"] == []


def test_the_same_frame_five_times_from_two_connections_is_one_message_and_one_event(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_LOCAL", "true")
    hooks = Webhooks(inbox.cloud, inbox.clock, inbox.api)
    hook, _, _ = hooks.hook("sms:received")
    phone, message = inbox.phone(), sms("YES")
    for round_ in range(5):
        if round_ == 3:
            phone.connect()
        assert phone.receive(message)["type"] == "ack"
    hooks.fan_out(hooks.stream("messages"))
    hooks.send()
    (call,) = hook.calls
    assert call.payload["content"] == "YES" and call.payload["from"] == ALICE
    assert inbox.contents() == ["YES"]
    assert inbox.conversation()["unreadCount"] == 1
    hooks.close()


def test_two_sms_of_one_text_are_two(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms("YES"))
    inbox.clock.shift(1)
    phone.receive(sms("YES"))
    assert inbox.contents() == ["YES", "YES"]
    assert len({message["messageId"] for message in inbox.feed()["messages"]}) == 2


def test_one_phone_id_on_two_phones_is_two_messages(inbox: Inbox) -> None:
    message = sms("Hello")
    inbox.phone().receive(message)
    inbox.phone().receive(message)
    assert inbox.contents() == ["Hello", "Hello"]


def test_a_frame_of_twenty_keeps_its_order_in_the_feed_and_in_conversations(inbox: Inbox) -> None:
    frame = [sms(str(number), (ALICE, BOB)[number % 2]) for number in range(20)]
    inbox.phone().receive(*frame)
    assert inbox.contents() == [str(number) for number in range(20)]
    alice = inbox.conversation(ALICE)
    assert alice["unreadCount"] == inbox.conversation(BOB)["unreadCount"] == 10
    assert [message["content"] for message in inbox.thread_to_end(alice["conversationId"], 3)] == [
        str(number) for number in range(18, -1, -2)
    ]
    assert alice["lastMessage"]["preview"] == "18"


def test_a_frame_with_one_message_that_is_stored_adds_the_others(inbox: Inbox) -> None:
    phone, known = inbox.phone(), sms("known")
    phone.receive(known)
    phone.receive(sms("before"), known, sms("after"))
    assert inbox.contents() == ["known", "before", "after"]
    assert inbox.conversation()["unreadCount"] == 3
    phone.receive(sms("more"))
    assert inbox.contents()[-1] == "more", "the number of the repetition is closed and holds up nobody"


def test_one_message_twice_in_a_frame_is_one(inbox: Inbox) -> None:
    message = sms("Hello")
    assert inbox.phone().receive(message, message)["type"] == "ack"
    assert inbox.contents() == ["Hello"]


def test_a_repetition_within_a_frame_keeps_the_order(inbox: Inbox) -> None:
    first, second, third = sms("first"), sms("second"), sms("third")
    inbox.phone().receive(first, second, first, third, second)
    assert inbox.contents() == ["first", "second", "third"]
    shown = inbox.conversation()
    assert (shown["lastMessage"]["preview"], shown["unreadCount"]) == ("third", 3)


@pytest.mark.parametrize(
    "content",
    [
        "", " ", "\0", "a\0b\x01\x1f\r\n\t", "مرحبا \u202e desrever", "🎉" * 700, "x" * 10_000,
        "\ufffe\uffff", "e\u0301",
    ],
    ids=["empty", "blank", "NUL", "control", "right to left", "emoji", "10,000", "noncharacters", "accent"],
)  # fmt: skip
def test_any_text_is_stored_as_it_is(inbox: Inbox, content: str) -> None:
    assert inbox.phone().receive(sms(content)) == {"type": "ack", "seq": 1}
    assert inbox.contents() == [content]


def test_ten_thousand_characters_of_three_bytes_fit_a_frame(inbox: Inbox) -> None:
    phone = inbox.phone()
    frame = {"type": "received", "seq": 9, "messages": [sms("字" * 10_000)]}
    answer = inbox.world.gateway("$default", phone, json.dumps(frame, ensure_ascii=False))
    assert json.loads(answer["body"]) == {"type": "ack", "seq": 9}
    assert inbox.contents() == ["字" * 10_000]


def test_half_a_surrogate_pair_becomes_the_replacement_character(inbox: Inbox) -> None:
    phone = inbox.phone()
    assert phone.receive(sms("a\ud83d b \ude00 \ud83d\ude00", "Shop\ud800"))["type"] == "ack"
    (message,) = inbox.feed()["messages"]
    assert (message["content"], message["from"]) == ("a\ufffd b \ufffd 😀", "Shop\ufffd")


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "x" * 10_001}, {"content": None}, {"content": 5}, {"phoneMessageId": ""},
        {"phoneMessageId": "x" * 129}, {"phoneMessageId": "\ud800"}, {"simSlot": 8}, {"simSlot": -1},
        {"simSlot": "0"}, {"receivedAt": "yesterday"}, {"receivedAt": "2026-06-23T10:00:00"}, {"from": None},
        {"from": "x" * 321}, {"to": "x" * 65},
    ],
)  # fmt: skip
def test_an_unusable_message_is_refused_by_its_frames_seq_and_nothing_is_stored(
    inbox: Inbox, changes: dict[str, Any]
) -> None:
    answer = inbox.phone().receive(sms("good"), sms() | changes)
    assert (answer["type"], answer["code"], answer["ref"]) == ("error", "invalid-frame", 1)
    assert "messages/1/" in answer["message"]
    assert stored(inbox) == []


@pytest.mark.parametrize("count", [0, 21])
def test_a_frame_holds_one_to_twenty_messages(inbox: Inbox, count: int) -> None:
    answer = inbox.phone().receive(*[sms() for _ in range(count)])
    assert (answer["code"], answer["ref"]) == ("invalid-frame", 1)


def test_a_frame_that_is_too_large_is_refused_by_its_seq(inbox: Inbox) -> None:
    answer = inbox.phone().receive(*[sms("x" * 9_000) for _ in range(4)])
    assert (answer["code"], answer["ref"]) == ("frame-too-large", 1)
    assert stored(inbox) == []


@pytest.mark.parametrize(
    ("sender", "number"),
    [
        ("0712345678", ALICE), ("254712345678", ALICE), (" +254 712-345-678 ", ALICE), ("MPESA", "MPESA"),
        ("22141", "22141"), ("  Mama Pesa ", "Mama Pesa"), ("", ""), ("S" * 300, "S" * 100),
        ("+12125552368", "+12125552368"),
    ],
)  # fmt: skip
def test_who_wrote_is_one_number_however_the_network_wrote_it(inbox: Inbox, sender: str, number: str) -> None:
    phone = inbox.phone()
    phone.receive(sms("one", sender))
    phone.receive(sms("two", number))
    assert {message["from"] for message in inbox.feed()["messages"]} == {number}
    assert inbox.conversation(number)["unreadCount"] == 2


def test_a_frame_without_to_gets_the_sims_number_if_it_is_known(inbox: Inbox) -> None:
    phone = inbox.phone(sims=2)
    hello = phone.hello_frame()
    hello["sims"][1]["phoneNumber"] = "+254733000000"
    phone.say(hello)
    for slot in (0, 1, 5):
        message = sms(str(slot), simSlot=slot)
        del message["to"]
        assert phone.receive(message)["type"] == "ack"
    assert [message.get("to") for message in inbox.feed()["messages"]] == [None, "+254733000000", None]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2031-01-01T00:00:00Z", "2026-06-23T10:00:00Z"), ("0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z"),
        ("2026-06-23T12:30:00.123+03:00", "2026-06-23T09:30:00.123Z"),
    ],
)  # fmt: skip
def test_the_time_of_receipt_is_the_phones_word_within_reason(inbox: Inbox, said: str, shown: str) -> None:
    inbox.phone().receive(sms(receivedAt=said))
    assert inbox.feed()["messages"][0]["receivedAt"] == shown


def test_a_frame_of_a_replaced_connection_is_stored_like_any_other(inbox: Inbox) -> None:
    phone = inbox.phone()
    old = phone.connection, phone.connected_at
    inbox.clock.shift(1)
    phone.connect()
    phone.connection, phone.connected_at = old
    assert phone.receive(sms("late"))["type"] == "ack"
    assert inbox.contents() == ["late"]


def test_a_phone_that_receives_has_spoken(inbox: Inbox) -> None:
    """Its lanes are asked again for jobs, though they left offers unanswered."""
    phone = inbox.phone()
    for _ in range(3):
        inbox.world.job()
    inbox.world.advance(60)
    (lane,) = [item for item in inbox.cloud.items("devices") if "credits" in item]
    assert lane["strikes"] == 3
    phone.receive(sms())
    (lane,) = [item for item in inbox.cloud.items("devices") if "credits" in item]
    assert lane["strikes"] == 0


def test_no_text_and_no_number_is_logged(inbox: Inbox, log_text: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = inbox.phone()
    phone.receive(sms("the secret words"))
    phone.receive(sms("the secret words") | {"simSlot": 99})
    with monkeypatch.context() as patch:
        patch.setattr(table, "transact", lambda operations: 1 / 0)
        assert inbox.world.gateway("$default", phone, json.dumps({"type": "received", "seq": 3, "messages": [sms()]}))[
            "statusCode"
        ] == 500  # fmt: skip
    inbox.feed()
    text = log_text.getvalue()
    assert "failed" in text and "secret" not in text and ALICE[1:] not in text


def test_accounts_share_nothing(inbox: Inbox, cloud: Cloud) -> None:
    other = Inbox(cloud, inbox.clock)
    inbox.phone().receive(sms("mine"))
    other.phone().receive(sms("theirs"))
    assert (inbox.contents(), other.contents()) == (["mine"], ["theirs"])
    assert inbox.conversation()["conversationId"] != other.conversation()["conversationId"]


def test_the_owner_is_the_sim_that_was_written_to_last(inbox: Inbox) -> None:
    first, second = inbox.phone(), inbox.phone(sims=2)
    first.receive(sms())
    second.receive(sms(simSlot=0), sms(simSlot=1))
    assert inbox.conversation()["owner"] == {"deviceId": second.device_id, "simSlot": 1}
    owner = contacts.get(inbox.account_id, ALICE).owner
    assert owner is not None and (owner.device_id, owner.sim_slot) == (second.device_id, 1)

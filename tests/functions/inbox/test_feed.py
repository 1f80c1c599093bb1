"""The feed of inbound SMS: nothing missed, nothing repeated, one order, whatever became of those who write."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Any

import pytest

from smskit.errors import ContentionError
from smskit.inbox.store import inbound_messages
from smskit.inbox.store.inbound_messages import FeedEntry, FeedSlot
from smskit.platform import table
from smskit.platform.times import now_ms
from tests.functions.dispatch.test_races import once_before
from tests.support.inbox import BOB, Inbox, sms

DAY = 86_400


def die_with_numbers(inbox: Inbox, count: int = 1) -> None:
    """A writer takes numbers and is gone before it fills them."""
    inbound_messages.take_numbers(inbox.account_id, count, now_ms())


def tombstones(inbox: Inbox) -> int:
    return sum("closed" in item for item in inbox.cloud.items("messages"))


def test_a_number_that_a_dead_writer_took_holds_up_readers_for_seconds_and_hides_nothing(inbox: Inbox) -> None:
    phone = inbox.phone()
    phone.receive(sms("one"))
    die_with_numbers(inbox)
    phone.receive(sms("three"))
    page = inbox.feed()
    assert [message["content"] for message in page["messages"]] == ["one"]
    assert page["hasMore"] is False, "asking again at once would bring nothing"
    inbox.clock.shift(5.9)
    assert inbox.feed(page["cursor"])["messages"] == []
    inbox.clock.shift(0.2)
    behind = inbox.feed(page["cursor"])
    assert [message["content"] for message in behind["messages"]] == ["three"]
    assert tombstones(inbox) == 1
    assert inbox.feed(behind["cursor"])["messages"] == []


def test_a_writer_that_comes_back_after_its_number_was_closed_takes_another(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = inbox.phone()
    pages: list[dict[str, Any]] = []

    def meanwhile() -> None:
        phone.receive(sms("meanwhile"))
        inbox.clock.shift(7)
        pages.append(inbox.feed())

    once_before(monkeypatch, inbound_messages, "store", meanwhile)
    assert phone.receive(sms("late"), sms("later"))["type"] == "ack"
    assert [message["content"] for message in pages[0]["messages"]] == ["meanwhile"]
    assert [message["content"] for message in inbox.feed(pages[0]["cursor"])["messages"]] == ["late", "later"]
    assert inbox.contents() == ["meanwhile", "late", "later"]
    assert inbox.conversation()["unreadCount"] == 3


def test_a_number_that_is_written_while_a_reader_closes_it_is_read(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, original = inbox.phone(), inbound_messages.store
    pages: list[Any] = []

    def wait_for_a_reader(*arguments: Any) -> None:
        monkeypatch.setattr(inbound_messages, "store", original)
        phone.receive(sms("second", BOB))
        inbox.clock.shift(7)
        once_before(monkeypatch, inbound_messages, "close", lambda: original(*arguments))
        pages.append(inbox.feed())
        raise ContentionError("the answer to the transaction is lost")

    monkeypatch.setattr(inbound_messages, "store", wait_for_a_reader)
    phone.receive(sms("first"))
    assert [message["content"] for message in pages[0]["messages"]] == ["first", "second"]


def test_a_query_that_misses_a_message_and_sees_the_next_loses_nothing(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DynamoDB's queries are no snapshots."""
    inbox.phone().receive(sms("one"), sms("two"), sms("three"))
    original = inbound_messages.after

    def torn(*arguments: Any) -> tuple[list[FeedEntry], bool]:
        entries, more = original(*arguments)
        return [entry for entry in entries if entry.seq != 2], more

    monkeypatch.setattr(inbound_messages, "after", torn)
    assert inbox.contents() == ["one"]
    inbox.clock.shift(7)
    assert inbox.contents() == ["one", "two", "three"]


def test_a_number_that_a_transaction_is_filling_is_waited_for(inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    die_with_numbers(inbox)
    inbox.phone().receive(sms("two"))
    inbox.clock.shift(7)

    def held(*_: Any, **__: Any) -> None:
        raise ContentionError("a transaction holds the item")

    with monkeypatch.context() as patch:
        patch.setattr(table, "put", held)
        assert inbox.feed()["messages"] == [] and inbox.feed()["hasMore"] is False
    assert inbox.contents() == ["two"]


def test_numbers_that_ran_out_are_stepped_over(inbox: Inbox) -> None:
    """After a pause longer than messages are kept, the next one is there at once, without a write."""
    phone = inbox.phone()
    phone.receive(*[sms(str(number)) for number in range(5)])
    page = inbox.feed(limit=2)
    inbox.clock.shift(31 * DAY)
    phone.connect()
    phone.receive(sms("after the pause"))
    assert inbox.contents() == ["after the pause"], "what has expired is not shown though it is still there"
    for item in inbox.cloud.items("messages"):
        if item.get("content", "").isdigit():
            table.delete("messages", {"pk": item["pk"], "sk": item["sk"]})
    assert inbox.contents() == ["after the pause"]
    assert [message["content"] for message in inbox.feed_to_end(page["cursor"])] == ["after the pause"]
    assert tombstones(inbox) == 0


def test_a_dead_writer_of_long_ago_is_stepped_over(inbox: Inbox) -> None:
    phone = inbox.phone()
    die_with_numbers(inbox, 3_000)
    inbox.clock.shift(3_601)
    phone.receive(sms("Hello"))
    assert inbox.contents() == ["Hello"]
    assert tombstones(inbox) == 0


def test_many_numbers_of_dead_writers_are_closed_in_bounded_steps(inbox: Inbox) -> None:
    phone = inbox.phone()
    die_with_numbers(inbox, 60)
    phone.receive(sms("Hello"))
    inbox.clock.shift(7)
    page = inbox.feed()
    assert page["messages"] == [] and page["hasMore"] and tombstones(inbox) == 25
    assert [message["content"] for message in inbox.feed_to_end(page["cursor"])] == ["Hello"]
    assert tombstones(inbox) == 60
    assert inbox.contents() == ["Hello"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_readers_with_any_page_see_one_order(inbox: Inbox, limit: int) -> None:
    phones = [inbox.phone() for _ in range(3)]
    for number in range(12):
        if number % 5 == 4:
            die_with_numbers(inbox)
        phones[number % 3].receive(sms(f"{number}a"), sms(f"{number}b"))
    inbox.clock.shift(7)
    expected = [f"{number}{letter}" for number in range(12) for letter in "ab"]
    assert [message["content"] for message in inbox.feed_to_end(limit=limit)] == expected
    assert inbox.contents() == expected


def test_a_full_page_says_whether_there_is_more(inbox: Inbox) -> None:
    inbox.phone().receive(sms("one"), sms("two"))
    assert inbox.feed(limit=1)["hasMore"] is True
    assert inbox.feed(limit=2)["hasMore"] is False
    assert inbox.feed(inbox.feed(limit=1)["cursor"], 1)["hasMore"] is False


def test_a_cursor_of_an_empty_feed_finds_what_comes_later(inbox: Inbox) -> None:
    cursor = inbox.feed()["cursor"]
    assert inbox.feed(since="")["cursor"] == cursor
    inbox.phone().receive(sms("one"))
    assert [message["content"] for message in inbox.feed(cursor)["messages"]] == ["one"]


def _written(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "since",
    ["x", "%F0%9F%8E%89", "AAAA", _written("1.5"), _written("1.00000000.5"), "a" * 129, "MS4wMDAwMDAwMC41=", "0"],
)  # fmt: skip
def test_a_cursor_that_no_answer_gave_is_refused(inbox: Inbox, since: str) -> None:
    answer = inbox.api.get("/api/sms/received", query=f"since={since}")
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/since"])


def test_a_cursor_of_another_account_or_list_is_refused(inbox: Inbox) -> None:
    other = Inbox(inbox.cloud, inbox.clock)
    phone = inbox.phone()
    phone.receive(sms(), sms(sender="MPESA"))
    of_list = inbox.conversations(limit=1)["cursor"]
    for cursor in (other.feed()["cursor"], of_list):
        assert inbox.api.get("/api/sms/received", query=f"since={cursor}").pointers == ["#/since"]
    answer = inbox.api.get("/api/conversations", query=f"cursor={inbox.feed()['cursor']}")
    assert (answer.status, answer.pointers) == (400, ["#/cursor"])


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "limit=1.5", "limit=", "Since=x", "cursor=x", "sinc="]
)
def test_parameters_are_checked_and_named(inbox: Inbox, query: str) -> None:
    answer = inbox.api.get("/api/sms/received", query=query)
    assert (answer.status, answer.pointers) == (400, [f"#/{query.partition('=')[0]}"])


def test_the_feed_needs_a_key(inbox: Inbox) -> None:
    assert inbox.api.get("/api/sms/received", headers={"x-api-key": ""}).status == 401


def test_numbers_are_never_filled_twice(inbox: Inbox) -> None:
    """The rule that all else rests on."""
    numbers = inbound_messages.take_numbers(inbox.account_id, 1, now_ms())
    place = FeedSlot(numbers.first, numbers.previous_at, None)
    inbound_messages.store(inbox.account_id, [place], now_ms())
    with pytest.raises(inbound_messages.NotStoredError) as refused:
        inbound_messages.store(inbox.account_id, [place], now_ms())
    assert refused.value.is_closed and not refused.value.known

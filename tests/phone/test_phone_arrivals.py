"""What the journal promises of received messages, one by one."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smskit_phone import InboundMessage, frames
from smskit_phone.database import Database
from smskit_phone.inbound_store import Arrivals

AT = "2026-01-01T00:00:00.000Z"
texts = st.one_of(st.text(st.characters(), max_size=40), st.integers(0, 13_000).map("x".__mul__))


def message(number: int, content: str = "text") -> InboundMessage:
    return InboundMessage(f"pm_{number}", 0, "+254712345678", content, AT)


@contextmanager
def opened() -> Iterator[Arrivals]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "journal.sqlite3")
        yield Arrivals(database)
        database.close()


@pytest.fixture
def arrivals() -> Iterator[Arrivals]:
    with opened() as made:
        yield made


def ids(frame: frames.Frame) -> list[str]:
    return [one["phoneMessageId"] for one in frame["messages"]]


def rest(arrivals: Arrivals) -> list[str]:
    """What comes when every frame is acknowledged."""
    found = []
    while (frame := arrivals.next_frame()) is not None:
        found += ids(frame)
        arrivals.acknowledge(frame["seq"])
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, max_size=50))
def test_frames_are_as_full_as_may_be_and_no_fuller_and_keep_order_and_texts(contents):
    with opened() as arrivals:
        arrivals.add(message(number, content) for number, content in enumerate(contents))
        made = []
        while (frame := arrivals.next_frame()) is not None:
            made.append(frame)
            arrivals.acknowledge(frame["seq"])

    found = [one["content"] for frame in made for one in frame["messages"]]
    assert found == contents
    assert [frame["seq"] for frame in made] == list(range(1, len(made) + 1))
    for frame, following in zip(made, [*made, None][1:], strict=True):
        size = len(frames.encode(frame).encode())
        assert len(frame["messages"]) <= 20
        assert size <= 24 * 1024 or len(frame["messages"]) == 1
        if following and len(frame["messages"]) < 20:
            more = len(frames.to_json(following["messages"][0]).encode())
            # The room for a seq of 19 digits is always kept free.
            assert size + more + 20 > 24 * 1024


@pytest.mark.parametrize("over", [0, 1])
def test_a_frame_may_be_32_kilobytes_and_not_a_byte_more(arrivals, over):
    empty = frames.received(2**63 - 1, [frames.received_item(message(1, ""))])
    room = 32 * 1024 - len(frames.encode(empty).encode())

    (arrival,) = arrivals.add([message(1, "x" * (room + over))])

    assert arrival.refusal == ("too-large" if over else None)
    assert (arrivals.next_frame() is None) == bool(over)
    assert arrivals.is_empty() == bool(over)


def test_a_frame_stays_the_same_until_it_is_acknowledged_whatever_comes_in(arrivals):
    arrivals.add([message(1)])
    first = arrivals.next_frame()
    arrivals.add([message(2)])

    assert arrivals.next_frame() == first
    assert (arrivals.acknowledge(first["seq"] + 1), arrivals.next_frame()) == (0, first)
    assert arrivals.acknowledge(first["seq"]) == 1
    assert rest(arrivals) == ["pm_2"]


def test_a_message_is_known_by_its_phone_id_while_it_waits_and_when_it_was_set_aside(arrivals):
    assert len(arrivals.add([message(1), message(1, "other"), message(2)])) == 2
    assert arrivals.add([message(2)]) == []
    assert arrivals.add([message(3, "x" * 40_000)])[0].refusal == "too-large"
    assert arrivals.add([message(3)]) == []

    assert rest(arrivals) == ["pm_1", "pm_2"]


def test_a_refused_frame_is_halved_under_new_numbers_and_an_old_number_means_nothing(arrivals):
    arrivals.add(message(number) for number in range(4))
    whole = arrivals.next_frame()

    assert arrivals.refuse(whole["seq"]) == []
    half = arrivals.next_frame()

    assert ids(half) == ["pm_0", "pm_1"]
    assert half["seq"] > whole["seq"]
    assert arrivals.refuse(whole["seq"]) == []
    assert arrivals.next_frame() == half
    assert not arrivals.holds(whole["seq"])
    assert rest(arrivals) == [f"pm_{number}" for number in range(4)]


def test_a_single_message_is_set_aside_at_its_third_refusal(arrivals):
    arrivals.add([message(1), message(2)])
    arrivals.refuse(arrivals.next_frame()["seq"])

    aside = [arrivals.refuse(arrivals.next_frame()["seq"]) for _ in range(3)]

    assert aside == [[], [], ["pm_1"]]
    assert rest(arrivals) == ["pm_2"]


def test_a_single_message_that_is_never_answered_goes_behind_the_others_and_is_kept(arrivals):
    arrivals.add([message(1), message(2)])
    arrivals.postpone(arrivals.next_frame()["seq"])
    arrivals.postpone(arrivals.next_frame()["seq"])

    assert rest(arrivals) == ["pm_2", "pm_1"]
    assert arrivals.is_empty()

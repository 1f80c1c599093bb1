"""What counts of a SIM's last messages."""

from __future__ import annotations

from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from smskit.models.sim_health import LEAST_TRIES, WINDOW, History


def played(outcomes: list[bool]) -> History:
    history = History()
    for is_sent in outcomes:
        history = history.with_sent(1) if is_sent else history.with_failed()
    return history


@given(st.lists(st.booleans(), max_size=3 * WINDOW))
def test_it_is_the_share_of_the_last_fifty(outcomes: list[bool]) -> None:
    history, last = played(outcomes), deque(outcomes, WINDOW)
    assert (history.count, history.sent) == (len(last), sum(last))
    assert history.share == (sum(last) / len(last) if last else None)
    assert len(history.failed) <= WINDOW


def test_many_that_were_sent_count_as_so_many() -> None:
    assert History().with_failed().with_sent(3) == played([False, True, True, True])


def test_less_than_half_of_ten_is_poor_and_half_is_not() -> None:
    assert played([True, False] * 5 + [False]).is_poor
    assert not played([True, False] * 5).is_poor
    assert not played([False] * (LEAST_TRIES - 1)).is_poor


def test_a_history_begins_anew_and_its_numbers_go_on() -> None:
    anew = played([False] * 20).anew()
    assert (anew.count, anew.share, anew.number) == (0, None, 20)
    assert anew.with_sent(1).with_failed().share == 0.5

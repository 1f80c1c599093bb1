"""Which messages are keywords, and which aren't."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smskit.logic.keywords import BUILT_IN, Keyword, word_of
from smskit.models.account_settings import Words

NONE = Words()
# From the public description of the opt-out words, not from the code.
STOP = ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT-OUT", "REMOVE", "ARRET",
        "ACHA", "SITISHA", "ONDOA"]  # fmt: skip
EXPECTED = dict.fromkeys(STOP, Keyword.STOP) | {
    "START": Keyword.START, "UNSTOP": Keyword.START, "YES": Keyword.YES, "HELP": Keyword.HELP, "INFO": Keyword.HELP,
}  # fmt: skip


def test_these_are_the_words_and_no_others() -> None:
    assert {word.upper(): keyword for word, keyword in BUILT_IN.items()} == EXPECTED


@pytest.mark.parametrize("word", EXPECTED)
def test_a_word_counts_in_any_case_and_with_space_around_it(word: str) -> None:
    forms = [
        word,
        word.lower(),
        word.title(),
        f" {word}",
        f"{word}\n",
        f"\t {word.lower()} \r\n",
        f"\u00a0{word}\u2003",
    ]
    assert {word_of(form, NONE) for form in forms} == {EXPECTED[word]}


@pytest.mark.parametrize(
    "content",
    ["", " ", "STOP it", "stopp", "sto p", "S T O P", "STOP.", "please stop", "STOP STOP", "OPT OUT", "YES!", "yes sir",
     "START now", "helpme", "help?", "don't stop", "1", "STOP" + " " * 20 + "me", "st\u00f6p", "STOP\x00"],
)  # fmt: skip
def test_a_near_miss_is_no_keyword(content: str) -> None:
    assert word_of(content, NONE) is None


@given(st.text(max_size=60))
def test_only_a_word_alone_is_a_keyword(content: str) -> None:
    assert (word_of(content, NONE) is None) == (" ".join(content.casefold().split()) not in BUILT_IN)


def test_a_message_of_ten_thousand_characters_is_none_and_spaces_do_not_hide_a_word() -> None:
    assert word_of("stop " * 2000, NONE) is None
    assert word_of(" " * 9000 + "stop", NONE) is Keyword.STOP


def test_words_of_the_account_count_besides() -> None:
    words = Words(stop=("basta", "no more"), start=("karibu",), help=("msaada", "arr\u00eat\u00e9"))
    assert word_of(" Basta ", words) is Keyword.STOP
    assert word_of("NO  MORE", words) is Keyword.STOP
    assert word_of("KARIBU", words) is Keyword.START
    assert word_of("Msaada", words) is Keyword.HELP
    assert word_of("ARRE\u0302TE\u0301", words) is Keyword.HELP, "however its accents are encoded"
    assert word_of("stop", words) is Keyword.STOP
    assert word_of("basta ya", words) is None
    assert word_of("basta", NONE) is None

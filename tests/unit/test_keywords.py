"""Which messages are keywords, and which aren't."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smskit.logic.keywords import BUILT_IN, Keyword, normal, word_of
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
     "START now", "helpme", "help?", "don't stop", "1", "STOP" + " " * 20 + "me", "st\u00f6p", "STOP\x00it",
     "please \u200bSTOP", "STOP\u200bSTOP", "st\u200bop by", "ST\u200b OP", "\u200b", "\u24c8",
     "\uff33\uff34\uff2f\uff30\uff01"],
)  # fmt: skip
def test_a_near_miss_is_no_keyword(content: str) -> None:
    assert word_of(content, NONE) is None


@pytest.mark.parametrize(
    "content",
    ["STOP\x00", "\x00STOP", "\ufeffSTOP", "STOP\u200b", "STOP\u200e", "\u2067STOP\u2069", "S\u00adT\u200dOP",
     "STOP\x1a\n", "\uff33\uff34\uff2f\uff30", "\uff53top ",
     "\U0001d412\U0001d413\U0001d40e\U0001d40f", "\u200b" * 500 + "stop"],
)  # fmt: skip
def test_what_cannot_be_seen_and_other_forms_of_letters_do_not_hide_a_word(content: str) -> None:
    assert word_of(content, NONE) is Keyword.STOP


@given(st.text("stopSTOP\uff33 .\u200b\x00\n", max_size=60))
def test_only_a_word_alone_is_a_keyword(content: str) -> None:
    seen = content.replace("\u200b", "").replace("\x00", "").replace("\uff33", "S")
    assert (word_of(content, NONE) is Keyword.STOP) == (" ".join(seen.casefold().split()) == "stop")


@given(st.text(max_size=60))
def test_a_normal_form_is_its_own(content: str) -> None:
    assert normal(normal(content)) == normal(content)


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
    assert word_of("\uff22asta\u200b", words) is Keyword.STOP
    assert word_of("basta ya", words) is None
    assert word_of("basta", NONE) is None


@pytest.mark.parametrize("word", ["\u1ed9" * 32, "\uac01" * 32, "\u0390" * 32], ids=["Vietnamese", "Hangul", "Greek"])
def test_an_own_word_of_32_letters_is_found_however_it_is_encoded(word: str) -> None:
    words = Words(stop=(normal(word),))
    assert word_of(unicodedata.normalize("NFD", word), words) is Keyword.STOP
    assert word_of("\u200b".join(word), words) is Keyword.STOP
    assert word_of(word + word[0], words) is None


@pytest.mark.parametrize("content", ["\u0390", "\u03aa\u0301", "\u03ca\u0301", "\u0399\u0308\u0301"])
def test_an_own_word_counts_in_any_case(content: str) -> None:
    assert word_of(content, Words(stop=(normal("\u0390"),))) is Keyword.STOP


def test_an_own_word_that_was_saved_in_another_form_counts() -> None:
    words = Words(stop=("\uff42asta",), help=("Msaada",))
    assert word_of("BASTA", words) is Keyword.STOP
    assert word_of("msaada", words) is Keyword.HELP

"""Which messages are keywords, and which aren't."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smskit.models.account_settings import Words
from smskit.models.keywords import BUILT_IN, Keyword, normal, word_of
from tests.support.written_words import AROUND, MEANT, NOT_MEANT

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
    ("content", "keyword"), [(content, keyword) for keyword in MEANT for content in MEANT[keyword]], ids=ascii
)
def test_what_people_write_is_taken_as_they_mean_it(content: str, keyword: Keyword) -> None:
    assert word_of(content, NONE) is keyword


@pytest.mark.parametrize("content", NOT_MEANT, ids=ascii)
def test_what_is_more_or_less_than_a_word_is_a_message_like_any_other(content: str) -> None:
    assert word_of(content, NONE) is None


@pytest.mark.parametrize("around", AROUND, ids=ascii)
@pytest.mark.parametrize("word", ["STOP", "OPT-OUT", "acha", "start", "help"])
def test_what_stands_around_a_word_does_not_hide_it(word: str, around: str) -> None:
    expected = EXPECTED[word.upper()]
    for content in (around + word, word + around, f"{around} {word}{around}", f" {around}{around}{word} {around}\n"):
        assert word_of(content, NONE) is expected, ascii(content)


@pytest.mark.parametrize(
    "between", ["'", "\u2019", ".", "!", " ", "\u00a0", "\u3000", "\ufe10", "\U0001f6d1", "1"], ids=ascii
)
def test_what_stands_within_a_word_does(between: str) -> None:
    assert word_of(f"ST{between}OP", NONE) is None


@pytest.mark.parametrize("dash", "-\u2010\u2011\u2012\u2013\u2014\uff0d", ids=ascii)
def test_the_hyphen_of_opt_out_may_be_any_dash(dash: str) -> None:
    assert word_of(f"{dash}Opt{dash}out{dash}", NONE) is Keyword.STOP


@pytest.mark.parametrize(
    "content",
    ["STOP\x00", "\x00STOP", "\ufeffSTOP", "STOP\u200b", "STOP\u200e", "\u2067STOP\u2069", "S\u00adT\u200dOP",
     "STOP\x1a\n", "\uff33\uff34\uff2f\uff30", "\uff53top ", "S\ufe0fTOP", "ST\u3164OP", "\u24c8\u24c9\u24c4\u24c5",
     "\U0001d412\U0001d413\U0001d40e\U0001d40f", "\u200b" * 500 + "stop", "!" * 500 + "stop" + "?" * 500],
    ids=lambda content: ascii(content[:12]),
)  # fmt: skip
def test_what_cannot_be_seen_and_other_forms_of_letters_do_not_hide_a_word(content: str) -> None:
    assert word_of(content, NONE) is Keyword.STOP


@given(st.text("stopSTOP\uff33 .\U0001f6d1\u200b\x00\n", max_size=60))
def test_only_a_word_alone_is_a_keyword(content: str) -> None:
    seen = content.replace("\u200b", "").replace("\x00", "").replace("\uff33", "S").casefold()
    whole = " ".join(seen.split()).strip(" .\U0001f6d1")
    said = {part.strip(".\U0001f6d1") for part in whole.split()} - {""}
    assert (word_of(content, NONE) is Keyword.STOP) == (said == {"stop"} and len(whole) <= 32)


@given(st.text(max_size=60))
def test_a_normal_form_is_its_own(content: str) -> None:
    assert normal(normal(content)) == normal(content)


def test_a_message_of_ten_thousand_characters_is_none_and_spaces_do_not_hide_a_word() -> None:
    assert word_of("stop " * 2000, NONE) is None
    assert word_of(" " * 9000 + "stop", NONE) is Keyword.STOP
    assert word_of("." * 9000 + "stop" + "\U0001f6d1" * 9000, NONE) is Keyword.STOP


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


def test_an_own_word_counts_whatever_stands_around_it_there_and_here() -> None:
    words = Words(stop=(normal("\u201cBasta!\u201d"), "no more."), help=("msaada?",))
    assert words.stop[0] == "basta"
    for content in ("basta", "Basta.", "'BASTA'", "basta \U0001f64f", "No more!", "no more", "basta basta"):
        assert word_of(content, words) is Keyword.STOP, content
    assert word_of("Msaada!", words) is Keyword.HELP
    assert word_of("no more no more", words) is None, "it isn't one word"
    assert word_of("msaada msaada", words) is None


def test_an_own_word_may_be_a_sign_but_then_it_is_that_sign_alone() -> None:
    words = Words(stop=(normal("\u270b\ufe0f"),))
    assert word_of("\u270b", words) is Keyword.STOP
    assert word_of("\U0001f44d", words) is None
    assert word_of("hello \u270b", words) is None


def test_an_own_word_of_older_rules_takes_no_built_in_word_over_and_is_no_message_of_any_kind() -> None:
    words = Words(stop=("\u3164",), start=("stop!",))
    assert word_of("stop", words) is Keyword.STOP
    assert word_of("stop!", words) is Keyword.STOP
    for content in ("", "hello", "hello there", "..."):
        assert word_of(content, words) is None


def test_accents_at_the_end_of_a_word_belong_to_it() -> None:
    hindi, thai = "\u0930\u094b\u0915\u0947\u0902", "\u0e2b\u0e22\u0e38\u0e14\u0e17\u0e35\u0e48"
    assert (normal(f"\u201c{hindi}\u0964\u201d"), normal(f"{thai}!")) == (hindi, thai)
    assert word_of("stop\u0327", NONE) is None

"""Keywords: an SMS that is one word, by which people opt out and in again, or ask for help."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from smskit.models.account_settings import Words


class Keyword(StrEnum):
    """What a word asks for. YES opts in like START, but only who is opted out: it is an answer to much else."""

    STOP = "STOP"
    START = "START"
    YES = "YES"
    HELP = "HELP"


LONGEST = 32  # characters of a word in its normal form
# What nobody sees: control and format characters such as a soft hyphen or a direction mark, by their general category
# of Unicode, and what else Unicode lets programs leave undrawn: variation selectors, joiners, fillers, tags.
_UNSEEN = ("Cc", "Cf")
_UNDRAWN = frozenset(map(chr, [
    0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2065, 0x3164, *range(0xFE00, 0xFE10), 0xFFA0,
    *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000),
]))  # fmt: skip
# What stands around a word: punctuation, symbols and emoji, white space, and code points without a character of their
# own, as a broken or a too new emoji is. Letters, digits and accents belong to it, but for the letters that are quotes.
_AROUND = ("P", "S", "Z", "C")
_QUOTE_LETTERS = frozenset("\u02b9\u02ba\u02bb\u02bc\u02bd\u02ee")
BUILT_IN = {
    "stop": Keyword.STOP, "stopall": Keyword.STOP, "unsubscribe": Keyword.STOP, "cancel": Keyword.STOP,
    "end": Keyword.STOP, "quit": Keyword.STOP, "revoke": Keyword.STOP, "optout": Keyword.STOP,
    "opt-out": Keyword.STOP, "remove": Keyword.STOP, "arret": Keyword.STOP, "acha": Keyword.STOP,
    "sitisha": Keyword.STOP, "ondoa": Keyword.STOP,
    "start": Keyword.START, "unstop": Keyword.START, "yes": Keyword.YES,
    "help": Keyword.HELP, "info": Keyword.HELP,
}  # fmt: skip


def normal(text: str) -> str:
    """The form that words are compared in: what can be seen of it, any case, any width, composed, single spaces and
    plain hyphens within, and nothing around it but letters, digits and their accents.

    It is its own normal form. A text without any letter or digit keeps its signs: it has no word to take them off.
    """
    seen = "".join(filter(_is_seen, text))
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold())
    form = " ".join("".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in folded).split())
    return _bare(form) or form


def _is_seen(character: str) -> bool:
    return character.isspace() or not (unicodedata.category(character) in _UNSEEN or character in _UNDRAWN)


def _bare(form: str) -> str:
    """The form without what stands around its word; an accent goes with the sign that it is on."""
    start, end = 0, len(form)
    while start < end and (_is_around(form[start]) or _is_accent(form[start])):
        start += 1
    while start < end:
        last = end - 1
        while _is_accent(form[last]):
            last -= 1  # ends before `start`, which has none
        if not _is_around(form[last]):
            break
        end = last
    return form[start:end]


def _is_around(character: str) -> bool:
    return unicodedata.category(character).startswith(_AROUND) or character in _QUOTE_LETTERS


def _is_accent(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def may_be_word(content: str) -> bool:
    """Whether a message is short enough for a keyword, however its letters are encoded."""
    return len(normal(content)) <= LONGEST


def word_of(content: str, words: Words) -> Keyword | None:
    """The keyword that a message is as a whole, built in or of the account; None for any other message.

    A word for STOP also counts when it is all that the message says, several times: "STOP STOP!". Whoever writes this
    wants no more messages: no opt-out may fail for a trifling variance (CTIA), and any reasonable words will do (FCC).
    What opts in must be said as it was agreed, and so must a call for help.
    """
    word = normal(content)
    if len(word) > LONGEST:
        return None
    keyword = _meaning(word, words)
    if keyword is None and _meaning(_repeated(word), words) is Keyword.STOP:
        return Keyword.STOP
    return keyword


def _repeated(form: str) -> str:
    """The one word that the form consists of, however often; empty if there are several."""
    said = {_bare(part) for part in form.split()} - {""}
    return said.pop() if len(said) == 1 else ""


def _meaning(word: str, words: Words) -> Keyword | None:
    """Built-in words come first: what an account saved under older rules shall not give them another meaning."""
    if not word or word in BUILT_IN:
        return BUILT_IN.get(word)
    for keyword, own in ((Keyword.STOP, words.stop), (Keyword.START, words.start), (Keyword.HELP, words.help)):
        if word in map(normal, own):
            return keyword
    return None

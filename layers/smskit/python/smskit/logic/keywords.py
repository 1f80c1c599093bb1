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
_UNSEEN = ("Cc", "Cf")  # general categories of Unicode: control, and format such as a soft hyphen or a direction mark
BUILT_IN = {
    "stop": Keyword.STOP, "stopall": Keyword.STOP, "unsubscribe": Keyword.STOP, "cancel": Keyword.STOP,
    "end": Keyword.STOP, "quit": Keyword.STOP, "revoke": Keyword.STOP, "optout": Keyword.STOP,
    "opt-out": Keyword.STOP, "remove": Keyword.STOP, "arret": Keyword.STOP, "acha": Keyword.STOP,
    "sitisha": Keyword.STOP, "ondoa": Keyword.STOP,
    "start": Keyword.START, "unstop": Keyword.START, "yes": Keyword.YES,
    "help": Keyword.HELP, "info": Keyword.HELP,
}  # fmt: skip


def normal(text: str) -> str:
    """The form that words are compared in: what can be seen of it, any case, any width, composed, single spaces within.

    It is its own normal form. Control and format characters are left out wherever they stand, white space is not.
    """
    seen = "".join(filter(_is_seen, text))
    return " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()).split())


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _UNSEEN


def may_be_word(content: str) -> bool:
    """Whether a message is short enough for a keyword, however its letters are encoded."""
    return len(normal(content)) <= LONGEST


def word_of(content: str, words: Words) -> Keyword | None:
    """The keyword that a message is as a whole, built in or of the account; None for any other message."""
    word = normal(content)
    if len(word) > LONGEST:
        return None
    for keyword, own in ((Keyword.STOP, words.stop), (Keyword.START, words.start), (Keyword.HELP, words.help)):
        if word in map(normal, own):
            return keyword
    return BUILT_IN.get(word)

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


LONGEST = 32  # characters of a word
BUILT_IN = {
    "stop": Keyword.STOP, "stopall": Keyword.STOP, "unsubscribe": Keyword.STOP, "cancel": Keyword.STOP,
    "end": Keyword.STOP, "quit": Keyword.STOP, "revoke": Keyword.STOP, "optout": Keyword.STOP,
    "opt-out": Keyword.STOP, "remove": Keyword.STOP, "arret": Keyword.STOP, "acha": Keyword.STOP,
    "sitisha": Keyword.STOP, "ondoa": Keyword.STOP,
    "start": Keyword.START, "unstop": Keyword.START, "yes": Keyword.YES,
    "help": Keyword.HELP, "info": Keyword.HELP,
}  # fmt: skip


def normal(text: str) -> str:
    """The form that words are compared in: trimmed, any case, composed, and with single spaces within."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def may_be_word(content: str) -> bool:
    """Whether a message is short enough for a keyword."""
    return len(content.strip()) <= 2 * LONGEST


def word_of(content: str, words: Words) -> Keyword | None:
    """The keyword that a message is as a whole, built in or of the account; None for any other message."""
    if not may_be_word(content):
        return None
    word = normal(content)
    if word in words.stop:
        return Keyword.STOP
    if word in words.start:
        return Keyword.START
    if word in words.help:
        return Keyword.HELP
    return BUILT_IN.get(word)

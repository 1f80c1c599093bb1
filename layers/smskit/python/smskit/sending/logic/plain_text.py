"""Characters of word processors and keyboards that cost a message its GSM alphabet, and what says the same in it."""

from __future__ import annotations

_PLAIN = {
    "‘’‚‛′`´": "'",
    "“”„‟″": '"',
    "«": "<<",
    "»": ">>",
    "‹": "<",
    "›": ">",
    "‐‑‒–—―−": "-",
    "…": "...",
    "•·": "*",
    "×": "x",
    "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t": " ",
    "\u2028\u2029\x85\v": "\n",
    "\u00ad\u200b\u2060\ufeff": "",  # they show nothing
}
FORMS = {character: plain for characters, plain in _PLAIN.items() for character in characters}
_TABLE = str.maketrans(FORMS)


def plain(message: str) -> str:
    """The message with the plain form of every character that has one."""
    return message.translate(_TABLE)

"""Between texts and the parts that a modem sends or stores."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import gammu

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""The GSM alphabet (3GPP TS 23.038): a character's place is its code, and \x1b leads to the extension."""
_EXTENSION = "^{}\\[~]|€"
"""Without the form feed, which gammu loses."""
_GSM = frozenset(_BASIC + _EXTENSION) - {"\x1b"}


_HALF = re.compile("[\ud800-\udfff]")
_DROPPED = "\ufffd"


class UnsendableTextError(Exception):
    """gammu would cut the text off at this character."""


def split(text: str) -> list[dict[str, Any]]:
    """The parts of a message; several have headers that join them. Raises UnsendableTextError."""
    if "\0" in text:
        raise UnsendableTextError
    whole = {"ID": "ConcatenatedTextLong", "Buffer": text}
    parts = gammu.EncodeSMS({"Class": -1, "Unicode": not _GSM.issuperset(text), "Entries": [whole]})
    return list(parts)


def text_of(message: Mapping[str, Any], pdus: Iterable[bytes]) -> str:
    """An incoming part's text. gammu counts the escapes of the GSM alphabet as characters, and so hands on as many too
    many: a NUL, and behind it what its memory last held, which is another message's. Half of a surrogate pair, whose
    other half is in the next part, it drops: it is looked up in the PDU that the text came from, one of `pdus`."""
    text = message["Text"]
    text = (text.decode("latin-1") if isinstance(text, bytes) else str(text)).partition("\0")[0]
    if _DROPPED not in text:
        return text
    octets = len(text.encode("utf-16-be"))
    read = (pdu[-octets:].decode("utf-16-be", "surrogatepass") for pdu in pdus if len(pdu) > octets)
    return next((whole for whole in read if _HALF.sub(_DROPPED, whole) == text), text)


def sender_of(message: Mapping[str, Any]) -> str:
    """Who sent an incoming part. gammu takes the codes of a name in the GSM alphabet for ASCII, which digits and
    letters are in both; it ends a name at an @, whose code is 0."""
    return "".join(_BASIC[ord(code)] if ord(code) < len(_BASIC) else code for code in message["Number"])


def place_of(message: Mapping[str, Any]) -> tuple[int, int, int]:
    """(reference, part from 1, parts) of an incoming part; (0, 1, 1) of a message that is whole."""
    header = message["UDH"]
    if header["AllParts"] <= 1 or header["PartNumber"] < 1 or header["PartNumber"] > header["AllParts"]:
        return 0, 1, 1
    wide = header["ID16bit"]
    return (wide if wide >= 0 else header["ID8bit"]), header["PartNumber"], header["AllParts"]

"""Between texts and the parts that a modem sends or stores."""

from collections.abc import Mapping
from typing import Any

import gammu

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
"""The GSM alphabet (3GPP TS 23.038) with its extension, without the form feed, which gammu loses."""


class UnsendableTextError(Exception):
    """gammu would cut the text off at this character."""


def split(text: str) -> list[dict[str, Any]]:
    """The parts of a message; several have headers that join them. Raises UnsendableTextError."""
    if "\0" in text:
        raise UnsendableTextError
    whole = {"ID": "ConcatenatedTextLong", "Buffer": text}
    parts = gammu.EncodeSMS({"Class": -1, "Unicode": not _GSM.issuperset(text), "Entries": [whole]})
    return list(parts)


def text_of(message: Mapping[str, Any]) -> str:
    """An incoming part's text. gammu counts the escapes of the GSM alphabet as characters, and so hands on as many too
    many: a NUL, and behind it what its memory last held, which is another message's."""
    text = message["Text"]
    return (text.decode("latin-1") if isinstance(text, bytes) else str(text)).partition("\0")[0]


def place_of(message: Mapping[str, Any]) -> tuple[int, int, int]:
    """(reference, part from 1, parts) of an incoming part; (0, 1, 1) of a message that is whole."""
    header = message["UDH"]
    if header["AllParts"] <= 1 or header["PartNumber"] < 1 or header["PartNumber"] > header["AllParts"]:
        return 0, 1, 1
    wide = header["ID16bit"]
    return (wide if wide >= 0 else header["ID8bit"]), header["PartNumber"], header["AllParts"]

"""Identifiers: a prefix, `_`, and 20 characters of Crockford base32."""

from __future__ import annotations

import hashlib
import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BODY = re.compile(r"[0-9A-HJKMNP-TV-Z]{20}", re.ASCII)


def encode(number: int, length: int) -> str:
    """The lowest `length` × 5 bits of `number`, most significant first."""
    return "".join(ALPHABET[(number >> (5 * i)) & 31] for i in reversed(range(length)))


def decode(text: str) -> int:
    """The number that `encode` wrote. Raises ValueError."""
    number = 0
    for character in text:
        number = number * 32 + ALPHABET.index(character)
    return number


def new_id(prefix: str, now_ms: int) -> str:
    """An id whose first 10 characters are time, so that ids sort by age; the other 50 bits are random."""
    return f"{prefix}_{encode(now_ms, 10)}{encode(secrets.randbits(50), 10)}"


def derived_id(prefix: str, *parts: str) -> str:
    """The id that these parts always give: 100 bits of SHA-256 over the length-prefixed parts."""
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    digest = hashlib.sha256(joined.encode()).digest()
    return f"{prefix}_{encode(int.from_bytes(digest[:13], 'big') >> 4, 20)}"


def is_id(prefix: str, text: str) -> bool:
    """Whether `text` has the form of an id with this prefix."""
    head, _, body = text.partition("_")
    return head == prefix and _BODY.fullmatch(body) is not None

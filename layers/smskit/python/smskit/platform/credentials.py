"""What API keys and device tokens have in common: a prefix, ids, 160 random bits and a CRC32 tail.

The tail lets scanners recognise a leaked credential, and tells a typo before any I/O. Only the SHA-256 is stored:
the secret has too many random bits for a slow hash to matter.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from zlib import crc32

from smskit.platform.ids import ALPHABET, encode

ID_LENGTH = 20
_SECRET_LENGTH, _TAIL_LENGTH = 32, 7
_BLOCK = 64
_BODY = re.compile(f"[{ALPHABET}]+", re.ASCII)


def mint(prefix: str, *id_bodies: str) -> str:
    """A new credential that names these ids."""
    text = prefix + "".join(id_bodies) + encode(secrets.randbits(160), _SECRET_LENGTH)
    return text + _tail(text)


def parse(prefix: str, text: str, ids: int) -> list[str] | None:
    """The id bodies in a well-formed credential; None for anything else."""
    length = len(prefix) + ids * ID_LENGTH + _SECRET_LENGTH + _TAIL_LENGTH
    if len(text) != length or not text.startswith(prefix):
        return None
    body = text.removeprefix(prefix)
    if not _BODY.fullmatch(body) or _tail(text[:-_TAIL_LENGTH]) != text[-_TAIL_LENGTH:]:
        return None
    return [body[ID_LENGTH * index : ID_LENGTH * (index + 1)] for index in range(ids)]


def digest(text: str) -> str:
    """SHA-256 of the whole credential, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def signing_key(text: str) -> str:
    """What HMAC-SHA1 signs with when this text is its key, in hexadecimal.

    RFC 2104: of a key that is longer than a block of 64 bytes, as each of ours is, HMAC takes the hash. So who holds
    this signs as who holds the credential does, and can't ask for anything with it: it leads back to no credential.
    """
    raw = text.encode()
    return (hashlib.sha1(raw).digest() if len(raw) > _BLOCK else raw).hex()  # noqa: S324 - what HMAC-SHA1 does


def _tail(text: str) -> str:
    return encode(crc32(text.encode()), _TAIL_LENGTH)

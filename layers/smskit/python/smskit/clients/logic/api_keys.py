"""API keys: `sk_live_<client id><secret><CRC32>`, and `sk_test_…` of a client that only tests.

The hash covers the prefix, so a key with another prefix is another key.
"""

from __future__ import annotations

from dataclasses import dataclass

from smskit.platform import credentials

LIVE, TEST = "sk_live_", "sk_test_"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A well-formed key: whose it claims to be, and the hash that proves it."""

    client_id: str
    key_hash: str


def mint(client_id: str, *, is_test: bool = False) -> str:
    """A new key of the client, to be shown once."""
    return credentials.mint(TEST if is_test else LIVE, client_id.removeprefix("cli_"))


def parse(text: str) -> ApiKey | None:
    """The key, or None when it is malformed; needs no I/O."""
    bodies = credentials.parse(TEST if text.startswith(TEST) else LIVE, text, ids=1)
    return ApiKey(f"cli_{bodies[0]}", credentials.digest(text)) if bodies else None

"""API keys: `sk_live_<client id><secret><CRC32>`."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.platform import credentials

PREFIX = "sk_live_"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A well-formed key: whose it claims to be, and the hash that proves it."""

    client_id: str
    key_hash: str


def mint(client_id: str) -> str:
    """A new key of the client, to be shown once."""
    return credentials.mint(PREFIX, client_id.removeprefix("cli_"))


def parse(text: str) -> ApiKey | None:
    """The key, or None when it is malformed; needs no I/O."""
    bodies = credentials.parse(PREFIX, text, ids=1)
    return ApiKey(f"cli_{bodies[0]}", credentials.digest(text)) if bodies else None

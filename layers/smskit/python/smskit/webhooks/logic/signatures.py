"""Standard Webhooks 1.0 signatures (https://www.standardwebhooks.com): HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import hashlib
import hmac
import secrets as random
from base64 import b64decode, b64encode
from collections.abc import Sequence

PREFIX = "whsec_"
SECRET_BYTES = 32


def mint_secret() -> str:
    """A new signing secret, to be shown once; the standard asks for 24 to 64 random bytes."""
    return PREFIX + b64encode(random.token_bytes(SECRET_BYTES)).decode()


def sign(secrets: Sequence[str], event_id: str, timestamp_s: int, body: bytes) -> dict[str, str]:
    """The three headers of one attempt. With several secrets each one signs, so that a receiver may hold either.

    Raises ValueError without a secret, for one that isn't ours, and for an id with a dot: dots part what is signed.
    """
    if not secrets or "." in event_id:
        raise ValueError("a signature needs a secret, and an id without dots")
    signed = f"{event_id}.{timestamp_s}.".encode() + body
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp_s),
        "webhook-signature": " ".join(_signature(secret, signed) for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = b64decode(secret.removeprefix(PREFIX), validate=True)
    if not secret.startswith(PREFIX) or len(key) < 24:
        raise ValueError("not a signing secret")
    return "v1," + b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()

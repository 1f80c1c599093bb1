"""Signatures as Twilio makes them: HMAC-SHA1 over the URL and the form's fields, in the order of their names.

https://www.twilio.com/docs/usage/security#validating-requests
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import b64encode
from urllib.parse import parse_qsl


def mint_token() -> str:
    """A new auth token, to be shown once: 32 hexadecimal digits, as Twilio's."""
    return secrets.token_hex(16)


def sign(signing_key: str, url: str, event_id: str, form: str) -> dict[str, str]:
    """The headers of one attempt; by the id a receiver knows a repetition. `signing_key` is what
    `credentials.signing_key` gives; no name stands in the form twice."""
    fields = sorted(parse_qsl(form, keep_blank_values=True, strict_parsing=True))
    signed = url + "".join(name + value for name, value in fields)
    made = hmac.digest(bytes.fromhex(signing_key), signed.encode(), hashlib.sha1)
    return {"X-Twilio-Signature": b64encode(made).decode(), "I-Twilio-Idempotency-Token": event_id}

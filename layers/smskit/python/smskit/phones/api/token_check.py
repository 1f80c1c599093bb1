"""Device tokens in the Authorization header of a WebSocket handshake."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from smskit.models.device import Device
from smskit.phones.logic import device_tokens
from smskit.phones.store import devices


def authenticate(headers: Mapping[str, str]) -> Device | None:
    """The phone whose token the request bears, if it may connect. Header names are matched in any case."""
    given = next((value for name, value in headers.items() if name.lower() == "authorization"), "")
    scheme, _, token = given.partition(" ")
    parsed = device_tokens.parse(token.strip()) if scheme.lower() == "bearer" else None
    if parsed is None:
        return None
    account_id, device_id, token_hash = parsed
    device = devices.get(account_id, device_id)
    if device is None or device.is_revoked or not device.is_enabled:
        return None
    return device if hmac.compare_digest(device.token_hash, token_hash) else None

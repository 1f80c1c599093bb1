"""Pairing: a phone turns a code that an operator shows into its own credentials."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from smskit.errors import NotFoundError, RateLimitedError, RefusedError
from smskit.models.device import Device, Sim
from smskit.phones.logic import device_tokens, lanes
from smskit.phones.store import pairing_codes
from smskit.platform.ids import new_id

WRONG_TRIES = 20
WRONG_TRY_EVERY_MS = 30 * 1000
# What people type for characters that Crockford's alphabet leaves out.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True, slots=True)
class NewPhone:
    """What a phone says when it pairs: the code that it was shown, and itself."""

    code: str
    name: str
    model: str | None
    platform: str | None
    app_version: str | None
    sims: list[Sim]


@dataclass(frozen=True, slots=True)
class PairedPhone:
    """The phone's new identity. The token is known only here and to the phone."""

    device_id: str
    token: str


def redeem(request: NewPhone, source: str, now: int) -> PairedPhone:
    """Turn a code into a phone with its SIMs, in one transaction.

    Raises NotFoundError for a wrong, used or expired code alike, and RateLimitedError instead once its source has no
    wrong tries left: 20, and one more every 30 s. A right code is looked at whatever others behind the same address
    did, and counts for nothing.
    """
    code = pairing_codes.good_code(code_hash(request.code), now)
    if code is None:
        raise _wrong_code(source, now)
    account_id = code.account_id
    device_id = new_id("dvc", now)
    token, token_hash = device_tokens.mint(account_id, device_id)
    device = Device(
        account_id, device_id, request.name, token_hash, model=request.model, platform=request.platform,
        app_version=request.app_version, created_at=now,
    )  # fmt: skip
    if not pairing_codes.redeem(code, device, lanes.of_sims(device, [], request.sims, now), now):
        raise _wrong_code(source, now)
    return PairedPhone(device_id, token)


def code_hash(code: str) -> str:
    """People may write a code in lower case, with or without the dash."""
    text = code.upper().translate(_READ_AS)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _wrong_code(source: str, now: int) -> RefusedError:
    again_at = pairing_codes.count_wrong(source, now, WRONG_TRY_EVERY_MS, WRONG_TRIES)
    if again_at is None:
        return NotFoundError("The pairing code is wrong, used or expired")
    return RateLimitedError("Too many wrong pairing codes from this address", max(1, -(-(again_at - now) // 1000)))

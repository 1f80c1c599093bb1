"""Pairing: a code that an operator shows, and a phone that turns it into its own credentials."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from smskit.errors import ConditionFailedError, ContentionError, NotFoundError, RateLimitedError, RefusedError
from smskit.logic import audit, device_tokens
from smskit.logic.accounts import require
from smskit.models.audit import Action, Entry
from smskit.models.device import Device
from smskit.models.ids import encode, is_id, new_id
from smskit.models.lane import Lane, LaneKey, lane_share
from smskit.models.member import Person
from smskit.models.pairing import PairedSim, PairRequest
from smskit.store import pairing_codes
from smskit.store.pairing_codes import Code

CODE_LIFETIME_MS = 10 * 60 * 1000
WRONG_TRIES = 20
WRONG_TRY_EVERY_MS = 30 * 1000
MAX_LISTED = 100
# What people type for characters that Crockford's alphabet leaves out.
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A code to show; it works once, until `expires_at`."""

    code_id: str
    code: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class PairedPhone:
    """The phone's new identity. The token is known only here and to the phone."""

    device_id: str
    token: str


def create_code(account_id: str, now: int, by: Person | None = None) -> PairingCode:
    """A new pairing code of the account: 50 random bits. Raises NotFoundError for an unknown account."""
    require(account_id)
    for _ in range(3):
        text = encode(secrets.randbits(50), 10)
        expires_at = now + CODE_LIFETIME_MS
        code = PairingCode(new_id("pcd", expires_at), f"{text[:5]}-{text[5:]}", expires_at)
        try:
            pairing_codes.put_code(
                Code(code.code_id, _code_hash(code.code), account_id, expires_at),
                audit.entry_by(by, Action.CODE_CREATED, code.code_id, now),
            )
        except ConditionFailedError:
            continue
        return code
    raise ContentionError("no unused pairing code was found")


def codes(account_id: str, now: int) -> list[Code]:
    """The account's codes that have not expired, used or not; a hundred at most."""
    return pairing_codes.codes(account_id, now, MAX_LISTED)


def cancel_code(account_id: str, code_id: str, now: int, entry: Entry | None = None) -> None:
    """Make a code worthless. Raises NotFoundError when it is none of the account, expired or used."""
    if not is_id("pcd", code_id) or not pairing_codes.cancel_code(account_id, code_id, now, entry):
        raise NotFoundError("There is no pairing code with this id that could still be used")


def uri(server: str, code: str) -> str:
    """What the QR code says."""
    return f"smskit://pair?{urlencode({'server': server, 'code': code})}"


def redeem(request: PairRequest, source: str, now: int) -> PairedPhone:
    """Turn a code into a phone with its SIMs, in one transaction.

    Raises NotFoundError for a wrong, used or expired code alike, and RateLimitedError instead once its source has no
    wrong tries left: 20, and one more every 30 s. A right code is looked at whatever others behind the same address
    did, and counts for nothing.
    """
    code = pairing_codes.good_code(_code_hash(request.code), now)
    if code is None:
        raise _wrong_code(source, now)
    account_id = code.account_id
    device_id = new_id("dvc", now)
    token, token_hash = device_tokens.mint(account_id, device_id)
    device = Device(
        account_id, device_id, request.name, token_hash, model=request.model, platform=request.platform,
        app_version=request.app_version, created_at=now,
    )  # fmt: skip
    if not pairing_codes.redeem(code, device, _lanes(device, request.sims), now):
        raise _wrong_code(source, now)
    return PairedPhone(device_id, token)


def _lanes(device: Device, sims: list[PairedSim]) -> list[Lane]:
    """One lane a SIM; the device's hourly limit is split evenly, the first SIMs get what is left over."""
    lanes: list[Lane] = []
    for index, sim in enumerate(sorted(sims, key=lambda sim: sim.sim_slot)):
        limit = lane_share(device.limit, len(sims), index)
        lanes.append(
            Lane(
                LaneKey(device.account_id, device.device_id, sim.sim_slot),
                window=sim.window,
                credits=sim.window,
                limit=limit,
                left=limit,
                carrier_name=sim.carrier_name,
                phone_number=sim.phone_number,
                version=1,
            )
        )
    return lanes


def _code_hash(code: str) -> str:
    """People may write a code in lower case, with or without the dash."""
    text = code.upper().translate(_READ_AS)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _wrong_code(source: str, now: int) -> RefusedError:
    again_at = pairing_codes.count_wrong(source, now, WRONG_TRY_EVERY_MS, WRONG_TRIES)
    if again_at is None:
        return NotFoundError("The pairing code is wrong, used or expired")
    return RateLimitedError("Too many wrong pairing codes from this address", max(1, -(-(again_at - now) // 1000)))

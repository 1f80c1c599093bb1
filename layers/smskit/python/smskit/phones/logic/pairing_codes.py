"""Pairing codes, as people ask for them and see them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

from smskit.accounts.logic import audit_log
from smskit.accounts.logic.accounts import require
from smskit.errors import ConditionFailedError, ContentionError, NotFoundError
from smskit.models.audit import Action, Entry
from smskit.models.member import Person
from smskit.phones.logic.pairing import code_hash
from smskit.phones.store import pairing_codes
from smskit.phones.store.pairing_codes import Code
from smskit.platform.ids import encode, is_id, new_id

CODE_LIFETIME_MS = 10 * 60 * 1000
MAX_LISTED = 100


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A code to show; it works once, until `expires_at`."""

    code_id: str
    code: str
    expires_at: int


def create_code(account_id: str, now: int, by: Person | None = None) -> PairingCode:
    """A new pairing code of the account: 50 random bits. Raises NotFoundError for an unknown account."""
    require(account_id)
    for _ in range(3):
        text = encode(secrets.randbits(50), 10)
        expires_at = now + CODE_LIFETIME_MS
        code = PairingCode(new_id("pcd", expires_at), f"{text[:5]}-{text[5:]}", expires_at)
        try:
            pairing_codes.put_code(
                Code(code.code_id, code_hash(code.code), account_id, expires_at),
                audit_log.entry_by(by, Action.CODE_CREATED, code.code_id, now),
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

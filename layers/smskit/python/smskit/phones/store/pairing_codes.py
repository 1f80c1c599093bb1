"""Pairing codes, and the wrong tries at them: a table of their own, since whoever pairs a phone has no credential yet.

A code is stored by its SHA-256 and removed by TTL; since TTL lags, every use compares the time itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smskit.accounts.store import audit_log
from smskit.errors import ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.models.audit import Entry
from smskit.models.device import Device
from smskit.models.lane import Lane
from smskit.phones.store import devices
from smskit.platform import table
from smskit.platform.codec import Item
from smskit.platform.ids import encode

_CODE, _TRIES, _LISTED = "code", "tries", "code#"
_TTL = {"#ttl": "ttl"}


@dataclass(frozen=True, slots=True)
class Code:
    """A pairing code as stored: by its hash, and under the account by an id that begins with when it ends."""

    code_id: str
    code_hash: str
    account_id: str
    expires_at: int
    used_at: int | None = None
    device_id: str | None = None


def _code_key(code_hash: str) -> Item:
    return {"pk": f"code#{code_hash}", "sk": _CODE}


def _listed_key(account_id: str, code_id: str) -> Item:
    return {"pk": account_id, "sk": f"{_LISTED}{code_id}"}


def put_code(code: Code, entry: Entry | None = None) -> None:
    """Store a pairing code, and note it. Raises ConditionFailedError when this very code exists."""
    kept = {"accountId": code.account_id, "expiresAt": code.expires_at, "codeId": code.code_id}
    kept |= {"codeHash": code.code_hash, "ttl": code.expires_at // 1000 + 3600}
    keys = (_code_key(code.code_hash), _listed_key(code.account_id, code.code_id))
    operations = [table.put_op("pairing", key | kept, "attribute_not_exists(pk)") for key in keys]
    try:
        table.transact([*operations, *audit_log.put_ops(entry)])
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None


def good_code(code_hash: str, now: int) -> Code | None:
    """A code that is neither used nor expired. `redeem` decides; this only finds whose it is."""
    item = table.get("pairing", _code_key(code_hash))
    if item is None or "usedAt" in item or item["expiresAt"] <= now:
        return None
    return _code_of(item)


def _code_of(item: Item) -> Code:
    return Code(
        item["codeId"], item["codeHash"], item["accountId"], item["expiresAt"], item.get("usedAt"), item.get("deviceId")
    )


def codes(account_id: str, now: int, limit: int) -> list[Code]:
    """The account's codes that have not expired, used or not, those that end first at the front."""
    values = {":pk": account_id, ":from": f"{_LISTED}pcd_{encode(now + 1, 10)}", ":to": f"{_LISTED}~"}
    items, _ = table.query("pairing", "pk = :pk AND sk BETWEEN :from AND :to", values, limit=limit)
    return [_code_of(item) for item in items]


def cancel_code(account_id: str, code_id: str, now: int, entry: Entry | None = None) -> bool:
    """Make a code worthless, and note it; False when there is no such code or it was used."""
    listed = table.get("pairing", _listed_key(account_id, code_id))
    if listed is None or listed["expiresAt"] <= now:
        return False
    operations = [
        table.delete_op("pairing", _code_key(listed["codeHash"]), "attribute_not_exists(usedAt)"),
        table.delete_op("pairing", _listed_key(account_id, code_id), "attribute_exists(pk)"),
        *audit_log.put_ops(entry),
    ]
    try:
        table.transact(operations)
    except TransactionRefusedError:
        return False
    return True


def redeem(code: Code, device: Device, lanes: Sequence[Lane], now: int) -> bool:
    """Use the code up and store the phone with its SIMs, all or nothing; False when the code is used or expired."""
    values: Item = {":now": now, ":device": device.device_id, ":account": device.account_id}
    condition = "accountId = :account AND expiresAt > :now AND attribute_not_exists(usedAt)"
    expression = "SET usedAt = :now, deviceId = :device"
    listed = _listed_key(device.account_id, code.code_id)
    operations = [
        table.update_op("pairing", _code_key(code.code_hash), expression, values, condition),
        table.update_op("pairing", listed, expression, values, condition),
        *devices.create_ops(device, lanes),
    ]
    try:
        table.transact(operations)
    except TransactionRefusedError as refused:
        if refused.reasons[0] == "ConditionalCheckFailed":
            return False
        raise
    return True


def count_wrong(source: str, now: int, every: int, burst: int) -> int | None:
    """Count a wrong try of this source; None while it has tries left, else the time at which it has one again.

    A source has `burst` tries, and one more `every` so many ms. All that is kept is when it has all of them again.
    """
    key: Item = {"pk": f"source#{source}", "sk": _TRIES}
    latest, ttl = now + (burst - 1) * every, (now + burst * every) // 1000 + 3600
    further: Item = {":every": every, ":now": now, ":latest": latest, ":ttl": ttl}
    first: Item = {":whole": now + every, ":now": now, ":ttl": ttl}
    for _ in range(4):
        try:
            table.update("pairing", key, "SET wholeAt = wholeAt + :every, #ttl = :ttl", further,
                         condition="wholeAt > :now AND wholeAt <= :latest", names=_TTL)  # fmt: skip
        except ConditionFailedError as refused:
            whole_at = refused.item["wholeAt"] if refused.item else None
        else:
            return None
        if isinstance(whole_at, int) and whole_at > now:
            return now + whole_at - latest
        try:
            table.update("pairing", key, "SET wholeAt = :whole, #ttl = :ttl", first,
                         condition="attribute_not_exists(wholeAt) OR wholeAt <= :now", names=_TTL)  # fmt: skip
        except ConditionFailedError:
            continue  # another try was the first
        return None
    raise ContentionError("the wrong tries of one source changed under every count")

"""Accounts, pairing codes and the count of wrong tries at them.

A code is stored by its SHA-256 and removed by TTL; since TTL lags, every use compares the time itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smskit.errors import ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.models.audit import Entry
from smskit.models.device import Device
from smskit.models.ids import encode
from smskit.models.lane import Lane
from smskit.store import audit, devices, table
from smskit.store.codec import Item

_ACCOUNT, _CODE, _TRIES, _LISTED = "account", "pairing-code", "pairing-tries", "pairing#"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as stored. `has_sent`: it is known to have sent a message, even if that is gone."""

    account_id: str
    name: str
    created_at: int
    has_sent: bool = False


def key(account_id: str) -> Item:
    """The key of an account's own item."""
    return {"pk": account_id, "sk": _ACCOUNT}


def create(account: Account) -> None:
    """Store a new account."""
    item = key(account.account_id) | {"name": account.name, "createdAt": account.created_at}
    table.put("accounts", item, "attribute_not_exists(pk)")


def get(account_id: str) -> Account | None:
    """The account, or None."""
    item = table.get("accounts", key(account_id))
    return Account(item["pk"], item["name"], item["createdAt"], item.get("hasSent", False)) if item else None


def remember_sent(account_id: str) -> None:
    """The account has sent a message."""
    try:
        table.update(
            "accounts", key(account_id), "SET hasSent = :true", {":true": True}, condition="attribute_exists(pk)"
        )
    except ConditionFailedError:
        return


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
    operations = [table.put_op("accounts", key | kept, "attribute_not_exists(pk)") for key in keys]
    try:
        table.transact([*operations, *audit.put_ops(entry)])
    except TransactionRefusedError:
        raise ConditionFailedError(None) from None


def good_code(code_hash: str, now: int) -> Code | None:
    """A code that is neither used nor expired. `redeem` decides; this only finds whose it is."""
    item = table.get("accounts", _code_key(code_hash))
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
    items, _ = table.query("accounts", "pk = :pk AND sk BETWEEN :from AND :to", values, limit=limit)
    return [_code_of(item) for item in items]


def cancel_code(account_id: str, code_id: str, now: int, entry: Entry | None = None) -> bool:
    """Make a code worthless, and note it; False when there is no such code or it was used."""
    listed = table.get("accounts", _listed_key(account_id, code_id))
    if listed is None or listed["expiresAt"] <= now:
        return False
    operations = [
        table.delete_op("accounts", _code_key(listed["codeHash"]), "attribute_not_exists(usedAt)"),
        table.delete_op("accounts", _listed_key(account_id, code_id), "attribute_exists(pk)"),
        *audit.put_ops(entry),
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
        table.update_op("accounts", _code_key(code.code_hash), expression, values, condition),
        table.update_op("accounts", listed, expression, values, condition),
        *devices.create_ops(device, lanes),
    ]
    try:
        table.transact(operations)
    except TransactionRefusedError as refused:
        if refused.reasons[0] == "ConditionalCheckFailed":
            return False
        raise
    return True


def count_try(source: str, now: int, window: int, limit: int) -> int | None:
    """Count a try of this source; None when it may go on, else the time at which its window ends."""
    key: Item = {"pk": f"tries#{source}", "sk": _TRIES}
    counted: Item = {":one": 1, ":since": now - window, ":limit": limit}
    fresh: Item = {":one": 1, ":since": now - window, ":now": now, ":ttl": (now + window) // 1000 + 3600}
    condition = "startedAt > :since AND tries < :limit"
    renewable = "attribute_not_exists(startedAt) OR startedAt <= :since"
    for _ in range(4):
        try:
            table.update("accounts", key, "SET tries = tries + :one", counted, condition=condition)
        except ConditionFailedError as refused:
            started = refused.item["startedAt"] if refused.item else None
        else:
            return None
        if isinstance(started, int) and started > now - window:
            return started + window
        begin = "SET startedAt = :now, tries = :one, #ttl = :ttl"
        try:
            table.update("accounts", key, begin, fresh, condition=renewable, names={"#ttl": "ttl"})
        except ConditionFailedError:
            continue  # another try began the window
        return None
    raise ContentionError(f"the tries of {source} changed under every try")


def uncount_try(source: str) -> None:
    """Take back the count of a try that was right."""
    key: Item = {"pk": f"tries#{source}", "sk": _TRIES}
    try:
        table.update("accounts", key, "SET tries = tries - :one", {":one": 1}, condition="attribute_exists(pk)")
    except ConditionFailedError:
        return

"""Accounts, pairing codes and the count of wrong tries at them.

A code is stored by its SHA-256 and removed by TTL; since TTL lags, every use compares the time itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from smskit.errors import ConditionFailedError, ContentionError, TransactionRefusedError
from smskit.models.device import Device
from smskit.models.lane import Lane
from smskit.store import table
from smskit.store.codec import Item
from smskit.store.devices import device_item
from smskit.store.lane_items import lane_item

_ACCOUNT, _CODE, _TRIES = "account", "pairing-code", "pairing-tries"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as stored."""

    account_id: str
    name: str
    created_at: int


def create(account: Account) -> None:
    """Store a new account."""
    item: Item = {"pk": account.account_id, "sk": _ACCOUNT, "name": account.name, "createdAt": account.created_at}
    table.put("accounts", item, "attribute_not_exists(pk)")


def get(account_id: str) -> Account | None:
    """The account, or None."""
    item = table.get("accounts", {"pk": account_id, "sk": _ACCOUNT})
    return Account(item["pk"], item["name"], item["createdAt"]) if item else None


def _code_key(code_hash: str) -> Item:
    return {"pk": f"code#{code_hash}", "sk": _CODE}


def put_code(code_hash: str, account_id: str, expires_at: int) -> None:
    """Store a pairing code. Raises ConditionFailedError when this very code exists."""
    item = _code_key(code_hash) | {"accountId": account_id, "expiresAt": expires_at, "ttl": expires_at // 1000 + 3600}
    table.put("accounts", item, "attribute_not_exists(pk)")


def account_of_code(code_hash: str, now: int) -> str | None:
    """The account of a code that is neither used nor expired. `redeem` decides; this only finds the account."""
    item = table.get("accounts", _code_key(code_hash))
    if item is None or "usedAt" in item or item["expiresAt"] <= now:
        return None
    return str(item["accountId"])


def redeem(code_hash: str, device: Device, lanes: Sequence[Lane], now: int) -> bool:
    """Use the code up and store the phone with its SIMs, all or nothing; False when the code is used or expired."""
    values: Item = {":now": now, ":device": device.device_id, ":account": device.account_id}
    condition = "accountId = :account AND expiresAt > :now AND attribute_not_exists(usedAt)"
    expression = "SET usedAt = :now, deviceId = :device"
    operations = [
        table.update_op("accounts", _code_key(code_hash), expression, values, condition),
        table.put_op("devices", device_item(device), "attribute_not_exists(pk)"),
        *(table.put_op("devices", lane_item(lane), "attribute_not_exists(pk)") for lane in lanes),
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

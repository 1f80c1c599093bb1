"""Accounts."""

from __future__ import annotations

from dataclasses import dataclass

from smskit.accounts.store import audit_log
from smskit.errors import ConditionFailedError
from smskit.models.audit import Entry
from smskit.platform import table
from smskit.platform.codec import Item

_ACCOUNT = "account"


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


def rename(account_id: str, name: str, entry: Entry) -> None:
    """Give the account another name, and note it."""
    change = table.update_op(
        "accounts", key(account_id), "SET #name = :name", {":name": name}, "attribute_exists(pk)", {"#name": "name"}
    )
    table.transact([change, audit_log.put_op(entry)])


def remember_sent(account_id: str) -> None:
    """The account has sent a message."""
    try:
        table.update(
            "accounts", key(account_id), "SET hasSent = :true", {":true": True}, condition="attribute_exists(pk)"
        )
    except ConditionFailedError:
        return

"""Accounts."""

from __future__ import annotations

from dataclasses import replace

from smskit.accounts.logic import audit_log
from smskit.accounts.store import accounts
from smskit.accounts.store.accounts import Account
from smskit.errors import NotFoundError
from smskit.models.audit import Action
from smskit.models.member import Person
from smskit.platform.ids import new_id


def create(name: str, now: int) -> Account:
    """A new account."""
    account = Account(new_id("acc", now), name, now)
    accounts.create(account)
    return account


def rename(owner: Person, name: str, now: int) -> Account:
    """Give the account another name; nothing when it has it already."""
    account = require(owner.account_id)
    if account.name == name:
        return account
    details = {"before": account.name, "after": name}
    accounts.rename(
        account.account_id, name, audit_log.entry(owner, Action.ACCOUNT_RENAMED, account.account_id, now, **details)
    )
    return replace(account, name=name)


def require(account_id: str) -> Account:
    """The account. Raises NotFoundError."""
    account = accounts.get(account_id)
    if account is None:
        raise NotFoundError(f"there is no account {account_id}")
    return account

"""Accounts."""

from __future__ import annotations

from smskit.accounts.store import accounts
from smskit.accounts.store.accounts import Account
from smskit.errors import NotFoundError
from smskit.platform.ids import new_id


def create(name: str, now: int) -> Account:
    """A new account."""
    account = Account(new_id("acc", now), name, now)
    accounts.create(account)
    return account


def require(account_id: str) -> Account:
    """The account. Raises NotFoundError."""
    account = accounts.get(account_id)
    if account is None:
        raise NotFoundError(f"there is no account {account_id}")
    return account
